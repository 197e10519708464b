"""Reading a table of people: the first fault refuses all of it, in one message with its line."""

from pathlib import Path

import pytest

from schoolgate.kernel.errors import Malformed
from schoolgate.people.rules import Role
from schoolgate.people.services.table import MOST_BYTES, read_csv

EXAMPLES = Path(__file__).parents[3] / "examples" / "people"
HEAD = "external_id,given_name,family_name,roles,starts_on,year_group,class,email,ends_on,born_on,preferred_name\n"
ASHA = "P-1,Asha,Achebe,pupil,2022-09-01,4,4-oak,,,2018-03-09,\n"


@pytest.fixture
def read(tmp_path):
    def read_text(content):
        path = tmp_path / "people.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_csv(path)

    return read_text


def test_a_row_becomes_a_person(read):
    (row,) = read(HEAD + ASHA)
    assert (row.line, row.given_name, row.roles, row.classes) == (2, "Asha", {Role.PUPIL}, {"4-oak"})


def test_a_byte_order_mark_is_accepted(read):
    assert read(b"\xef\xbb\xbf" + (HEAD + ASHA).encode())[0].external_id == "P-1"


def test_columns_may_stand_in_any_order_and_optional_ones_be_left_out(read):
    (row,) = read("starts_on,roles,family_name,given_name,external_id\n2022-09-01,staff;dsl,O’Neil-Ånd,Zoë,S-1\n")
    assert (row.given_name, row.family_name, row.roles) == ("Zoë", "O’Neil-Ånd", {Role.STAFF, Role.DSL})


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (HEAD.replace("roles", "rolls") + ASHA, "line 1 of people.csv names an unknown column `rolls`"),
        (HEAD.replace("family_name,", "") + ASHA, "line 1 of people.csv lacks the column `family_name`"),
        (HEAD.replace("ends_on", "roles") + ASHA, "line 1 of people.csv names a column twice"),
        ("", "line 1 of people.csv lacks the column"),
        (HEAD, "nobody below"),
        (HEAD + ASHA + ASHA, "line 3 of people.csv: the id `P-1` stands in line 2 already"),
        (HEAD + "P-1,Asha\n", "line 2 of people.csv does not have as many cells"),
        (HEAD + ASHA.rstrip() + ",more\n", "line 2 of people.csv does not have as many cells"),
        (HEAD + ASHA.replace("2018-03-09", "09/03/2018"), "line 2 of people.csv: born_on `09/03/2018` is no date"),
        (HEAD + ASHA.replace("2018-03-09", "2018-02-30"), "is no date"),
        (HEAD + ASHA.replace("2018-03-09", "0018-03-09"), "is no date of anybody here"),
        (HEAD + ASHA.replace(",,2018", ",2021-09-01,2018"), "ends_on 2021-09-01 lies before starts_on"),
        (HEAD + ASHA.replace("pupil", "puppy"), "there is no role `puppy`"),
        (HEAD + ASHA.replace("pupil", ""), "nobody is here without a role"),
        (HEAD + ASHA.replace("pupil", "pupil;head"), "a pupil holds no other role"),
        (HEAD + ASHA.replace(",4,4-oak", ",44,4-oak"), "there is no year `44`"),
        (HEAD + ASHA.replace(",4,4-oak", ",,4-oak"), "a pupil needs a year_group"),
        (HEAD + ASHA.replace("4-oak", "Oak"), "`Oak` is no class"),
        (HEAD + ASHA.replace("4-oak,", "4-oak,asha@example.org"), "only staff and governors sign in"),
        (HEAD + "S-1,Ben,Brook,staff,2022-09-01,,,nonsense,,,\n", "`nonsense` is no e-mail address"),
        # what a spreadsheet would run as a formula is no name
        (HEAD + ASHA.replace("Asha", '"=HYPERLINK(""http://evil.test"")"'), "is no name"),
        (HEAD + ASHA.replace("Asha", "@SUM(1)"), "is no name"),
        (HEAD + ASHA.replace("Asha", "R2D2"), "is no name"),
        (HEAD + ASHA.replace("Asha", '"As\nha"'), "is no name"),
        (HEAD + ASHA.replace("P-1", "=1+1"), "is no id"),
        (HEAD + ASHA + '"P-2,never closed', "is not CSV"),
        ("<!doctype html><html></html>", "names an unknown column"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not a table at all"),
        ((HEAD + ASHA).encode("utf-16"), "is in UTF-16"),
        ((HEAD + ASHA.replace("Asha", "Zoë")).encode("latin-1"), "line 2 of people.csv is not text in UTF-8"),
    ],
)
def test_a_fault_is_told_with_its_line(read, content, says):
    with pytest.raises(Malformed) as refusal:
        read(content)
    assert says in str(refusal.value)


def test_a_huge_file_is_refused_by_its_size_alone(tmp_path):
    path = tmp_path / "people.csv"
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024)  # a hole: reading it whole would find only NUL
    with pytest.raises(Malformed, match="50 MB, too much"):
        read_csv(path)
    assert MOST_BYTES < 50 * 1024 * 1024


@pytest.mark.parametrize(("name", "n_pupils", "n_staff"), [("larkfield", 60, 12), ("little-wrens", 24, 8)])
def test_the_examples_are_schools(name, n_pupils, n_staff):
    rows = read_csv(EXAMPLES / f"{name}.csv")
    present = [row for row in rows if row.ends_on is None]
    assert sum(Role.PUPIL in row.roles for row in present) == n_pupils
    assert sum(Role.PUPIL not in row.roles and Role.GOVERNOR not in row.roles for row in present) == n_staff
    assert {"Asha", "Ben", "Carys", "Dilys", "Efe", "Fran", "Gwen"} <= {row.given_name for row in rows}
