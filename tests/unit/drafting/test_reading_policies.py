"""Policies in five formats become the same lines; what is no policy gets one clear message."""

import zipfile
from io import BytesIO

import paper
import pytest
from pypdf import PdfReader, PdfWriter

from schoolgate.drafting import reading
from schoolgate.drafting.document import Kind
from schoolgate.drafting.sentences import sentences
from schoolgate.kernel.errors import Malformed

HEADER = "Larkfield Primary School - Online Safety"


def shown(document):
    return [(line.number, line.kind, line.text) for line in document.lines]


def test_a_running_header_is_dropped_and_the_sentence_that_it_broke_is_whole():
    pages = f"{HEADER}\n\nGovernors make sure that no child can be\n\n{HEADER}\n\nidentified on the website.\n\n2\n\n{HEADER}\n\nStaff check it."
    found = [(each.line, each.text) for each in sentences(paper.text(pages)) if each.kind is Kind.PARAGRAPH]
    assert found == [
        (3, "Governors make sure that no child can be identified on the website."),
        (13, "Staff check it."),
    ]


def test_a_sentence_in_the_middle_of_a_wrapped_paragraph_has_its_own_line():
    words = (
        "The wireless network is encrypted as the authority advises,\nand the key is kept by the school office. Visitors get a\n"
        "guest key case by case, and it ends by itself at the end of\nthe day on which it was issued to them by the office staff.\n"
        "All of this is written down in a register by the technician.\n"
    )
    assert [each.line for each in sentences(paper.text(words))] == [1, 2, 5]


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("The school uses moni-\ntoring software.", "The school uses monitoring software."),  # broken by the printer
        ("The plan is age-\nappropriate.", "The plan is age-appropriate."),  # the word has a hyphen of its own
    ],
)
def test_a_word_broken_at_the_end_of_a_line_is_whole(broken, whole):
    assert [each.text for each in sentences(paper.text(broken))] == [whole]


def test_a_table_of_contents_is_told_from_the_headings_it_lists():
    document = paper.text("Contents\n\nTraining\t4\nIncidents .... 7\n\nTraining\n\nStaff train every year.\n")
    assert [line.kind for line in document.lines] == [
        Kind.HEADING,
        Kind.CONTENTS,
        Kind.CONTENTS,
        Kind.HEADING,
        Kind.PARAGRAPH,
    ]


@pytest.mark.parametrize("bullet", ["-", "•", "·", "*", "1.", "(a)", "o"])
def test_bullets_of_all_kinds_are_items(bullet):
    document = paper.text(f"The safeguards include:\n\n{bullet} Filtering of every site\n{bullet} A firewall\n")
    assert shown(document)[1:] == [(3, Kind.ITEM, "Filtering of every site"), (4, Kind.ITEM, "A firewall")]


def test_markdown_gives_headings_items_cells_and_their_lines():
    document = paper.text(
        "# Policy\n\nStaff *must* sign\nthe [agreement](x).\n\n- item\n\n| Review | 2027 |\n|---|---|\n| Next | May |\n",
        "p.md",
    )
    assert shown(document) == [
        (1, Kind.HEADING, "Policy"),
        (3, Kind.PARAGRAPH, "Staff must sign"),
        (4, Kind.PARAGRAPH, "the agreement."),
        (6, Kind.ITEM, "item"),
        (8, Kind.CELL, "Review: 2027"),
        (10, Kind.CELL, "Next: May"),
    ]


def test_html_leaves_out_what_is_not_the_policy_and_says_nothing_twice():
    page = "<html><head><title>t</title></head><body><nav>Menu</nav><h1>Policy</h1><div><p>Staff sign.</p>\n<ul><li>one <p>two</p></li></ul></div><script>x()</script></body></html>"
    assert [line.text for line in paper.text(page, "p.html").lines] == ["Policy", "Staff sign.", "one", "two"]


def test_html_knows_its_lines_and_bears_tags_left_open():
    assert shown(paper.text("<html>\n<p>Staff sign.\n<p>Pupils sign.\n<ul>\n<li>one\n<li>two\n</ul>", "p.html")) == [
        (2, Kind.PARAGRAPH, "Staff sign."),
        (3, Kind.PARAGRAPH, "Pupils sign."),
        (5, Kind.ITEM, "one"),
        (6, Kind.ITEM, "two"),
    ]


def test_html_expands_no_entity_and_reads_no_file(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("SECRET")
    page = f'<!DOCTYPE html [<!ENTITY x SYSTEM "file://{secret}">]><html><body><p>a &x; b</p></body></html>'
    assert "SECRET" not in str(paper.text(page, "p.html").lines)


def test_word_gives_headings_items_and_tables():
    def build(document):
        document.add_heading("Policy", 1)
        document.add_paragraph("Staff sign the agreement.")
        document.add_paragraph("Filtering", style="List Bullet")
        table = document.add_table(1, 2)
        table.cell(0, 0).text, table.cell(0, 1).text = "Next review", "May 2027"

    document = reading.from_bytes(paper.word(build), "p.docx")
    assert shown(document) == [
        (1, Kind.HEADING, "Policy"),
        (2, Kind.PARAGRAPH, "Staff sign the agreement."),
        (3, Kind.ITEM, "Filtering"),
        (4, Kind.CELL, "Next review: May 2027"),
    ]


def test_word_counts_inserted_words_and_not_deleted_ones():
    from docx.oxml import parse_xml

    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

    def build(document):
        paragraph = document.add_paragraph("Staff ")
        for part in (
            "<w:del {0}><w:r><w:delText>may </w:delText></w:r></w:del>",
            "<w:ins {0}><w:r><w:t>must </w:t></w:r></w:ins>",
        ):
            paragraph._p.append(parse_xml(part.format(space)))
        paragraph.add_run("sign.")

    assert [line.text for line in reading.from_bytes(paper.word(build), "p.docx").lines] == ["Staff must sign."]


def test_a_pdf_loses_headers_and_page_numbers_and_keeps_its_sentences():
    pages = [
        [HEADER, "Training", "All staff have training in online safety every year and", "updates during"],
        [HEADER, "the year.", "Governors audit the website.", "2"],
    ]
    document = reading.from_bytes(paper.pdf(pages), "p.pdf")
    assert document.format == "pdf"
    assert [each.text for each in sentences(document) if each.kind is Kind.PARAGRAPH][-1].endswith(
        "Governors audit the website."
    )
    assert HEADER not in [line.text for line in document.lines]
    assert "2" not in [line.text for line in document.lines]


def _encrypted_pdf() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(paper.pdf([["Staff sign."]]))))
    writer.encrypt("secret", algorithm="AES-256")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _zip(**parts: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty"),
        (b"  \n\n ", "the file is empty"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "this is a picture (PNG)"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 50, "this is a picture (JPEG)"),
        (paper.pdf([[], []]), "no words (a scan)"),
        (_encrypted_pdf(), "locked with a password"),
        (b"%PDF-1.7\nnot really", "the PDF is damaged"),
        (_zip(other=b"<x/>"), "not a Word document"),
        (_zip(word__document=b"<broken"), "the Word file is damaged"),
        (b"PK\x03\x04" + b"\0" * 40, "the zip file is damaged or encrypted"),
        (
            _zip(word__document=b"<w>" + b" " * 40_000_000 + b"</w>"),
            "far more than a policy holds",
        ),  # a bomb: 40 MB out of 40 KB
        (
            _zip(word__document=b'<!DOCTYPE w [<!ENTITY a "b">]><w>&a;</w>'),
            "declares a document type",
        ),  # wants an entity expanded
        (b"\xd0\xcf\x11\xe0" + b"\0" * 50, "old or password-protected Office file"),
        (b"<html><p>" + b"<b>" * 5_000 + b"x", "nested deeper than any page"),
        (b"\x7fELF\x02\x01\x01\0" + bytes(range(256)), "this is a binary file"),
        (b"\xff\xfeP\0o", "its text is damaged"),
    ],
)
def test_what_is_no_policy_gets_one_clear_message_with_a_hint(data, message):
    with pytest.raises(Malformed) as caught:
        reading.from_bytes(data, "policy")
    assert message in str(caught.value)
    assert caught.value.hint


def test_fifty_megabytes_are_refused_before_they_are_read(tmp_path):
    large = tmp_path / "large.txt"
    with large.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    with pytest.raises(Malformed, match="50 MB is too large"):
        reading.read(large)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_of_any_common_encoding_reads_the_same(encoding):
    data = "Parents’ consent – always.".encode(encoding)
    assert reading.from_bytes(data, "p.txt").lines[0].text == "Parents’ consent – always."
