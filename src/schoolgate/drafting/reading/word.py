"""Word files (.docx), by python-docx, after the zip is known to be what it says."""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import docx
from docx.oxml.ns import qn

from schoolgate.drafting.document import Document, Kind, Line
from schoolgate.drafting.reading import tables, tidy, titles
from schoolgate.kernel.errors import Malformed

# A zip may hold a thousand times its size. Real policies unpack to a few MB of XML and some pictures.
MOST_PARTS = 5_000
LARGEST_UNPACKED_BYTES = 200 * 1024 * 1024
LARGEST_XML_BYTES = 30 * 1024 * 1024

_SKIPPED = {qn("w:del"), qn("w:moveFrom"), qn("w:txbxContent"), qn("w:instrText"), qn("w:pict")}


def document(data: bytes, name: str) -> Document:
    """Read a Word file: inserted text counts, deleted text does not; headers and footers are left out.

    Raises:
        Malformed: if the zip is damaged, no Word file, or unpacks to more than the limits.
    """
    _check(data, name)
    try:
        body = docx.Document(BytesIO(data)).element.body
        lines = tuple(_lines(body))
    except Exception as error:
        raise Malformed(f"{name}: the Word file is damaged", "open it in Word, save it again and retry") from error
    return Document(lines, titles.title(lines), "docx")


def _check(data: bytes, name: str) -> None:
    hint = "policies are read from .txt, .md, .docx, .html and .pdf files"
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if "word/document.xml" not in names:
                raise Malformed(f"{name}: this is a zip file, but not a Word document", hint)
            too_much = (
                len(parts) > MOST_PARTS
                or sum(part.file_size for part in parts) > LARGEST_UNPACKED_BYTES
                or any(
                    part.file_size > LARGEST_XML_BYTES for part in parts if part.filename.endswith((".xml", ".rels"))
                )
            )
            if too_much:
                raise Malformed(
                    f"{name}: it unpacks to far more than a policy holds", "save it again from Word and retry"
                )
            for part in parts:
                # No Word file declares a document type; one that does wants an entity expanded or a file fetched.
                if part.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in archive.read(part):
                    raise Malformed(
                        f"{name}: `{part.filename}` declares a document type", "save it again from Word and retry"
                    )
    except (zipfile.BadZipFile, RuntimeError, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise Malformed(f"{name}: the zip file is damaged or encrypted", hint) from error


def _lines(body: Any) -> Iterator[Line]:
    number = 0
    for element in _flattened(body):
        if element.tag == qn("w:p"):
            number += 1
            text = _text(element)
            if text:
                yield Line(number, text, _kind(element, text))
        elif element.tag == qn("w:tbl"):
            for tr in element.iter(qn("w:tr")):
                number += 1
                cells = [" ".join(filter(None, map(_text, tc.iter(qn("w:p"))))) for tc in tr.iter(qn("w:tc"))]
                yield from tables.row(number, cells)


def _flattened(body: Any) -> Iterator[Any]:
    """Paragraphs and tables in order, those inside content controls included."""
    for element in body:
        if element.tag == qn("w:sdt"):
            for content in element.iterchildren(qn("w:sdtContent")):
                yield from _flattened(content)
        else:
            yield element


def _text(paragraph: Any) -> str:
    parts: list[str] = []

    def walk(element: Any) -> None:
        for child in element:
            if child.tag in _SKIPPED:
                continue
            if child.tag == qn("w:t"):
                parts.append(child.text or "")
            elif child.tag in {qn("w:tab"), qn("w:br"), qn("w:cr")}:
                parts.append("\t" if child.tag == qn("w:tab") else " ")
            elif child.tag == qn("w:noBreakHyphen"):
                parts.append("-")
            elif child.tag != qn("w:pPr"):
                walk(child)

    walk(paragraph)
    return re.sub(r"[^\S\t]+", " ", "".join(parts)).strip()


def _kind(paragraph: Any, text: str) -> Kind:
    properties = paragraph.pPr
    style = (properties.style or "") if properties is not None else ""
    style = style.lower().replace(" ", "")
    if style.startswith(("heading", "title", "subtitle")):
        return Kind.HEADING
    if style.startswith("toc") or re.search(r"\t\d{1,3}$", text):
        return Kind.CONTENTS
    if style.startswith("caption"):
        return Kind.CAPTION
    if style.startswith("list") or (properties is not None and properties.numPr is not None):
        return Kind.ITEM
    # Many schools type bullets and bold lines by hand: the same reading as for plain text.
    guessed = tidy.lines([tidy.Raw(1, text), tidy.Raw(2, "")])
    return guessed[0].kind if guessed else Kind.PARAGRAPH
