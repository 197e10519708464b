"""Importing lists: what is taken, what is said about the rest, and what changes nothing."""

import io
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from schoolgate.gate.lists import importing, store
from schoolgate.gate.lists.formats import ut1
from schoolgate.gate.lists.importing import ImportReport
from schoolgate.kernel.errors import Malformed, Refused

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
FORMATS = importing.discovered()
UT1_SAMPLE = Path(__file__).parents[3] / "examples" / "lists" / "ut1-sample"


def take(path: Path, form: str, into: Path, category: str = "gambling", **more) -> ImportReport:
    return importing.take(path, FORMATS[form], into, NOW, category="" if form == "ut1" else category, **more)


def keys(into: Path) -> set[str]:
    return {key for source in store.records(into) for listed in source.lists for key in store.keys(into, listed)}


def left(report: ImportReport) -> dict[str, int]:
    return {kind.why: kind.n for kind in report.left}


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def written(tmp_path: Path):
    def write(text: str | bytes, name: str = "mine.txt") -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


@pytest.fixture
def into(tmp_path: Path) -> Path:
    return tmp_path / "lists"


def test_formats_are_found_by_their_folder():
    assert list(FORMATS) == ["adblock", "csv", "domains", "hosts", "ut1"]


@pytest.mark.parametrize(
    ("form", "text", "taken", "skipped"),
    [
        # comments, blank lines, Windows ends, a byte-order mark, wildcards, pages and disguises
        (
            "domains",
            "\ufeffA.test\r\n# no\n\n*.b.test\n.c.test # why\nhttp://D.test:80/x/\nBücher.test\n0x7f.1\n",
            {"a.test", "b.test", "c.test", "d.test/x", "xn--bcher-kva.test", "127.0.0.1"},
            {},
        ),
        # what is no name is counted, and so is what is said twice; a top-level domain would close half the web
        (
            "domains",
            "a.test\nA.test.\nno name\ntest\nb.test\nc.test\nco.uk\nCO.UK.\n*.sch.uk\nleeds.sch.uk\nio\npages.github.io\ncom\n",
            {"a.test", "b.test", "c.test", "leeds.sch.uk", "pages.github.io"},
            {"said twice": 1, "not a name": 1, "a whole top-level domain, or a public suffix such as co.uk": 6},
        ),
        # several names a line; the machine's own names; a line without an address
        (
            "hosts",
            "127.0.0.1 localhost\n0.0.0.0 a.test b.test # x\n::1 ip6-localhost\nfe80::1%lo0 c.test\nd.test\n",
            {"a.test", "b.test", "c.test"},
            {"names of the machine itself": 2, "no address at the beginning of the line": 1},
        ),
        # whole sites and paths; not elements, exceptions, kinds of request or pieces of addresses
        (
            "adblock",
            (
                "[Adblock Plus 2.0]\n! about\n||a.test^\n||b.test^$important\n||c.test/bets/\n##.banner\na.test##.x\n"
                "@@||d.test^\n||e.test^$third-party\n/banner/*\n||f*.test^\n"
            ),
            {"a.test", "b.test", "c.test/bets"},
            {
                "a pattern inside addresses, which would block too much": 2,
                "an exception: write a school rule that allows the site": 1,
                "hides elements of a page, which a gate does not see": 2,
                "holds only for some kinds of request, which a gate cannot tell apart": 1,
            },
        ),
    ],
)
def test_a_format_takes_what_makes_sense_and_says_what_not(written, into, form, text, taken, skipped):
    report = take(written(text), form, into)
    assert keys(into) == taken
    assert left(report) == skipped
    assert report.record.skipped == skipped


def test_a_table_brings_its_own_categories_and_reasons(written, into):
    table = "Site,Category,Reason\na.test,gambling,Bets on chess\nb.test,,\nc.test,nonsense,\n"
    report = take(written(table, "mine.csv"), "csv", into, "games")
    assert {(one.name, one.category) for one in report.record.lists} == {
        ("mine/gambling", "gambling"),
        ("mine", "games"),
    }
    assert left(report) == {"the category 'nonsense' is not known": 1}
    reasons = [path.read_text("utf-8") for path in into.rglob("*.reasons")]
    assert reasons == ["a.test\tBets on chess\n"]


def test_ut1_as_a_folder_and_as_an_archive_give_the_same(into, tmp_path):
    archive = tmp_path / "ut1-2026-08-17.tar.gz"
    with tarfile.open(archive, "w:gz") as file:
        file.add(UT1_SAMPLE, "blacklists")
    take(UT1_SAMPLE, "ut1", into)
    report = take(archive, "ut1", tmp_path / "other")
    assert keys(into) == keys(tmp_path / "other")
    assert "bigwins-casino.test" in keys(into)
    assert report.record.version.startswith("2026-08-17.")


def test_a_folder_of_ut1_without_a_category_of_ours_is_counted(into, tmp_path):
    for folder, text in (("gambling", "a.test\n"), ("gardening", "b.test\nc.test\n")):
        (tmp_path / "ut1" / folder).mkdir(parents=True)
        (tmp_path / "ut1" / folder / "domains").write_text(text)
    report = take(tmp_path / "ut1", "ut1", into)
    assert keys(into) == {"a.test"}
    assert left(report) == {"a folder without a category of ours": 2}
    assert report.left[0].examples == ("gardening",)


def test_the_map_of_ut1_names_only_categories_that_exist():
    assert set(ut1.categories().values()) <= set(importing.CATEGORIES)


def archive_of(path: Path, *members: tarfile.TarInfo) -> Path:
    with tarfile.open(path, "w:gz") as file:
        good = tarfile.TarInfo("ut1/gambling/domains")
        good.size = 7
        file.addfile(good, io.BytesIO(b"a.test\n"))
        for member in members:
            file.addfile(member, io.BytesIO(b"b.test\n") if member.isreg() else None)
    return path


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname = kind, link
    made.size = 7 if kind == tarfile.REGTYPE else 0
    return made


@pytest.mark.parametrize(
    ("hostile", "said"),
    [
        (member("ut1/../../etc/domains"), "leads out"),  # a path that climbs
        (member("/etc/domains"), "leads out"),  # a path from the root
        (member("ut1/drugs/domains", tarfile.SYMTYPE, "/etc/passwd"), "leads elsewhere"),  # a link away
        (member("ut1/drugs/domains", tarfile.LNKTYPE, "../../shadow"), "leads elsewhere"),  # a hard link away
        (member("ut1/drugs/domains", tarfile.FIFOTYPE), "no file"),  # a pipe that never ends
        (member("ut1/drugs/domains", tarfile.CHRTYPE), "no file"),  # a device
    ],
)
def test_a_hostile_archive_is_refused_and_nothing_is_changed(tmp_path, into, hostile, said):
    with pytest.raises(Malformed, match=said):
        take(archive_of(tmp_path / "ut1.tar.gz", hostile), "ut1", into)
    assert not into.exists()


def test_an_archive_that_swells_is_refused(tmp_path, into, monkeypatch):
    monkeypatch.setattr(ut1, "MAX_BYTES", 10)  # stands for two gigabytes, which a test should not write
    with pytest.raises(Malformed, match="more than any edition"):
        take(archive_of(tmp_path / "ut1.tar.gz", member("ut1/drugs/domains")), "ut1", into)


def test_ut1s_own_short_links_to_sibling_folders_are_left_and_said(tmp_path, into):
    report = take(archive_of(tmp_path / "ut1.tar.gz", member("ut1/bets", tarfile.SYMTYPE, "gambling")), "ut1", into)
    assert left(report) == {"a link to another folder": 1}
    assert keys(into) == {"a.test"}


@pytest.mark.parametrize(
    ("form", "bad", "said"),
    [
        ("domains", b"", "is empty"),
        ("domains", b" \n\n", "is empty"),
        ("domains", b"<!DOCTYPE html><title>Not found</title>", "is a web page"),
        ("hosts", b"\n\n<HTML><body>Sign in</body>", "is a web page"),
        ("domains", b"\x7fELF\x00\x00\x01", "is not text"),
        ("domains", b"# only words about it\n", "nothing to take"),
        ("domains", b"0.0.0.0 a.test\n0.0.0.0 b.test\n", "nothing to take"),  # another format
        ("domains", b"a.test\n! x y\n! y z\n", "most of"),
        ("domains", b"a" * 20_000, "a line of more than"),
        ("csv", b"Who,What\na.test,b\n", "no column of sites"),
        ("csv", b'site\n"a.test\n', "unexpected end of data"),
        ("ut1", b"not an archive", "not a whole archive"),
        ("adblock", b"##.banner\n", "nothing to take"),
    ],
)
def test_what_is_no_list_changes_nothing(written, into, form, bad, said):
    take(written("good.test\n", "good.txt"), "domains", into, name="mine")
    before = everything(into)
    with pytest.raises(Malformed, match=said):
        take(written(bad, "bad.txt"), form, into, name="mine")
    assert everything(into) == before


def test_a_truncated_archive_changes_nothing(tmp_path, into):
    whole = archive_of(tmp_path / "whole.tar.gz").read_bytes()
    half = tmp_path / "half.tar.gz"
    half.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Malformed):
        take(half, "ut1", into)
    assert not into.exists()


def test_a_list_that_shrank_by_more_than_half_changes_nothing_until_confirmed(written, into):
    take(written("".join(f"n{number}.test\n" for number in range(100))), "domains", into)
    before = everything(into)
    shrunken = written("".join(f"n{number}.test\n" for number in range(49)))
    with pytest.raises(Refused, match="shrink from 100 entries to 49"):
        take(shrunken, "domains", into)
    assert everything(into) == before
    assert take(shrunken, "domains", into, confirm_shrink=True).replaced
    assert len(keys(into)) == 49


def test_half_is_not_less_than_half(written, into):
    take(written("a.test\nb.test\n"), "domains", into)
    take(written("a.test\n"), "domains", into)
    assert keys(into) == {"a.test"}


def test_an_illegal_list_never_shrinks_even_when_confirmed(written, into):
    take(written("a.test\nb.test\nc.test\n"), "domains", into, "illegal.other")
    with pytest.raises(Refused, match="would shrink from 3 entries to 1"):
        take(written("a.test\n"), "domains", into, "illegal.other", confirm_shrink=True)
    assert len(keys(into)) == 3


def test_an_illegal_list_cannot_be_replaced_by_one_of_another_category(written, into):
    take(written("a.test\n"), "domains", into, "illegal.other")
    with pytest.raises(Refused, match="would shrink from 1 entries to 0"):
        take(written("a.test\n"), "domains", into, "games", confirm_shrink=True)


def test_a_new_edition_replaces_the_old_one_and_leaves_nothing_of_it(written, into):
    take(written("a.test\n"), "domains", into)
    take(written("b.test\n"), "domains", into)
    assert keys(into) == {"b.test"}
    assert len([path for path in into.iterdir() if path.is_dir()]) == 1


def test_a_list_that_was_changed_by_hand_is_not_believed(written, into):
    take(written("a.test\n"), "domains", into)
    next(into.rglob("*.names")).write_text("b.test\n")
    with pytest.raises(Malformed, match="was changed"):
        keys(into)


def test_a_category_that_does_not_exist_is_refused(written, into):
    with pytest.raises(Malformed, match="no category 'bets'"):
        take(written("a.test\n"), "domains", into, "bets")


def test_a_list_without_any_category_is_refused(written, into):
    with pytest.raises(Malformed, match="does not say what it is about"):
        take(written("a.test\n"), "domains", into, "")
