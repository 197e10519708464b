"""Loopback ports: is one free, is somebody listening, which one may we take."""

import socket

from schoolgate.kernel.errors import Malformed, Refused

LOOPBACK = "127.0.0.1"


def check_number(port: int, option: str) -> None:
    """Make sure that *port* is a port. Raises Malformed, naming the option, if it is none."""
    if not 0 < port < 65536:
        raise Malformed(f"there is no port {port}", f"{option} takes a number from 1 to 65535")


def check_free(port: int, option: str) -> None:
    """Make sure that we could listen on *port*.

    Raises:
        Refused: if it is taken, naming the option that chooses another one.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            raise Refused(
                f"port {port} is used by another program", f"stop that program, or choose another port with {option}"
            ) from None


def any_free() -> int:
    """Return a port that is free now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def is_answering(port: int) -> bool:
    """Tell whether something accepts connections on *port*."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0
