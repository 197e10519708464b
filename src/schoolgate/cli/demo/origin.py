"""The demonstration's internet: one small server that answers for every `.test` name of `sites.toml`.

It stands behind the gate, as the real internet would, so that allow, block,
search and alert can be tried with no connection at all. It is no part of what
a school runs.
"""

import argparse
import html
import tomllib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from typing import Any
from urllib.parse import parse_qs, urlsplit

SEARCH_HOST = "search.test"
COLOURS = {"green": "#dff0e2", "blue": "#dcecf5", "yellow": "#fdf1cf", "red": "#f9dfd9"}
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{{margin:0;background:{colour};font:1.2rem/1.6 sans-serif;color:#222}}
main{{max-width:36rem;margin:4rem auto;padding:2rem;background:#fff;border-radius:1rem}}
input{{font:inherit;padding:.4rem;width:60%}}button{{font:inherit;padding:.4rem 1rem}}</style></head>
<body><main><h1>{title}</h1>{body}</main></body></html>
"""


def sites() -> dict[str, dict[str, Any]]:
    """The demonstration's pages by host name."""
    data = tomllib.loads(resources.files(__package__).joinpath("sites.toml").read_text())
    return {site["host"]: site for site in data["site"]}


def hosts() -> list[str]:
    """Every name that the demonstration answers for."""
    return sorted([*sites(), SEARCH_HOST])


def page(host: str, query: str) -> str | None:
    """Return the page of *host* as HTML, or None when the demonstration has no such host."""
    if host == SEARCH_HOST:
        return _results(parse_qs(query).get("q", [""])[0])
    site = sites().get(host)
    if site is None:
        return None
    body = "".join(_paragraph(line) for line in site["body"])
    return PAGE.format(title=html.escape(site["title"]), colour=COLOURS[site["mood"]], body=body)


def _paragraph(line: str) -> str:
    if not line.startswith("-> "):
        return f"<p>{html.escape(line)}</p>"
    host, _, words = line[3:].partition(": ")
    return f'<p><a href="http://{host}/">{html.escape(words)}</a></p>'


def _results(words: str) -> str:
    form = (
        '<form action="/"><label for="q">Look up</label> '
        f'<input id="q" name="q" value="{html.escape(words)}"> <button>Search</button></form>'
    )
    found = [
        f'<p><a href="http://{site["host"]}/">{html.escape(site["title"])}</a></p>'
        for site in sites().values()
        if words and set(words.lower().split()) & set(" ".join([site["title"], *site["body"]]).lower().split())
    ]
    answer = "".join(found) or ("<p>Nothing found for these words.</p>" if words else "")
    return PAGE.format(title="Search", colour="#eee", body=form + answer)


class Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD by the Host header."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        host = (self.headers.get("Host") or "").partition(":")[0].lower()
        found = page(host, urlsplit(self.path).query)
        body = (found or PAGE.format(title="Not here", colour="#eee", body="<p>No such page.</p>")).encode()
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    do_HEAD = do_GET  # noqa: N815 - the name is the standard library's

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
        """Say nothing: what is looked at here is nobody's business."""


def main() -> None:
    """Serve on loopback until stopped."""
    parser = argparse.ArgumentParser(prog="demo-origin")
    parser.add_argument("--port", type=int, required=True)
    with ThreadingHTTPServer(("127.0.0.1", parser.parse_args().port), Handler) as server:
        server.daemon_threads = True
        server.serve_forever()


if __name__ == "__main__":
    main()
