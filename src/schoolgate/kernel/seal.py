"""Ed25519 seals (RFC 8032) over bytes, one purpose each.

The purpose is part of what is signed, so that a seal made for one kind of
thing (a release) can never pass for another (the board of standing).
"""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SEAL_BYTES = 64


def seal(purpose: str, data: bytes, key: Ed25519PrivateKey) -> bytes:
    """Return the 64-byte signature of *data* for *purpose*."""
    return key.sign(_message(purpose, data))


def is_sealed(purpose: str, data: bytes, signature: bytes, key: Ed25519PublicKey) -> bool:
    """Tell whether *signature* was made for exactly this purpose and this data."""
    try:
        key.verify(signature, _message(purpose, data))
    except InvalidSignature:
        return False
    return True


def _message(purpose: str, data: bytes) -> bytes:
    return b"schoolgate\0" + purpose.encode() + b"\0" + data
