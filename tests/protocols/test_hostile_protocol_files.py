"""What else a protocol file may not hold: values of another kind, what can never happen."""

import os
from datetime import date
from pathlib import Path

import pytest

from app.protocols.reader import LONGEST, ProtocolError, parse_protocol, read_protocol
from app.protocols.shelf import SHIPPED, load_protocols

TEXT = (SHIPPED / "rochdale.toml").read_text(encoding="utf-8")
MET = "[step_up.milestones.team_around_the_family_met]\n"
BEFORE = (
    '[[step_up.clocks]]\ncode = "X-1"\nsays = "x"\nsource = "RO 13"\nseverity = "must"\n'
    'falls_to = "origin"\nto = "minutes_shared"\nby = "1 hour before"\n'
)


def changed(old: str, new: str) -> str:
    """Rochdale's file with one change, at its first place."""
    assert old in TEXT
    return TEXT.replace(old, new, 1)


FAULTS = {
    "a day in quotes": (
        changed("in_force_from = 2026-11-01", 'in_force_from = "2026-11-01"'),
        ":8: in_force_from: is not a day",
    ),
    "a day with a time": (
        changed("in_force_from = 2026-11-01", "in_force_from = 2026-11-01T00:00:00Z"),
        ":8: in_force_from: has a time",
    ),
    "a yes that is text": (
        changed("amend = true", 'amend = "yes"'),
        "step_up.record_date.amend: is not true or false",
    ),
    "a yes that is a number": (
        changed("gives_time = true", "gives_time = 1"),
        "next_meeting_agreed.gives_time: is not true or false",
    ),
    "words that are blank": (
        changed('says = "Give the Comments"', 'says = "  "'),
        "LL-3-comments.says: is empty",
    ),
    "words that a terminal obeys": (
        changed('says = "Give the Comments"', 'says = "\\u001b[2J"'),
        "LL-3-comments.says: has a character that cannot be read",
    ),
    "a route that no request can name": (
        changed("[step_up.routes.team_around_the_family]", "[step_up.routes.Team-1]"),
        "step_up.routes.Team-1: is no name: small letters",
    ),
    "a milestone that no request can name": (
        changed(MET, "[step_up.milestones.1st_meeting]\n"),
        "step_up.milestones.1st_meeting: is no name: small letters",
    ),
    "a clock before a meeting that no route goes to": (
        TEXT + BEFORE,
        "step_up.clocks.X-1.by: no route goes to a meeting",
    ),
    "a clock that what starts it also meets": (
        changed('to = "minutes_shared"', 'to = "meeting_decided"'),
        "step_up.clocks.RO-13-minutes.to: meeting_decided also starts it",
    ),
    "a milestone after itself": (
        changed(MET, f'{MET}after = "team_around_the_family_met"\n'),
        "step_up.milestones.team_around_the_family_met.after: waits for itself",
    ),
    "milestones after each other": (
        changed(MET, f'{MET}after = "minutes_shared"\n').replace(
            "[step_up.milestones.minutes_shared]\n",
            '[step_up.milestones.minutes_shared]\nafter = "team_around_the_family_met"\n',
        ),
        "step_up.milestones.minutes_shared.after: waits for itself",
    ),
    "lists without end": ("a = " + "[" * 5000, "not TOML: nested too deeply"),
    "tables without end": ("a = " + "{a = " * 5000, "not TOML: nested too deeply"),
    "a number without end": ("a = " + "9" * 5000, "not TOML: a number too long"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_a_protocol_cannot_mean_is_refused_in_words(fault: str) -> None:
    text, says = FAULTS[fault]

    with pytest.raises(ProtocolError) as error:
        parse_protocol(text, "mine.toml")

    assert says in str(error.value)


def test_a_file_may_begin_with_the_mark_of_an_editor(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(TEXT, encoding="utf-8-sig")

    assert read_protocol(path).in_force_from == date(2026, 11, 1)


@pytest.mark.parametrize("name", ["no-such-folder", "a-file"])
def test_a_folder_that_is_none_is_refused_and_not_taken_for_an_empty_one(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "a-file").touch()

    with pytest.raises(ProtocolError, match=f"{name}: is no folder of protocol files$"):
        load_protocols(tmp_path / name)


def test_two_versions_that_begin_on_the_same_day_are_refused(tmp_path: Path) -> None:
    text = changed('version = "2026-11"', 'version = "2026-11b"')
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")

    with pytest.raises(ProtocolError, match=r"begins on the same day as rochdale 2026-11$"):
        load_protocols(tmp_path)


def test_a_file_that_is_far_too_long_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("# " + "x" * LONGEST, encoding="utf-8")

    with pytest.raises(ProtocolError, match=r"^mine\.toml: longer than 1000000 bytes$"):
        read_protocol(path)


def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "mine.toml"
    os.mkfifo(pipe)

    with pytest.raises(ProtocolError, match=r"^mine\.toml: not a file$"):
        read_protocol(pipe)
