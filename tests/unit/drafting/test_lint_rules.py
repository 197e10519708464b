"""Each lint rule on words that it must find and on words that it must leave alone."""

from datetime import date
from pathlib import Path

import paper
import pytest

from schoolgate.drafting.lint import lint, registered

TODAY = date(2026, 11, 21)

FOUND = [
    # rule, words
    ("date-passed", "This policy will be formally reviewed by September 2025."),
    ("date-passed", "Next review date: 01/09/2025"),
    ("date-passed", "The review is due in the summer term 2026."),
    ("date-passed", "All staff will be trained by 31 July 2026."),
    ("contradictory-interval", "This policy is reviewed every two years.\n\nThis policy will be reviewed annually."),
    (
        "contradictory-interval",
        "It was ratified in September 2026 and will be reviewed by September 2028.\n\nThis policy is reviewed yearly.",
    ),
    ("long-interval", "This policy is reviewed every three years."),
    ("long-interval", "Governors ratified it on 1 March 2026 and it will be reviewed in March 2028."),
    ("ambiguous-interval", "It will be reviewed biannually."),
    ("ambiguous-interval", "The policy is reviewed bi-annually."),
    ("ambiguous-interval", "This policy is reviewed regularly."),
    ("superseded-term", "Staff know the signs of peer on peer abuse."),
    ("superseded-term", "Pupils have access to 3G and 4G on their phones."),
    ("superseded-term", "The office posts on Twitter every week."),
    ("superseded-term", "Lessons cover sexting and its dangers."),
    ("superseded-citation", "It follows Keeping Children Safe in Education (September 2023)."),
    ("superseded-citation", "It follows KCSIE 2025."),
    ("superseded-citation", "It follows Teaching online safety in schools (DfE, June 2019)."),
    ("superseded-citation", "(Inspecting online safety in schools, Ofsted 2012)"),
    ("superseded-citation", "Data are kept under the Data Protection Act 1998."),
    ("unrecognised-citation", "It is reviewed when the KICKSIE document changes."),
    ("unrecognised-citation", "It follows Keeping Children Safe in Schools."),
    (
        "edited-after-ratification",
        "Governors ratified it on 22 November 2022.\n\nKeeping Children Safe in Education (September 2024) asks for this.",
    ),
    ("framework-drift", "The risks fall under the 3 C's: contact, content and conduct."),
    ("framework-drift", "We sort risks into content, contact and conduct."),
    ("empty-slot", "It was presented to the governing body on and ratified in May 2026."),
    ("empty-slot", "The policy of [insert school name] applies to all."),
    ("empty-slot", "The lead is ____________."),
    ("empty-slot", "Ratified on dd/mm/yyyy by the board."),
    ("empty-slot", "The DSL is TBC."),
    ("empty-slot", "Approved by governors on:"),
    ("dangling-reference", "Staff sign the agreement (see Appendix 2)."),
    ("dangling-reference", "This process is illustrated in the diagram below."),
    ("dangling-reference", "The steps are shown in the flowchart overleaf."),
    ("format-dependent", "The sections highlighted in orange do not apply to us."),
    ("format-dependent", "Text in red is new this year."),
    ("format-dependent", "[bookmark: _Toc123]Monitoring of the network"),
    ("impossible-duty", "We are a nursery school.\n\nAll staff and pupils must sign the agreement."),
    (
        "impossible-duty",
        "This follows the staff acceptable use policy.\n\nAll staff and pupils must sign it before they use a device.",
    ),
    ("shared-login", "Visitors use a generic visitor login and password."),
    ("vacant-role", "The online safety governor is currently vacant."),
]

LEFT_ALONE = [
    ("date-passed", "This policy will be reviewed by September 2027."),
    ("date-passed", "It was last reviewed in September 2025."),
    ("date-passed", "Staff will follow guidance of September 2023."),
    ("contradictory-interval", "This policy is reviewed every year.\n\nAccess rights are reviewed each term."),
    (
        "contradictory-interval",
        "Ratified on 24 September 2026; it will be reviewed by 30 September 2027.\n\nThis policy is reviewed every year.",
    ),
    ("long-interval", "Filtering is reviewed every two years.\n\nThis policy is reviewed every year."),
    ("ambiguous-interval", "Staff check the accounts regularly."),
    ("ambiguous-interval", "This policy is reviewed regularly, and every year at the least."),
    ("superseded-term", "The office posts on X (formerly Twitter)."),
    ("superseded-term", "Pupils reach the internet over 3G, 4G and 5G."),
    ("superseded-citation", "It follows Keeping Children Safe in Education (September 2026)."),
    ("superseded-citation", "It follows Keeping Children Safe in Education, as amended."),
    ("superseded-citation", "RSHE guidance (July 2025) is taught in full."),
    ("unrecognised-citation", "It follows KCSIE and UKCIS advice, and OFSTED inspects it."),
    ("edited-after-ratification", "Governors ratified it on 24 September 2026.\n\nKCSIE 2026 asks for this."),
    ("framework-drift", "We sort risks into content, contact, conduct and commerce."),
    ("empty-slot", "Safe search is on by default, and staff log on to the network."),
    ("empty-slot", "Changes are to be confirmed by the headteacher."),
    ("empty-slot", "Teams are found in and around the building."),
    ("dangling-reference", "See appendix 1.\n\nAppendix 1: the agreement\n\nStaff sign."),
    ("dangling-reference", "We follow the steps shown below:\n\n- tell the DSL\n"),
    ("format-dependent", "The register marks each risk; green cables are for staff."),
    ("impossible-duty", "We are a nursery school.\n\nParents sign the agreement on behalf of their child."),
    ("impossible-duty", "Pupils sign the pupils' agreement, and staff sign the staff agreement."),
    ("shared-login", "Staff must not use a shared login."),
    ("shared-login", "Each guest account is issued to a named person and recorded."),
    ("vacant-role", "Designated safeguarding lead:\n\n- reads the reports\n"),
]


def rules_of(words):
    return {finding.rule for finding in lint(paper.text(words + "\n"), TODAY)}


@pytest.mark.parametrize(("rule", "words"), FOUND)
def test_a_defect_is_found(rule, words):
    assert rule in rules_of(words)


@pytest.mark.parametrize(("rule", "words"), LEFT_ALONE)
def test_what_is_right_is_left_alone(rule, words):
    assert rule not in rules_of(words)


def test_every_rule_is_in_both_tables_and_has_a_page():
    ids = {rule.ID for rule in registered()}
    assert ids == {rule for rule, _ in FOUND} == {rule for rule, _ in LEFT_ALONE}
    page = (Path(__file__).parents[3] / "docs/reference/lint-rules.md").read_text()
    assert all(f"## {rule}\n" in page for rule in ids)


def test_the_same_defect_in_three_places_is_one_finding_with_its_lines():
    words = "KCSIE 2023 is read by staff.\n\nIt follows KCSIE 2023.\n\nSee KCSIE 2023.\n"
    [finding] = [each for each in lint(paper.text(words), TODAY) if each.rule == "superseded-citation"]
    assert finding.line == 1
    assert "also on lines 3 and 5" in finding.message


def test_the_same_policy_is_right_before_its_day_and_wrong_after():
    document = paper.text("This policy will be reviewed by 10 September 2027.\n")
    assert not lint(document, date(2027, 9, 10))
    assert [each.rule for each in lint(document, date(2027, 9, 11))] == ["date-passed"]
