"""`schoolgate gate`: run the web proxy of one school."""

import argparse
import json
import os
import socket
from pathlib import Path
from urllib.parse import urlsplit

SUMMARY = "run the web gate: the proxy that decides every request"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--releases", type=Path, required=True, metavar="DIR", help="folder of releases, with `current`"
    )
    parser.add_argument("--board", type=Path, required=True, metavar="FILE", help="the sealed board of standing")
    parser.add_argument(
        "--keys", type=Path, required=True, metavar="DIR", help="folder with seal.pub and ticket.secret"
    )
    parser.add_argument("--spool", type=Path, required=True, metavar="DIR", help="where activity is written")
    parser.add_argument(
        "--listen", default="127.0.0.1:3128", metavar="HOST:PORT", help="where to listen; port 0 takes a free one"
    )
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, metavar="N", help="processes; one a core")
    parser.add_argument("--portal", default="http://127.0.0.1:8000/portal/", metavar="URL", help="where people sign in")
    parser.add_argument("--hosts", type=Path, metavar="FILE", help="names mapped by hand: `name address[:port]` a line")
    parser.add_argument("--log-level", default="info", choices=["debug", "info", "warning", "error"])
    parser.add_argument("--json", action="store_true", help="say where it listens as one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Run until SIGTERM or SIGINT."""
    from schoolgate import logs
    from schoolgate.gate import keys, ticket
    from schoolgate.gate.adapters.proxy.supervise import supervise
    from schoolgate.gate.adapters.proxy.targets import Hosts, hosts
    from schoolgate.gate.adapters.proxy.worker import Settings, listener
    from schoolgate.kernel.errors import Malformed, Refused

    logs.configure(arguments.log_level)
    host, port = _place(arguments.listen)
    portal = urlsplit(arguments.portal)
    if portal.scheme not in {"http", "https"} or not portal.hostname:
        raise Malformed(f"the portal is at no address: {arguments.portal!r}", "like http://127.0.0.1:8000/portal/")
    if not 1 <= arguments.workers <= 64:
        raise Malformed(f"{arguments.workers} workers", "1 to 64; one a core is right")
    key = keys.public_key(arguments.keys)
    secret = ticket.secret(arguments.keys)
    mapped = hosts(arguments.hosts.read_text("utf-8")) if arguments.hosts else Hosts()
    try:
        # Held bound for as long as the gate runs, and never listened on: the port stays ours while workers are replaced.
        reserved = listener(host, port)
    except OSError as error:
        raise Refused(
            f"cannot listen on {arguments.listen}: {error.strerror}", "is another gate running there?"
        ) from error
    with reserved:
        port = reserved.getsockname()[1]
        settings = Settings(
            releases=arguments.releases,
            board=arguments.board,
            key=key,
            spool=arguments.spool,
            host=host,
            port=port,
            portal=arguments.portal,
            secret=secret,
            hosts=mapped,
            own=(
                *_portal_places(portal.hostname, portal.port or (443 if portal.scheme == "https" else 80)),
                (host, port),
            ),
        )

        def say() -> None:
            record = {"listening": f"{host}:{port}", "pid": os.getpid(), "workers": arguments.workers}
            print(json.dumps(record) if arguments.json else f"listening on {host}:{port}", flush=True)

        return supervise(settings, arguments.workers, say)


def _place(text: str) -> tuple[str, int]:
    from schoolgate.kernel.errors import Malformed

    host, _, port = text.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise Malformed(f"not a place to listen: {text!r}", "like 127.0.0.1:3128 or [::1]:3128")
    return host.removeprefix("[").removesuffix("]"), int(port)


def _portal_places(host: str, port: int) -> tuple[tuple[str, int], ...]:
    """Where the portal is reached now. Unresolvable is no fault: the gate runs before the network does."""
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        return ()
    return tuple({(str(row[4][0]), port) for row in rows})
