"""The page on protocol files names every key that the reader lets pass, and no other."""

import re
from pathlib import Path

import pytest

from app.domain.before_meeting import parse_before
from app.domain.milestone_names import MADE_BY_DECISIONS
from app.domain.protocol import Gate
from app.domain.rules.form import FieldGiven
from app.domain.timescales import parse_within
from app.protocols.clock_shape import ClockShape
from app.protocols.escalation_shape import EscalationShape, LevelShape, OutcomeShape
from app.protocols.file_shape import (
    ClauseShape,
    ClosingShape,
    HandoverShape,
    OriginRemainsShape,
    PathwayShape,
    ProtocolShape,
    RecordDateShape,
    RouteShape,
    RuleShape,
)
from app.protocols.meeting_shape import MeetingShape
from app.protocols.milestone_shape import MilestoneShape
from app.protocols.needs_shape import NeedsShape
from app.protocols.reader import ProtocolError, parse_protocol
from app.protocols.shape import Shape

PAGE = (Path(__file__).parents[2] / "docs" / "protocol-files.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^##+ (.+?)$(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL))


def first_column(heading: str) -> list[str]:
    """The keys of the section's table."""
    return re.findall(r"^\| `(\w+)` \|", SECTIONS[heading], re.MULTILINE)


@pytest.mark.parametrize(
    ("heading", "shape"),
    [
        ("The file", ProtocolShape),
        ("A clause", ClauseShape),
        ("A series of meetings", MeetingShape),
        ("A pathway", PathwayShape),
        ("The record's date", RecordDateShape),
        ("Until when the origin's lead stays", OriginRemainsShape),
        ("The handover", HandoverShape),
        ("Closing at source", ClosingShape),
        ("How disagreements are settled", EscalationShape),
        ("A level", LevelShape),
        ("An outcome", OutcomeShape),
        ("A route", RouteShape),
        ("A milestone", MilestoneShape),
        ("A rule", RuleShape),
        ("A clock", ClockShape),
        ("Kinds of needs", NeedsShape),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_page_names_every_key_once_and_no_other(heading: str, shape: type[Shape]) -> None:
    keys = [field.alias or name for name, field in shape.model_fields.items()]

    assert sorted(first_column(heading)) == sorted(keys)


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("A rule", [gate.value for gate in Gate]),
        ("A milestone", sorted(MADE_BY_DECISIONS)),
        ("Kinds of needs", FieldGiven.choices),
    ],
    ids=["gates", "milestones of decisions", "fields"],
)
def test_the_page_names_every_word_that_is_known(heading: str, words: list[str]) -> None:
    assert [word for word in words if f"`{word}`" not in SECTIONS[heading]] == []


def test_the_smallest_file_is_sound_and_can_spare_none_of_its_rules() -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    head, *rules = text.split("[[step_up.rules]]")

    parse_protocol(text, "smallest.toml")

    assert len(rules) == 6
    for spared in rules:
        kept = [head, *(rule for rule in rules if rule != spared)]
        with pytest.raises(ProtocolError, match="step_up: no rule asks for "):
            parse_protocol("[[step_up.rules]]".join(kept), "smaller.toml")


def test_the_timescales_of_the_page_are_read() -> None:
    written = re.findall(r'"([^"]+)"', SECTIONS["Timescales"])

    assert len(written) == 13
    for text in written:
        read = parse_before(text) if text.endswith("before") else parse_within(text)
        assert str(read) == text
