"""Names and pages in one table: which lists hold a key, answered in one hash.

Layout, numbers little-endian: `MAGIC`, 16 bytes of salt, u32 of bucket
bits, u64 of entries; then an offset (u32, in entries) for each bucket and one
past the last; then the entries by bucket: 8 bytes of fingerprint, 2 of value.

A key's BLAKE2b (128 bits, salted) gives the bucket and 64 further bits, so a
key that no list holds is mistaken for one of the eight or so in its bucket
once in about 2·10¹⁸ distinct keys; the salt is new with each release, so
nobody can prepare a name that is mistaken, nor does a mistake last.
"""

import hashlib
import struct
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from schoolgate.kernel.errors import Malformed

MAGIC = b"schoolgate table 1\n"
SALT_BYTES = 16
MAX_VALUE = 0xFFFF
MAX_BUCKET_BITS = 24

_HEAD = struct.Struct("<19s16sIQ")
_ENTRY_BYTES = 10
_DIGEST_BYTES = 16
_PER_BUCKET = 8  # entries a bucket holds on average: one slice to compare, and offsets take 5 % of the file


class Hasher:
    """The salted hash of one table."""

    def __init__(self, salt: bytes) -> None:
        self.start = hashlib.blake2b(digest_size=_DIGEST_BYTES, salt=salt)

    def __call__(self, key: bytes) -> bytes:
        state = self.start.copy()  # half the price of a new one with its arguments
        state.update(key)
        return state.digest()


def write(file: BinaryIO, salt: bytes, records: Iterable[tuple[bytes, int]]) -> int:
    """Write a table and return how many keys it holds.

    Args:
        file: open for writing, at its start.
        salt: what `Hasher` was made with.
        records: digest of each key and its value, 0 to `MAX_VALUE`; no digest twice.
    """
    entries = sorted(digest[:12] + value.to_bytes(2, "little") for digest, value in records)
    bits = max(0, (len(entries) // _PER_BUCKET).bit_length() - 1)
    bits = min(bits, MAX_BUCKET_BITS)
    file.write(_HEAD.pack(MAGIC, salt, bits, len(entries)))
    offsets = bytearray()
    bucket = -1
    for position, entry in enumerate(entries):
        belongs = int.from_bytes(entry[:4], "big") >> (32 - bits)
        while bucket < belongs:
            offsets += position.to_bytes(4, "little")
            bucket += 1
    offsets += len(entries).to_bytes(4, "little") * ((1 << bits) - bucket)
    file.write(offsets)
    for start in range(0, len(entries), 65_536):
        file.write(b"".join(entry[4:] for entry in entries[start : start + 65_536]))
    return len(entries)


class Table:
    """A table in memory.

    It is never mapped from its file: whoever wrote into the file would change
    what stands in force without a seal, and whoever cut it would kill the
    process that reads it.

    Args:
        data: the whole table.
        path: where it was read from, for messages.

    Raises:
        Malformed: if it is not a whole table.
    """

    def __init__(self, data: bytes, path: Path) -> None:
        self._data = data
        if len(self._data) < _HEAD.size:
            raise Malformed(f"{path} is not a table of names")
        magic, salt, bits, self.entries = _HEAD.unpack_from(self._data)
        self._start = _HEAD.size + 4 * ((1 << min(bits, MAX_BUCKET_BITS)) + 1)
        if sys.byteorder != "little":
            raise Malformed(f"{path} is for machines that count from the little end")
        if magic != MAGIC or bits > MAX_BUCKET_BITS or len(self._data) != self._start + self.entries * _ENTRY_BYTES:
            raise Malformed(f"{path} is not a whole table of names")
        self._shift = 32 - bits
        # Read as this machine's own numbers, which is a third of the price of unpacking them.
        self._view = memoryview(self._data)
        self._bounds = self._view[_HEAD.size : self._start].cast("I")
        self.hash = Hasher(salt)
        self._fresh = self.hash.start.copy

    def get(self, key: bytes) -> int:
        """Return the value of *key*, or 0 if the table does not hold it."""
        state = self._fresh()
        state.update(key)
        digest = state.digest()
        bounds, start = self._bounds, self._start
        bucket = int.from_bytes(digest[:4], "big") >> self._shift
        entries = self._data[start + bounds[bucket] * _ENTRY_BYTES : start + bounds[bucket + 1] * _ENTRY_BYTES]
        fingerprint = digest[4:12]
        place = entries.find(fingerprint)
        while place >= 0:
            if place % _ENTRY_BYTES == 0:
                return entries[place + 8] | entries[place + 9] << 8
            place = entries.find(fingerprint, place + 1)  # it began inside an entry: not one
        return 0

    def close(self) -> None:
        """Give the memory back."""
        self._bounds.release()
        self._view.release()
        self._data = b""
