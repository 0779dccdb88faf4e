"""A protocol file that cannot be enforced is refused, with its name and every fault in words."""

import tomllib
from pathlib import Path

import pytest
from builders import durham

from app.domain.protocol import CouncilProtocol
from app.protocols.reader import ProtocolError, load_protocols, read_protocol, read_protocols

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


DATE_RULE = 'code = "DL-3-date"\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param(changed('code = "durham"', 'code = "durham'), "line", id="not TOML"),
        pytest.param(
            changed('code = "durham"', 'code = "durham"\ncode = "durham"'),
            "Cannot overwrite a value",
            id="a key twice",
        ),
        pytest.param(
            changed('short_name = "Durham"', 'short_name = "Durham"\ncolour = "red"'),
            "colour: Extra inputs are not permitted",
            id="an unknown key",
        ),
        pytest.param(
            changed("[step_up]\n", "[step_up]\npriority = 1\n"),
            "step_up.priority: Extra inputs are not permitted",
            id="an unknown key of a pathway",
        ),
        pytest.param(
            changed('needs = { origin = "allowed_by_route" }', 'needs = { mood = "good" }'),
            "step_up.rules.0.needs.mood: Extra inputs are not permitted",
            id="an unknown kind of rule",
        ),
        pytest.param(
            changed('says = "Give the Date of Transfer"\nsource = "DL 3"', 'says = "Give it"'),
            "step_up.rules.4.source: Field required",
            id="a rule without its source",
        ),
        pytest.param(
            changed(
                'says = "Give the Date of Transfer"\nsource = "DL 3"', 'says = ""\nsource = ""'
            ),
            "step_up.rules.4.says: String should have at least 1 character; "
            "step_up.rules.4.source: String should have at least 1 character",
            id="a rule without words",
        ),
        pytest.param(
            changed('custody_passes_on = "allocated"', 'custody_passes_on = "handed_over"'),
            "step_up: no milestone handed_over",
            id="custody on no milestone",
        ),
        pytest.param(
            changed('["allocated", "origin_closed"]', '["allocated", "closed", "reviewed"]'),
            "step_up: no milestone closed; step_up: no milestone reviewed",
            id="completion on no milestones",
        ),
        pytest.param(
            changed('after = "allocated"', 'after = "alocated"'),
            "step_up: no milestone alocated",
            id="a milestone after none",
        ),
        pytest.param(
            changed('{ milestone = "origin_closed" }', '{ milestone = "visited" }'),
            "step_up: no milestone visited",
            id="a rule on no milestone",
        ),
        pytest.param(
            changed(
                '{ field = "comments" }', '{ field = "comments", recipient_kind = "social_care" }'
            ),
            "step_up: DL-3-comments: needs names one kind of rule",
            id="two kinds in needs",
        ),
        pytest.param(
            changed('{ origin_record = "active" }', "{}"),
            "step_up: DL-2-active-episode: needs names one kind of rule",
            id="no kind in needs",
        ),
        pytest.param(
            changed('{ field = "meeting.held_on" }', '{ field = "meeting.held" }'),
            "step_up: DL-4-meeting-date: no field meeting.held",
            id="an unknown field",
        ),
        pytest.param(
            changed('routes = ["immediate_risk"]', 'routes = ["immediate_danger"]'),
            "step_up: DL-1-contact: no route immediate_danger",
            id="an unknown route",
        ),
        pytest.param(
            changed('code = "DL-3-comments"', 'code = "DL-3-date"'),
            "step_up: the code DL-3-date is used twice",
            id="a code twice",
        ),
        pytest.param(
            without_rule("DL-3-date"),
            "step_up: no rule asks for date_of_transfer at finalise",
            id="no rule asks for the date",
        ),
        pytest.param(
            without_rule("DL-13-comments"),
            "step_down: no rule asks for comments at finalise",
            id="no rule asks for the comments",
        ),
        pytest.param(
            changed(
                f'{DATE_RULE}gates = ["finalise"]\nseverity = "must"',
                f'{DATE_RULE}gates = ["finalise"]\nseverity = "should"',
            ),
            "step_up: no rule asks for date_of_transfer at finalise",
            id="the mandatory date only warned about",
        ),
        pytest.param(
            changed(f'{DATE_RULE}gates = ["finalise"]', f'{DATE_RULE}gates = ["edit"]'),
            "step_up: no rule asks for date_of_transfer at finalise",
            id="the mandatory date asked elsewhere",
        ),
        pytest.param(
            changed(DATE_RULE, f'{DATE_RULE}routes = ["meeting"]\n'),
            "step_up: no rule asks for date_of_transfer at finalise",
            id="the mandatory date on one route only",
        ),
        pytest.param(
            changed('severity = "must"', 'severity = "perhaps"'),
            "step_up.rules.0.severity: Input should be 'must' or 'should'",
            id="an unknown severity",
        ),
        pytest.param(
            changed('gates = ["open"]', "gates = []"),
            "step_up.rules.0.gates: List should have at least 1 item",
            id="no gate",
        ),
        pytest.param(
            changed('authorised_by = ["team_manager"]', 'authorised_by = ["mayor"]'),
            "step_down.authorised_by.0: Input should be",
            id="an unknown role",
        ),
        pytest.param(
            changed('authorised_by = ["team_manager"]', 'authorised_by = ["auditor"]'),
            "step_down: authorised_by: no auditor belongs to a team",
            id="a role that nobody has in a team",
        ),
        pytest.param(
            changed(
                'milestone_with_recipient = "receiving_manager_contacted"',
                'milestone_with_recipient = "called"',
            ),
            "step_up: no milestone called",
            id="a dangling milestone of the recipient",
        ),
        pytest.param(
            changed('from_system = "ehm"', 'from_system = "paper"'),
            "step_up.from_system: Input should be 'ehm' or 'lcs'",
            id="an unknown case system",
        ),
        pytest.param(
            changed("in_force_from = 2026-11-01", 'in_force_from = "soon"'),
            "in_force_from: Input should be a valid date",
            id="no date",
        ),
        pytest.param(
            TEXT[: TEXT.index("[step_down]")],
            "step_down: Field required",
            id="one pathway only",
        ),
        pytest.param("", "code: Field required", id="an empty file"),
        pytest.param(TEXT.encode().replace(b"Durham", b"D\xfcrham"), "utf-8", id="not UTF-8"),
        pytest.param(TEXT.encode("utf-16"), "utf-8", id="UTF-16"),
    ],
)
def test_a_faulty_file_is_named_with_its_fault(
    tmp_path: Path, text: str | bytes, says: str
) -> None:
    words = refusal(tmp_path, text)

    assert words.startswith("mine.toml: ")
    assert says in words


def test_every_fault_of_a_file_is_named_at_once(tmp_path: Path) -> None:
    text = without_rule("DL-3-date")
    text = text.replace('custody_passes_on = "allocated"', 'custody_passes_on = "handed_over"')
    text = text.replace('code = "DL-13-comments"', 'code = "DL-13-date"')

    assert refusal(tmp_path, text) == (
        "mine.toml: step_up: no milestone handed_over; "
        "step_up: no rule asks for date_of_transfer at finalise; "
        "step_down: no milestone handed_over; "
        "step_down: the code DL-13-date is used twice"
    )


@pytest.mark.parametrize("name", ["allocated", "started", "dispatched", "declined", "completed"])
def test_h01_a_file_may_not_have_people_record_what_only_a_decision_reaches(
    tmp_path: Path, name: str
) -> None:
    text = changed("[step_up.milestones.origin_closed]", f"[step_up.milestones.{name}]")

    words = refusal(tmp_path, text)

    assert f"step_up: the milestone {name} is reached by a decision and not recorded" in words


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
    assert refusal(tmp_path, without_rule(code)) == (
        f"mine.toml: step_up: no rule asks for {asks} at dispatch"
    )


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProtocolError, match=r"^none\.toml: "):
        read_protocol(tmp_path / "none.toml")


def test_two_files_with_one_code_are_refused(tmp_path: Path) -> None:
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")

    with pytest.raises(ProtocolError, match=r"^b\.toml: the code durham is taken$"):
        read_protocols(tmp_path)


def test_a_council_s_own_file_stands_over_the_one_that_ships(tmp_path: Path) -> None:
    read(tmp_path, changed('version = "2026-11"', 'version = "2027-01"'), "durham.toml")

    assert load_protocols(tmp_path)["durham"].version == "2027-01"
    assert load_protocols(None)["durham"].version == "2026-11"


def test_what_is_no_toml_file_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("Not a protocol", encoding="utf-8")

    assert read_protocols(tmp_path) == {}


def test_nothing_that_durham_s_file_says_is_lost_in_reading() -> None:
    protocol, file = durham(), tomllib.loads(TEXT)

    rules = [rule for half in ("step_up", "step_down") for rule in file[half]["rules"]]

    read_rules = [rule for half in protocol.pathways.values() for rule in half.rules]
    assert [(r.code, list(r.gates), list(r.routes), r.says, r.source) for r in read_rules] == [
        (x["code"], x["gates"], x.get("routes", []), x["says"], x["source"]) for x in rules
    ]
