"""Where the sealing keys lie on disk, and who may read them."""

import os
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization as s
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from schoolgate.kernel.errors import Malformed, Refused

PRIVATE_NAME = "seal.key"
PUBLIC_NAME = "seal.pub"


def create(folder: Path) -> Ed25519PrivateKey:
    """Make a new pair in *folder*: the private half readable by its owner only.

    Raises:
        Refused: if a private key is already there. A key is never replaced in
            passing: everything sealed with it would stop being believed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, s.NoEncryption())
    try:
        handle = os.open(folder / PRIVATE_NAME, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Refused(f"there is a key in {folder} already", "use it, or choose another folder") from None
    with os.fdopen(handle, "wb") as file:
        file.write(pem)
    public = key.public_key().public_bytes(s.Encoding.PEM, s.PublicFormat.SubjectPublicKeyInfo)
    (folder / PUBLIC_NAME).write_bytes(public)
    return key


def private_key(folder: Path) -> Ed25519PrivateKey:
    """Read the private half.

    Raises:
        Refused: if there is none.
        Malformed: if the file is not an Ed25519 key.
    """
    path = folder / PRIVATE_NAME
    try:
        key = s.load_pem_private_key(_read(path), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise Malformed(f"{path} is not a private key") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise Malformed(f"{path} is not an Ed25519 key")
    return key


def public_key(folder: Path) -> Ed25519PublicKey:
    """Read the public half. Raises as `private_key` does."""
    path = folder / PUBLIC_NAME
    try:
        key = s.load_pem_public_key(_read(path))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Malformed(f"{path} is not a public key") from error
    if not isinstance(key, Ed25519PublicKey):
        raise Malformed(f"{path} is not an Ed25519 key")
    return key


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise Refused(f"there is no key at {path}", "`schoolgate up` makes one for a new school") from None
