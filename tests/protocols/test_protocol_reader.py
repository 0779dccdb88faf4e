"""A protocol file that cannot be enforced is refused: its name, the line, the place, the words."""

import tomllib
from pathlib import Path

import pytest
from builders import durham

from app.domain.milestone_names import MADE_BY_DECISIONS
from app.domain.protocol import CouncilProtocol
from app.protocols.reader import ProtocolError, read_protocol

DURHAM = Path(__file__).parents[2] / "app" / "protocols" / "durham.toml"
TEXT = DURHAM.read_text(encoding="utf-8")


def read(folder: Path, text: str | bytes, name: str = "mine.toml") -> CouncilProtocol:
    """Read a protocol with that text."""
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_protocol(path)


def refusal(folder: Path, text: str | bytes) -> str:
    """The words of the refusal."""
    with pytest.raises(ProtocolError) as error:
        read(folder, text)
    return str(error.value)


def changed(old: str, new: str) -> str:
    """Durham's file with one change, at its first place."""
    assert old in TEXT
    return TEXT.replace(old, new, 1)


def without_rule(code: str) -> str:
    """Durham's file without that rule."""
    blocks = TEXT.split("\n\n")
    kept = [block for block in blocks if f'code = "{code}"\n' not in block]
    assert len(kept) == len(blocks) - 1
    return "\n\n".join(kept)


def with_more(block: str, clause: str = "DL 3") -> str:
    """Durham's file with one more table of its step up, that cites a clause."""
    return TEXT + f'\n{block}\nsays = "More"\nsource = "{clause}"\n'


DATE_RULE = 'code = "DL-3-date"\n'
A_RULE = '[[step_up.rules]]\ncode = "X-1"\ngates = ["finalise"]\nseverity = "must"\n'
A_CLOCK = '[[step_up.clocks]]\ncode = "X-1"\nfalls_to = "origin"\nto = "allocated"\n'
FROM = 'from = "dispatched"\n'
A_MILESTONE = '[step_up.milestones.extra]\nby = "origin"\n'
A_SERIES = '[meetings.extra]\nevery = "1 week"\n'


def a_rule(needs: str, more: str = "") -> str:
    """Durham's file with a rule of that need."""
    return with_more(f"{A_RULE}needs = {{ {needs} }}\n{more}")


def a_clock(more: str) -> str:
    """Durham's file with a clock of that."""
    return with_more(A_CLOCK + more)


FAULTS: dict[str, tuple[str | bytes, str | None, str]] = {
    "not TOML": (changed('code = "durham"', 'code = "durham'), 'code = "durham', "not TOML"),
    "a key twice": (
        changed('code = "durham"', 'code = "durham"\ncode = "x"'),
        'code = "x"',
        "not TOML",
    ),
    "an unknown key": (
        changed('short_name = "Durham"', 'short_name = "Durham"\ncolour = "red"'),
        "colour",
        "colour: unknown key",
    ),
    "an unknown key of a pathway": (
        changed("[step_up]\n", "[step_up]\npriority = 1\n"),
        "priority = 1",
        "step_up.priority: unknown key",
    ),
    "an unknown kind of rule": (
        a_rule('mood = "good"'),
        'mood = "good"',
        "X-1.needs.mood: unknown key",
    ),
    "a rule without its source": (
        TEXT + f'{A_RULE}needs = {{ field = "comments" }}\nsays = "x"\n',
        '[[step_up.rules]]\ncode = "X-1',
        "X-1.source",
    ),
    "a rule without words": (
        changed('says = "Give the Date of Transfer"', 'says = ""'),
        'says = ""',
        "DL-3-date.says: is empty",
    ),
    "a citation of no clause": (
        changed('source = "DL 9"', 'source = "DL 99"'),
        'source = "DL 99"',
        "no clause DL 99",
    ),
    "a citation that is no list of clauses": (
        changed('source = "DL 9"', 'source = "somewhere"'),
        'source = "somewhere"',
        "somewhere",
    ),
    "a clause that nothing cites": (
        changed('[clauses."DL 1"]', '[clauses."DL 88"]\nsays = "x"\n\n[clauses."DL 1"]'),
        '[clauses."DL 88"]',
        "DL 88: is cited by nothing",
    ),
    "a clause that is cited and says why not": (
        changed('[clauses."DL 9"]\n', '[clauses."DL 9"]\nbecause = "x"\n'),
        '[clauses."DL 9"]',
        "DL 9: is cited and also says why not",
    ),
    "a clause of no source": (
        changed(
            '[clauses."DL 1"]', '[clauses."XX 1"]\nsays = "x"\nbecause = "x"\n\n[clauses."DL 1"]'
        ),
        '[clauses."XX 1"]',
        "XX 1",
    ),
    "custody on no milestone": (
        changed('custody_passes_on = "allocated"', 'custody_passes_on = "handed_over"'),
        "handed_over",
        "step_up.custody_passes_on: no milestone handed_over",
    ),
    "completion on no milestone": (
        changed('["allocated", "origin_closed"]', '["allocated", "closed"]'),
        '"closed"]',
        "step_up.completes_on: no milestone closed",
    ),
    "a milestone after none": (
        changed('after = "allocated"', 'after = "alocated"'),
        "alocated",
        "no milestone alocated",
    ),
    "a milestone after no outcome": (
        changed('after = "meeting_decided:agreed"', 'after = "meeting_decided:perhaps"'),
        "perhaps",
        "no outcome meeting_decided:perhaps",
    ),
    "an outcome of a decision's milestone": (
        a_rule('milestone = "declined:kindly"'),
        "kindly",
        "no outcome declined:kindly",
    ),
    "a rule on no milestone": (a_rule('milestone = "visited"'), "visited", "no milestone visited"),
    "a rule on one of no milestones": (
        a_rule('any_milestone = ["opened", "visited"]'),
        "visited",
        "no milestone visited",
    ),
    "a settling on no milestone": (
        a_rule('settled = { raised = "opened", resolved = "made_up" }'),
        "made_up",
        "no milestone made_up",
    ),
    "a milestone of the recipient that is none": (
        a_rule('milestone_with_recipient = "rung_up"'),
        "rung_up",
        "no milestone rung_up",
    ),
    "a condition on no milestone": (
        a_rule('field = "comments"', 'when = { milestone = "visited" }'),
        "visited",
        "no milestone visited",
    ),
    "an exception on no factor": (
        a_rule('field = "comments"', 'unless = { factor = "violence" }'),
        "violence",
        "no factor violence",
    ),
    "a factor that is none": (a_rule('factor = "violence"'), "violence", "no factor violence"),
    "a statement that is none": (a_rule('statement = "why"'), '"why"', "no statement why"),
    "a scope that is none": (a_rule('consent = "all"'), '"all"', "no consent all"),
    "an informed scope that is none": (
        a_rule('informed_consent = "all"'),
        '"all"',
        "no consent all",
    ),
    "a form's scope that is none": (
        a_rule('form_with_consent = { form = "plan", scope = "all" }'),
        '"all"',
        "no consent all",
    ),
    "a field that is none": (a_rule('field = "meeting.held"'), "meeting.held", "no field"),
    "a route that is none": (
        changed('routes = ["immediate_risk"]', 'routes = ["immediate_danger"]'),
        "immediate_danger",
        "no route immediate_danger",
    ),
    "a meeting that is none": (
        changed('meetings = ["weekly"]', 'meetings = ["monthly"]'),
        "monthly",
        "no meeting monthly",
    ),
    "a review that is no clock": (
        changed('referral_source = "5D"', 'reviews = ["X-9"]\nreferral_source = "5D"'),
        '"X-9"',
        "no clock X-9",
    ),
    "a clock from no milestone": (
        a_clock('from = "visited"\nwithin = "1 hour"'),
        "visited",
        "no milestone visited",
    ),
    "a clock to no outcome": (
        with_more(
            A_CLOCK.replace("allocated", "meeting_decided:never") + FROM + 'within = "1 hour"'
        ),
        "never",
        "no outcome meeting_decided:never",
    ),
    "a clock on a time that nobody agrees": (
        a_clock(f'{FROM}within = "1 hour"\nor_agreed = "origin_closing_begun"'),
        'or_agreed = "origin_closing_begun',
        "no milestone of a time agreed by both",
    ),
    "a clock without a unit": (a_clock(f'{FROM}within = "24"'), 'within = "24"', "hours"),
    "a clock of a bare number": (a_clock(f"{FROM}within = 24"), "within = 24", "hours"),
    "a clock of a negative time": (a_clock(f'{FROM}within = "-1 hours"'), "-1 hours", "hours"),
    "a clock before nothing": (a_clock('by = "48 hours"'), 'by = "48', "before"),
    "a clock with both timescales": (
        a_clock(f'{FROM}within = "1 hour"\nby = "1 hour before"'),
        "",
        "exactly one of within and by",
    ),
    "a clock with neither timescale": (a_clock(FROM), "", "exactly one of within and by"),
    "a clock within from nothing": (a_clock('within = "1 hour"'), "", "from a milestone"),
    "a clock before a meeting from something": (
        a_clock(f'{FROM}by = "1 hour before"'),
        "",
        "before the meeting",
    ),
    "an age without a unit": (
        a_rule('origin_record_open_at_least = "3"'),
        'at_least = "3"',
        "months",
    ),
    "an age in working days": (
        a_rule('form_not_older_than = { form = "plan", age = "5 working days" }'),
        "5 working days",
        "months",
    ),
    "two kinds in needs": (
        a_rule('field = "comments", recipient_kind = "social_care"'),
        "",
        "exactly one kind of rule",
    ),
    "no kind in needs": (
        changed('{ origin_record = "active" }', "{}"),
        "needs = {}",
        "exactly one kind of rule",
    ),
    "a code twice": (
        changed('code = "DL-3-comments"', 'code = "DL-3-date"'),
        "",
        "the code DL-3-date is used twice",
    ),
    "a clock with a rule's code": (
        a_clock(f'{FROM}within = "1 hour"').replace('"X-1"', '"DL-3-date"'),
        "",
        "the code DL-3-date is used twice",
    ),
    "no rule for the date": (
        without_rule("DL-3-date"),
        "[step_up]",
        "step_up: no rule asks for date_of_transfer at finalise",
    ),
    "no rule for the comments": (
        without_rule("DL-13-comments"),
        "[step_down]",
        "step_down: no rule asks for comments at finalise",
    ),
    "the mandatory date only warned about": (
        changed(
            f'{DATE_RULE}gates = ["finalise"]\nseverity = "must"',
            f'{DATE_RULE}gates = ["finalise"]\nseverity = "should"',
        ),
        "[step_up]",
        "no rule asks for date_of_transfer at finalise",
    ),
    "the mandatory date asked elsewhere": (
        changed(f'{DATE_RULE}gates = ["finalise"]', f'{DATE_RULE}gates = ["edit"]'),
        "[step_up]",
        "no rule asks for date_of_transfer at finalise",
    ),
    "the mandatory date on one route only": (
        changed(DATE_RULE, f'{DATE_RULE}routes = ["meeting"]\n'),
        "[step_up]",
        "no rule asks for date_of_transfer at finalise",
    ),
    "the mandatory date on a condition only": (
        changed(DATE_RULE, f'{DATE_RULE}when = {{ meeting = "booked" }}\n'),
        "[step_up]",
        "no rule asks for date_of_transfer at finalise",
    ),
    "an unknown severity": (
        changed('severity = "must"', 'severity = "perhaps"'),
        "perhaps",
        "must",
    ),
    "no gate": (changed('gates = ["open"]', "gates = []"), "gates = []", "gates: is empty"),
    "an unknown gate": (changed('gates = ["open"]', 'gates = ["ajar"]'), "ajar", "finalise"),
    "an unknown role": (
        changed('authorised_by = ["team_manager"]', 'authorised_by = ["mayor"]'),
        "mayor",
        "step_down.authorised_by",
    ),
    "a role that nobody has in a team": (
        changed('authorised_by = ["team_manager"]', 'authorised_by = ["auditor"]'),
        "auditor",
        "no auditor belongs to a team",
    ),
    "a milestone for a role that nobody has in a team": (
        with_more(A_MILESTONE + 'roles = ["administrator"]'),
        "administrator",
        "no administrator belongs to a team",
    ),
    "authorised by a role of a series alone": (
        changed('authorised_by = ["team_manager"]', 'authorised_by = ["deputy_chair"]'),
        "deputy_chair",
        "no deputy_chair belongs to a team",
    ),
    "a milestone for those who only read": (
        with_more(A_MILESTONE + 'roles = ["chair", "member"]'),
        "member",
        "a member of a series records nothing",
    ),
    "a case passed on by the side that sends it": (
        with_more(A_MILESTONE + 'passes_to_kind = "social_care"'),
        "passes_to_kind",
        "only the receiving side passes a case on",
    ),
    "a milestone for nobody": (with_more(f"{A_MILESTONE}roles = []"), "roles = []", "is empty"),
    "an unknown case system": (
        changed('from_system = "ehm"', 'from_system = "paper"'),
        '"paper"',
        "ehm",
    ),
    "no date": (
        changed("in_force_from = 2026-11-01", 'in_force_from = "soon"'),
        '"soon"',
        "in_force_from",
    ),
    "no such referral source": (
        changed('referral_source = "5D"', 'referral_source = "9Z"'),
        '"9Z"',
        "no 9Z in the census",
    ),
    "no such reason for closure": (
        changed('child_and_family_assessment = "RC9"', 'child_and_family_assessment = "RC99"'),
        "RC99",
        "no RC99 in the census",
    ),
    "a reason for closure of no origin": (
        changed('child_and_family_assessment = "RC9"', 'on_a_whim = "RC9"'),
        "on_a_whim",
        "no origin on_a_whim",
    ),
    "a fortnightly series of unknown weeks": (
        with_more(A_SERIES.replace("1 week", "2 weeks")),
        "",
        "begins",
    ),
    "a series that begins on another weekday": (
        with_more(f'{A_SERIES}weekday = "Monday"\nbegins = 2026-01-07'),
        "",
        "weekday",
    ),
    "a weekday without a rule for bank holidays": (
        with_more(f'{A_SERIES}weekday = "Monday"'),
        "",
        "on_bank_holiday",
    ),
    "late papers of no clock": (
        with_more(f'{A_SERIES}late_papers = "refused"'),
        "",
        "late for what",
    ),
    "papers due by no clock": (
        changed('papers = "DF-3-form"', 'papers = "DF-14-sent"'),
        'papers = "DF-14-sent"',
        "no clock DF-14-sent before the meeting",
    ),
    "an agenda due at two times": (
        changed('to = "agenda_circulated"\nby = "24', 'to = "agenda_circulated"\nby = "25'),
        'agenda = "DF-8-agenda"',
        "not due at one time",
    ),
    "a series on no weekday": (
        with_more(f'{A_SERIES}weekday = "Wodensday"'),
        "Wodensday",
        "Monday",
    ),
    "a series at no time": (with_more(f'{A_SERIES}at = "2 pm"'), '"2 pm"', "14:00"),
    "a series every so often": (
        with_more(A_SERIES.replace("1 week", "often")),
        '"often"',
        "2 weeks",
    ),
    "neither pathway": (TEXT[: TEXT.index("[step_up]")], None, "neither step_up nor step_down"),
    "an empty file": ("", None, "code"),
    "not UTF-8": (TEXT.encode().replace(b"Durham", b"D\xfcrham"), None, "UTF-8"),
    "UTF-16": (TEXT.encode("utf-16"), None, "UTF-8"),
}
"""The file, a part of the line that must be named (empty: some line; None: none), the words."""


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_file_is_named_with_its_line_and_its_fault(tmp_path: Path, fault: str) -> None:
    text, part, says = FAULTS[fault]

    words = refusal(tmp_path, text)

    found = [line for line in words.splitlines() if says in line]
    assert found, words
    assert all(line.startswith("mine.toml:") for line in words.splitlines())
    if part is not None:
        number = found[0].split(":")[1]
        assert number.isdigit(), words
        assert isinstance(text, str)
        assert part in text.splitlines()[int(number) - 1] or "\n" in part


def test_every_fault_of_a_file_is_named_at_once_a_line_each(tmp_path: Path) -> None:
    text = without_rule("DL-3-date")
    text = text.replace('custody_passes_on = "allocated"', 'custody_passes_on = "handed_over"')
    text = text.replace('code = "DL-13-comments"', 'code = "DL-13-date"')

    faults = refusal(tmp_path, text).splitlines()

    assert {fault.split(": ", 1)[1] for fault in faults} == {
        "step_up.custody_passes_on: no milestone handed_over",
        "step_up: no rule asks for date_of_transfer at finalise",
        "step_down.custody_passes_on: no milestone handed_over",
        "step_down.rules.DL-13-date.code: the code DL-13-date is used twice",
    }


@pytest.mark.parametrize("name", sorted(MADE_BY_DECISIONS))
def test_h01_a_file_may_not_have_people_record_what_only_a_decision_reaches(
    tmp_path: Path, name: str
) -> None:
    text = with_more(A_MILESTONE.replace("extra", name))

    words = refusal(tmp_path, text)

    assert f"step_up.milestones.{name}: it is reached by a decision and not recorded" in words


@pytest.mark.parametrize(
    ("code", "asks"),
    [
        ("DL-3-recipient-kind", "a recipient_kind"),
        ("DL-3-recipient-active", 'recipient = "active"'),
        ("DL-3-recipient-authority", 'recipient = "same_authority"'),
    ],
)
def test_h02_a_file_that_lets_a_task_go_to_any_team_is_refused(
    tmp_path: Path, code: str, asks: str
) -> None:
    words = refusal(tmp_path, without_rule(code))

    assert words.endswith(f"step_up: no rule asks for {asks} at dispatch")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProtocolError, match=r"^none\.toml: "):
        read_protocol(tmp_path / "none.toml")


def test_a_protocol_may_know_one_pathway_alone(tmp_path: Path) -> None:
    alone = TEXT[: TEXT.index("[step_down]")]
    for clause in ("11", "13", "14", "15", "16", "18", "20"):
        heading = f'[clauses."DL {clause}"]\n'
        alone = alone.replace(heading, f'{heading}because = "Another pathway"\n')
    alone = alone.replace('[clauses."DF 4"]\n', '[clauses."DF 4"]\nbecause = "Step down"\n')

    assert list(read(tmp_path, alone).pathways) == ["step_up"]


def test_nothing_that_durham_s_file_says_is_lost_in_reading() -> None:
    protocol, file = durham(), tomllib.loads(TEXT)
    halves = [file[half] for half in ("step_up", "step_down")]

    rules = [rule for half in protocol.pathways.values() for rule in half.rules]
    clocks = [clock for half in protocol.pathways.values() for clock in half.clocks]

    said = [
        (r.code, list(r.gates), list(r.condition.routes), r.says, r.source, r.note) for r in rules
    ]
    assert said == [
        (x["code"], x["gates"], x.get("routes", []), x["says"], x["source"], x.get("note"))
        for half in halves
        for x in half["rules"]
    ]
    assert [
        (k.code, str(k.timescale), k.falls_to, list(k.tells), k.severity, k.or_agreed, k.restarts)
        for k in clocks
    ] == [
        (
            x["code"],
            x.get("within") or x.get("by"),
            x["falls_to"],
            x.get("tells", []),
            x["severity"],
            x.get("or_agreed"),
            x.get("restarts", False),
        )
        for half in halves
        for x in half["clocks"]
    ]
    assert {name: c.says for name, c in protocol.clauses.items()} == {
        name: c["says"] for name, c in file["clauses"].items()
    }
