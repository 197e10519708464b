"""PDF, by pypdf: text only; nothing in the file is run, opened or fetched."""

import logging
import re
from collections import Counter
from io import BytesIO

from pypdf import PdfReader
from pypdf.errors import PdfReadError

from schoolgate.drafting.document import Document
from schoolgate.drafting.reading import tidy, titles
from schoolgate.kernel.errors import Malformed

MOST_PAGES = 500
# Running headers and footers stand within this many lines of the edge of a page.
EDGE_LINES = 3


def document(data: bytes, name: str) -> Document:
    """Read the words of a PDF, line numbers counted over all pages.

    Raises:
        Malformed: if it is encrypted, damaged, too long, or a scan without words.
    """
    pages = _pages(data, name)
    if not any(line.strip() for page in pages for line in page):
        raise Malformed(
            f"{name}: this PDF holds pictures of pages and no words (a scan)",
            "give the document it was made from, or run text recognition (OCR) on it first",
        )
    raws: list[tidy.Raw] = []
    number = 0
    running = _running(pages)
    for page in pages:
        for index, text in enumerate(page):
            number += 1
            edge = index < EDGE_LINES or index >= len(page) - EDGE_LINES
            if not (edge and _shape(text) in running):
                raws.append(tidy.Raw(number, text))
    lines = tidy.lines(raws)
    return Document(lines, titles.title(lines), "pdf")


def _pages(data: bytes, name: str) -> list[list[str]]:
    # pypdf tells its log of each oddity it repairs; what matters to the reader is whether words came out.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Malformed(f"{name}: this PDF is locked with a password", "save a copy without the password and retry")
        if len(reader.pages) > MOST_PAGES:
            raise Malformed(
                f"{name}: {len(reader.pages)} pages are too many for a policy", f"up to {MOST_PAGES} are read"
            )
        return [page.extract_text().splitlines() for page in reader.pages]
    except Malformed:
        raise
    except (
        PdfReadError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        RecursionError,
        OSError,
        NotImplementedError,
    ) as error:
        raise Malformed(f"{name}: the PDF is damaged", "open it, save or print it as PDF again, and retry") from error


def _shape(text: str) -> str:
    return re.sub(r"\d+", "#", " ".join(text.split()).lower())


def _running(pages: list[list[str]]) -> set[str]:
    """The shapes of lines that stand at the edge of at least half of the pages."""
    counts: Counter[str] = Counter()
    for page in pages:
        counts.update({_shape(text) for text in [*page[:EDGE_LINES], *page[-EDGE_LINES:]] if text.strip()})
    return {shape for shape, count in counts.items() if len(pages) > 1 and count >= max(2, len(pages) / 2)}
