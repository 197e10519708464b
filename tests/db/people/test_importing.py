"""Bringing people in: the difference, the act, and doing it twice."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model

from cast import agreement
from schoolgate.access import services as access
from schoolgate.access.models import Device
from schoolgate.access.rules import Audience
from schoolgate.cli.commands import people as command
from schoolgate.kernel.errors import Malformed, Refused
from schoolgate.ledger.models import Entry
from schoolgate.people import queries, services
from schoolgate.people.models import Group, Person
from schoolgate.people.rules import Part, Role

EXAMPLES = Path(__file__).parents[3] / "examples" / "people"
pytestmark = pytest.mark.django_db


@pytest.fixture
def rows():
    return services.read_csv(EXAMPLES / "larkfield.csv")


@pytest.fixture
def school(rows, now):
    services.import_rows(rows, by=None, now=now)


def without(rows, *ids):
    return [row for row in rows if row.external_id not in ids]


def with_change(rows, external_id, **facts):
    return [replace(row, **facts) if row.external_id == external_id else row for row in rows]


def test_a_school_comes_in_with_its_classes_roles_and_accounts(school, now):
    today = now.date()
    oak = Group.objects.get(code="4-oak")
    assert (oak.name, queries.pupils_of(oak, today).count()) == ("Oak (Year 4)", 10)
    assert [str(teacher) for teacher in queries.teachers_of(oak, today)] == ["Ben Brook"]
    assert [str(head) for head in queries.holders(Role.HEAD, today)] == ["Gwen Glen"]
    ben = Person.objects.get(external_id="L-S008")
    assert ben.user.email == "ben@larkfield.test"
    assert not ben.user.has_usable_password()
    fran = Person.objects.get(external_id="L-S015")
    assert queries.roles_of(fran, today) == frozenset()


def test_a_second_time_nothing_is_done(school, rows, now):
    entries = Entry.objects.count()
    assert services.import_rows(rows, by=None, now=now).is_empty
    assert Entry.objects.count() == entries


def test_a_dry_run_says_the_same_and_changes_nothing(rows, now):
    assert len(services.difference(rows, now.date()).joiners) == 75
    assert not Person.objects.exists()


def test_a_leaver_ends_today_with_roles_class_and_account_and_stays_on_record(school, rows, now):
    done = services.import_rows(without(rows, "L-S011", "L-P034"), by=None, now=now)
    assert [str(person) for person in done.leavers] == ["Asha Achebe", "Nia Nook"]
    asha, nia = Person.objects.get(external_id="L-P034"), Person.objects.get(external_id="L-S011")
    assert asha.ends_on == nia.ends_on == now.date()
    assert queries.roles_of(asha, now.date()) == frozenset()
    assert not queries.classes_of(asha, Part.PUPIL, now.date()).exists()
    assert not nia.user.is_active


def test_a_leaver_who_comes_back_starts_again(school, rows, now):
    services.import_rows(without(rows, "L-S011"), by=None, now=now)
    done = services.import_rows(rows, by=None, now=now + timedelta(days=1))
    assert [change.row.external_id for change in done.changes] == ["L-S011"]
    nia = Person.objects.get(external_id="L-S011")
    assert nia.user.is_active
    assert queries.roles_of(nia, now.date() + timedelta(days=1)) == {Role.STAFF}


def test_a_move_to_another_class_is_a_change_with_before_and_after(school, rows, now):
    moved = with_change(rows, "L-P034", classes=frozenset({"5-pine"}), year_group="5", preferred_name="Ash")
    (change,) = services.difference(moved, now.date()).changes
    assert change.facts == {"year_group": ("4", "5"), "class": ("4-oak", "5-pine"), "preferred_name": ("", "Ash")}
    services.import_rows(moved, by=None, now=now)
    asha = Person.objects.get(external_id="L-P034")
    assert [group.code for group in queries.classes_of(asha, Part.PUPIL, now.date())] == ["5-pine"]


def test_the_wrong_file_is_refused_before_it_empties_the_school(school, now):
    other = services.read_csv(EXAMPLES / "little-wrens.csv")
    with pytest.raises(services.TooManyLeavers, match="60 of 60 pupils would leave"):
        services.import_rows(other, by=None, now=now)
    assert queries.present(now.date()).count() == 74


def test_a_list_of_pupils_alone_does_not_send_the_staff_away(school, rows, now):
    with pytest.raises(services.TooManyLeavers, match="others would leave"):
        services.import_rows([row for row in rows if Role.PUPIL in row.roles], by=None, now=now)


@pytest.mark.parametrize(("n_leavers", "is_refused"), [(12, False), (13, True)])
def test_a_fifth_of_the_pupils_may_leave_and_not_one_more(school, rows, now, n_leavers, is_refused):
    fewer = without(rows, *(f"L-P{number:03}" for number in range(1, n_leavers + 1)))
    if is_refused:
        with pytest.raises(services.TooManyLeavers):
            services.import_rows(fewer, by=None, now=now)
    assert len(services.import_rows(fewer, by=None, now=now, allow_leavers=True).leavers) == n_leavers


def test_who_was_entered_by_hand_is_left_alone(larks, rows, now):
    Person.objects.filter(pk=larks.efe.pk).update(external_id="")
    found = services.difference(rows, now.date())
    assert larks.efe not in found.leavers
    assert larks.ben in found.leavers


def test_a_teacher_of_a_class_without_pupils_is_a_fault(rows, now):
    with pytest.raises(Malformed, match="line 9: no pupil is in the class `4-ash`"):
        services.import_rows(with_change(rows, "L-S008", classes=frozenset({"4-ash"})), by=None, now=now)


@pytest.mark.django_db(transaction=True)
def test_a_fault_half_way_leaves_nothing_behind(rows, now):
    owner = get_user_model().objects.create_user(username="piers@larkfield.test", email="piers@larkfield.test")
    Person.objects.create(given_name="Piers", family_name="Elder", starts_on=now.date(), user=owner)
    with pytest.raises(Refused, match="is the sign-in of somebody else"):
        services.import_rows(rows, by=None, now=now)
    assert (Person.objects.count(), Group.objects.count(), Entry.objects.count()) == (1, 0, 0)


def test_the_gates_hear_of_a_leaver_at_once(school, rows, now, django_capture_on_commit_callbacks):
    agreement(Audience.KS2, now)
    asha = Person.objects.get(external_id="L-P034")
    with django_capture_on_commit_callbacks(execute=True):
        services.import_rows(without(rows, "L-P034"), by=None, now=now)
    assert str(asha.id) not in access.published_board().grants


def test_the_ledger_counts_and_names_nobody(school):
    assert Entry.objects.get(action="imported people").said == {"joiners": 75, "changes": 0, "leavers": 0}


def test_the_command_tells_the_difference_first(capsys, now):
    arguments = command_line("--dry-run", "--json")
    assert command.run(arguments) == 0
    said = json.loads(capsys.readouterr().out)
    assert (len(said["joiners"]), said["applied"]) == (75, False)
    assert command.run(command_line()) == 0
    assert "75 join, 0 change, 0 leave. Done." in capsys.readouterr().out
    assert command.run(command_line()) == 0
    assert "Nothing to do" in capsys.readouterr().out


def command_line(*words):
    from schoolgate.cli.main import Parser

    parser = Parser()
    command.configure(parser)
    return parser.parse_args(["import", str(EXAMPLES / "larkfield.csv"), *words])


@pytest.mark.parametrize("name", ["larkfield", "little-wrens"])
def test_the_examples_of_devices_fit_their_schools(name, now):
    services.import_rows(services.read_csv(EXAMPLES / f"{name}.csv"), by=None, now=now)
    path = EXAMPLES / f"{name}-devices.csv"
    assert access.import_devices(path, by=None, now=now) == Device.objects.count() > 0
    assert access.import_devices(path, by=None, now=now) == 0


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("address,name\n", "line 1 of devices.csv does not name the columns"),
        ("10.0.0.1,A,,,\n10.0.0.1,B,,,\n", "line 3 of devices.csv: 10.0.0.1 stands in line 2"),
        ("10.0.0.300,A,,,\n", "`10.0.0.300` is not an IP address"),
        ("10.0.0.1,,,,\n", "the device has no name"),
        ("10.0.0.1,A,,wide,\n", "`wide` is no profile of a device"),
        ("10.0.0.1,A,,,nobody\n", "there is nobody with the id `nobody`"),
        ("10.0.0.1,A\n", "does not have 5 cells"),
    ],
)
def test_a_fault_in_a_list_of_devices_changes_nothing(tmp_path, now, lines, says):
    path = tmp_path / "devices.csv"
    path.write_text(lines if lines.startswith("address") else f"address,name,room,profile,person\n{lines}")
    with pytest.raises(Malformed) as refusal:
        access.import_devices(path, by=None, now=now)
    assert says in str(refusal.value)
    assert not Device.objects.exists()
