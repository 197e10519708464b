"""Releases: whole, signed and undamaged, or not at all; and a worse one never replaces a good one."""

import hashlib
import json
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from schoolgate.gate import release
from schoolgate.gate.core.names import canonical
from schoolgate.gate.core.rules import BLOCK
from schoolgate.gate.core.who import Standing
from schoolgate.gate.lists import importing
from schoolgate.gate.release import manifest, policy, record
from schoolgate.gate.release.build import KEPT, build
from schoolgate.gate.release.table import Hasher, Table, write
from schoolgate.kernel.errors import Malformed, Refused
from schoolgate.kernel.seal import seal
from vector_files import SCHOOL, lists_of_the_vectors

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
KEY = Ed25519PrivateKey.generate()
PUBLIC = KEY.public_key()
ASHA = Standing("ks2", "signed", "", None, "asha")


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """A folder with lists and one release in force; tests copy it."""
    folder = tmp_path_factory.mktemp("built")
    build(lists_of_the_vectors(folder / "lists"), SCHOOL / "policy.toml", folder / "releases", KEY, NOW)
    return folder


@pytest.fixture
def school(built, tmp_path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "gate", symlinks=True))


def again(school: Path, **more) -> release.Release:
    later = NOW + timedelta(hours=1)
    return build(school / "lists", SCHOOL / "policy.toml", school / "releases", KEY, later, **more).release


def test_a_release_is_opened_by_its_pointer_and_by_its_folder(school):
    opened = release.open_current(school / "releases", PUBLIC)
    assert release.open(school / "releases" / opened.id, PUBLIC).id == opened.id
    assert opened.id.startswith("20261123T120000Z-")
    assert opened.rules.release == opened.id


@pytest.mark.parametrize("file", [*manifest.FILES, manifest.MANIFEST, manifest.SEAL])
def test_one_changed_byte_in_any_file_is_found_and_the_file_named(school, file):
    path = release.current(school / "releases") / file
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(Malformed, match=re.escape("manifest" if file == manifest.SEAL else file)):
        release.open_current(school / "releases", PUBLIC)


@pytest.mark.parametrize("file", [*manifest.FILES, manifest.MANIFEST, manifest.SEAL])
def test_a_missing_file_is_found_and_named(school, file):
    (release.current(school / "releases") / file).unlink()
    with pytest.raises(Malformed, match=re.escape(file)):
        release.open_current(school / "releases", PUBLIC)


@pytest.mark.parametrize("file", manifest.FILES)
def test_a_partial_file_is_found_and_named(school, file):
    path = release.current(school / "releases") / file
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(Malformed, match=re.escape(file)):
        release.open_current(school / "releases", PUBLIC)


def test_another_key_is_not_believed(school):
    with pytest.raises(Malformed, match="another key"):
        release.open_current(school / "releases", Ed25519PrivateKey.generate().public_key())


def test_a_seal_made_for_something_else_is_not_a_releases_seal(school):
    folder = release.current(school / "releases")
    (folder / manifest.SEAL).write_bytes(seal("board", (folder / manifest.MANIFEST).read_bytes(), KEY))
    with pytest.raises(Malformed, match="seal"):
        release.open_current(school / "releases", PUBLIC)


def test_a_sealed_manifest_of_another_format_is_refused(school):
    folder = release.current(school / "releases")
    data = json.dumps(json.loads((folder / manifest.MANIFEST).read_bytes()) | {"format": 99}).encode()
    (folder / manifest.MANIFEST).write_bytes(data)
    (folder / manifest.SEAL).write_bytes(seal(manifest.PURPOSE, data, KEY))
    with pytest.raises(Malformed, match="another version"):
        release.open_current(school / "releases", PUBLIC)


def test_nothing_in_force_is_said_so(tmp_path):
    with pytest.raises(Refused, match="no release is in force"):
        release.open_current(tmp_path, PUBLIC)


def test_a_new_release_replaces_the_old_one_in_one_step_and_keeps_it(school):
    old = release.open_current(school / "releases", PUBLIC)
    new = again(school)
    assert release.open_current(school / "releases", PUBLIC).id == new.id != old.id
    assert release.open(school / "releases" / old.id, PUBLIC).id == old.id
    assert old.verdict(canonical("bigwins-casino.test"), ASHA, NOW).outcome == BLOCK  # a gate may still hold it


def test_a_damaged_release_in_force_is_replaced_and_staff_are_told(school):
    (release.current(school / "releases") / manifest.MANIFEST).write_text("{}")
    later = NOW + timedelta(hours=1)
    report = build(school / "lists", SCHOOL / "policy.toml", school / "releases", KEY, later)
    assert report.replaced == ""
    assert any("could not be believed" in text for text in report.warnings)
    assert release.open_current(school / "releases", PUBLIC).id == report.release.id


def test_only_the_last_releases_are_kept(school):
    (school / "releases" / "notes").mkdir()
    for number in range(1, KEPT + 3):
        later = NOW + timedelta(minutes=number)
        newest = build(school / "lists", SCHOOL / "policy.toml", school / "releases", KEY, later).release
    kept = sorted(path.name for path in (school / "releases").iterdir() if not path.is_symlink())
    assert len(kept) == KEPT + 2
    assert kept.pop() == "notes"  # what is no release is nobody's to remove
    assert kept[-1] == newest.id == release.open_current(school / "releases", PUBLIC).id


@pytest.mark.parametrize("damage", ["lists", "policy", "no lists"])
def test_a_build_that_fails_leaves_the_release_in_force_and_no_remains(school, tmp_path, damage):
    before = release.current(school / "releases")
    rules = tmp_path / "policy.toml"
    rules.write_text("[school]\n" if damage == "policy" else (SCHOOL / "policy.toml").read_text("utf-8"), "utf-8")
    if damage == "lists":
        next((school / "lists").rglob("*.names")).write_text("else.test\n")
    lists = tmp_path / "nowhere" if damage == "no lists" else school / "lists"
    with pytest.raises((Malformed, Refused)):
        build(lists, rules, school / "releases", KEY, NOW)
    assert release.current(school / "releases") == before
    assert sorted(path.name for path in (school / "releases").iterdir()) == sorted([before.name, "current"])


def shrunken(school: Path, source: str, category: str) -> None:
    """Replace one source by a single name, past the importer's own guard."""
    (school / "lists" / f"{source}.list.json").unlink()
    path = school / "one.txt"
    path.write_text("one.test\n")
    importing.take(path, importing.discovered()["domains"], school / "lists", NOW, category=category, name=source)


def test_a_release_that_shrank_by_more_than_half_is_refused_until_confirmed(school):
    before = release.current(school / "releases")
    shrunken(school, "ut1", "gambling")
    with pytest.raises(Refused, match="would shrink from"):
        again(school)
    assert release.current(school / "releases") == before
    assert again(school, confirm_shrink=True).id != before.name


def test_illegal_content_never_shrinks_even_when_confirmed(school):
    before = release.current(school / "releases")
    (school / "lists" / "illegal.list.json").unlink()
    with pytest.raises(Refused, match=r"illegal\.other would shrink from 2 entries to 0"):
        again(school, confirm_shrink=True)
    assert release.current(school / "releases") == before


def test_a_match_names_list_version_and_entry(school):
    opened = release.open_current(school / "releases", PUBLIC)
    (match,) = opened.matches(canonical("http://www.bigwins-casino.test/x"))
    assert (match.list, match.entry, match.category) == ("ut1/gambling", "bigwins-casino.test", "gambling")
    assert match.version.startswith("2026-11-23.")
    entries = {(one.list, one.entry) for one in opened.matches(canonical("http://maths-games.test/"))}
    assert entries == {("ut1/games", "maths-games.test"), ("ut1/liste_blanche", "maths-games.test")}
    pages = {(one.list, one.entry) for one in opened.matches(canonical("http://video.test/watch?v=roulette"))}
    assert pages == {("ut1/audio-video", "video.test"), ("ut1/gambling", "video.test/watch?v=roulette")}


def test_the_table_finds_every_key_and_no_other(tmp_path):
    salt = bytes(16)
    digest = Hasher(salt)
    values = {f"name-{number}.test": number % 999 + 1 for number in range(5_000)}
    path = tmp_path / "names.idx"
    with path.open("wb") as file:
        assert write(file, salt, ((digest(key.encode()), value) for key, value in values.items())) == 5_000
    table = Table(path.read_bytes(), path)
    assert {key: table.get(key.encode()) for key in values} == values
    assert not any(table.get(f"other-{number}.test".encode()) for number in range(5_000))
    table.close()


@pytest.mark.parametrize("n_keys", [0, 1, 15, 16, 17])
def test_a_small_table_is_a_table_too(tmp_path, n_keys):
    digest = Hasher(bytes(16))
    path = tmp_path / "names.idx"
    with path.open("wb") as file:
        write(file, bytes(16), [(digest(bytes([number])), 7) for number in range(n_keys)])
    table = Table(path.read_bytes(), path)
    assert [table.get(bytes([number])) for number in range(20)] == [7] * n_keys + [0] * (20 - n_keys)
    table.close()


def test_rules_come_back_as_they_went():
    rules = policy.read(SCHOOL / "policy.toml")
    assert record.from_bytes(record.to_bytes(rules), "") == rules


@pytest.mark.parametrize(
    "spoiled",
    [
        {"outcome": "perhaps"},
        {"expires": "soon"},
        {"expires": "2026-12-01T00:00:00"},  # an end without a time zone
        {"profiles": "ks2"},
        {"site": "http://"},
    ],
)
def test_a_rule_that_a_gate_cannot_read_blocks(spoiled):
    rules = json.loads(record.to_bytes(policy.read(SCHOOL / "policy.toml")))
    (rule,) = [rule for rule in rules["sites"] if rule["id"] == "R-everyone"]
    rule |= spoiled
    read = record.from_bytes(json.dumps(rules).encode(), "r")
    (broken,) = [rule for rule in read.sites if rule.id == "R-everyone"]
    assert broken.broken
    assert broken.outcome == BLOCK


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('default = "allow"', 'defalut = "allow"', "`defalut` means nothing here"),
        ('default = "allow"', 'default = "yes"', "neither allow nor block"),
        ('"gambling"', '"gamblign"', "no category 'gamblign'"),
        ('allow = ["education"]', 'allow = ["illegal.other"]', "nothing opens 'illegal.other'"),
        ("[profiles.no-internet]", "[profiles.none]", "there is no profile 'no-internet'"),
        ("[profiles.shelf]", '[profiles.shelf]\nkind = "open"', "kind 'open' is not possible here"),
        ('during = "lessons"', 'during = "lunch"', "there are no \\[times.lunch\\]"),
        ('from = "09:00"', 'from = "16:00"', "ends before it begins"),
        ('"mon"', '"monday"', "are not days"),
        ('locked = "NET-2"', 'locked = "NET-99"', "no statement 'NET-99'"),
        ('site = "help.test"', 'site = "help..test"', "not a host name"),
        ('"Europe/London"', '"Europe/Londinium"', "no time zone"),
        ('id = "R-maths"', 'id = "R-both-allow"', "two rules have this id"),
        ("expires = 2026-11-20", 'expires = "2026-11-20"', "is not a date"),
        ('allow = "ended.test"', 'allow = "ended.test"\nblock = "x.test"', "either `allow` or `block`"),
        ('status = "not-assessed"', 'status = "fine"', "status 'fine'"),
        ("[school]", "[school", "is not TOML"),
        # what is of another kind is said, and never read as something else
        ('allow = ["education"]', 'allow = "education"', "where a list is expected"),
        ('allow = ["education"]', "allow = [5]", "holds something that is no text"),
        ('"mon"', "5", "holds something that is no text"),
        (
            'allow = "ended.test"',
            'allow = "ended.test"\npersons = "ben"',
            "`persons` is 'ben', where a list is expected",
        ),
        ('allow = "ended.test"', 'allow = "ended.test"\npersons = []', "`persons` is empty"),
        ('id = "R-maths"', 'id = ["R-maths"]', "`id` is missing or is no text"),
        ('locked = "NET-2"', 'locked = ["NET-2"]', "no statement \\['NET-2'\\]"),
        # a slip must not open a country
        ('allow = "ended.test"', 'allow = "co.uk"', "'co.uk' would open every site below it"),
        ('site = "help.test"', 'site = "Com."', "'Com.' would open every site below it"),
    ],
)
def test_a_policy_with_a_mistake_is_refused_and_the_place_named(before, after, said):
    text = (SCHOOL / "policy.toml").read_text("utf-8")
    assert before in text
    with pytest.raises(Malformed, match=said):
        policy.compiled(text.replace(before, after, 1).encode(), "policy.toml")


@pytest.mark.parametrize("name", ["primary", "early-years"])
def test_the_examples_build(tmp_path, name):
    examples = Path(__file__).parents[3] / "examples"
    importing.take(examples / "lists" / "ut1-sample", importing.discovered()["ut1"], tmp_path / "lists", NOW)
    opened = build(tmp_path / "lists", examples / f"{name}.toml", tmp_path / "releases", KEY, NOW).release
    for host in ("childline.org.uk", "nspcc.org.uk", "ceop.police.uk"):
        for profile in opened.rules.profiles.values():
            verdict = opened.verdict(canonical(host), Standing(profile.name, "signed", "", None, None), NOW)
            assert (verdict.outcome == "allow") == (profile.kind != "no-internet")
    assert (
        opened.manifest.files[manifest.RULES][1]
        == hashlib.sha256((opened.folder / manifest.RULES).read_bytes()).hexdigest()
    )
