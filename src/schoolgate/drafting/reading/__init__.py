"""Read a policy file into lines. One file a format; this one opens the file and chooses."""

from pathlib import Path

from schoolgate.drafting.document import Document
from schoolgate.drafting.reading import markdown, plain
from schoolgate.kernel.errors import Malformed

# A policy of 300 pages with pictures stays well under this; more is not a policy.
LARGEST_BYTES = 25 * 1024 * 1024
LONGEST_CHARACTERS = 2_000_000

_PICTURES = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"BM": "bitmap",
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
}
_READS = "policies are read from .txt, .md, .docx, .html and .pdf files"


def read(path: Path) -> Document:
    """Read the policy at *path*.

    The content decides the format, not the name; only Markdown, which looks
    like plain text, is told by its name. Nothing is fetched and no entity is
    expanded, whatever the file asks for.

    Raises:
        Malformed: if it is empty, too large, a picture, encrypted, damaged, or no document that we read.
        OSError: if it cannot be opened.
    """
    if path.stat().st_size > LARGEST_BYTES:
        megabytes = path.stat().st_size / 1024 / 1024
        raise Malformed(
            f"{path.name}: {megabytes:.0f} MB is too large for a policy",
            f"up to {LARGEST_BYTES // 1024 // 1024} MB is read; save it without its pictures and try again",
        )
    return from_bytes(path.read_bytes(), path.name)


def from_bytes(data: bytes, name: str) -> Document:
    """Read a policy that is already in memory, as an upload is.

    Raises:
        Malformed: as `read`.
    """
    if not data.strip():
        raise Malformed(f"{name}: the file is empty", _READS)
    document = _document(data, name)
    if not document.lines:
        raise Malformed(f"{name}: there is no text in it", "open it and check that it holds words, not only pictures")
    if sum(len(line.text) for line in document.lines) > LONGEST_CHARACTERS:
        raise Malformed(
            f"{name}: its text is far longer than a policy", "give the policy alone, without its appendices"
        )
    return document


def _document(data: bytes, name: str) -> Document:
    # The readers of PDF, Word and HTML take half a second to import, so only a file that needs one pays for it.
    if data.startswith(b"%PDF-"):
        from schoolgate.drafting.reading import pdf

        return pdf.document(data, name)
    if data.startswith(b"PK\x03\x04"):
        from schoolgate.drafting.reading import word

        return word.document(data, name)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Malformed(
            f"{name}: this is an old or password-protected Office file",
            "open it in Word and save it as .docx without a password",
        )
    picture = next((kind for mark, kind in _PICTURES.items() if data.startswith(mark)), None)
    if picture or (data.startswith(b"RIFF") and data[8:12] == b"WEBP"):
        raise Malformed(
            f"{name}: this is a picture ({picture or 'WebP'}), so there are no words in it to read",
            "give the document it was made from, or run text recognition (OCR) on it first",
        )
    text = _decoded(data, name)
    suffix = Path(name).suffix.lower()
    start = text.lstrip()[:500].lower()
    if suffix in {".html", ".htm"} or start.startswith(("<!doctype html", "<html")):
        from schoolgate.drafting.reading import html

        return html.document(text, name)
    if suffix in {".md", ".markdown"}:
        return markdown.document(text)
    return plain.document(text)


def _decoded(data: bytes, name: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise Malformed(f"{name}: its text is damaged (UTF-16 that breaks off)", _READS) from error
    if b"\x00" in data:
        raise Malformed(f"{name}: this is a binary file, not a document that we read", _READS)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Text saved by older Windows programs. It has a character for nearly every byte, so binary must be told first.
        strange = sum(byte < 32 and byte not in b"\t\n\r\f\x0b" for byte in data)
        if strange > len(data) / 200:
            raise Malformed(f"{name}: this is a binary file, not a document that we read", _READS) from None
        return data.decode("cp1252", errors="replace")
