"""A meeting that is called off, and the cases that waited for it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from builders import NOW, actor, situation, somebody
from domain.meeting_cases import (
    CHAIR,
    COORDINATOR,
    DEPUTY,
    EMPTY,
    MEMBER,
    NEXT,
    STARTS,
    WORKER,
    joining,
    serving,
    sitting,
    submitted,
    with_three,
)

from app.domain import commands as c
from app.domain.breach import Breach
from app.domain.decide import decide
from app.domain.errors import CalledOff, NotPermitted, NotVisible, RulesBroken, StaleVersion
from app.domain.meetings.attendance import record_attendance
from app.domain.meetings.bookings import Standing
from app.domain.meetings.call_off import call_off
from app.domain.meetings.decide_case import Ruling, decide_case
from app.domain.meetings.for_all import circulate, record_for_all
from app.domain.meetings.meeting import Attendance, Attended
from app.domain.meetings.sitting import MeetingChange, Sitting
from app.domain.meetings.submission import left
from app.domain.pathway import Stage
from app.domain.people import Actor, Role
from app.domain.record_milestone import Happened, record_milestone
from app.domain.transfer import BookedMeeting

HELD = STARTS + timedelta(minutes=10)
WHY = "Zebedee the chair is ill."


def after(found: Sitting, change: MeetingChange) -> Sitting:
    """The sitting once that change is made."""
    decided = {d.after.id: d.after for d, _ in change.decisions}
    return replace(found, meeting=change.after, transfers={**found.transfers, **decided})


def called_off(now: datetime = NOW + timedelta(hours=1)) -> Sitting:
    """A meeting with three cases that is called off at that time."""
    found = with_three(now)
    return after(found, call_off(found, WHY, COORDINATOR, now))


def at(found: Sitting, now: datetime) -> Sitting:
    """The same sitting at another time."""
    return replace(found, situations=dict.fromkeys(found.transfers, situation(now)))


def broken(act: object) -> tuple[Breach, ...]:
    with pytest.raises(RulesBroken) as refusal:
        act()  # type: ignore[operator]
    return refusal.value.breaches


@pytest.mark.parametrize("person", [CHAIR, DEPUTY, COORDINATOR])
def test_who_runs_a_meeting_calls_it_off_and_every_case_has_it_recorded(person: Actor) -> None:
    now = NOW + timedelta(hours=1)
    found = with_three(now)

    change = call_off(found, WHY, person, now, expected_version=4)

    meeting = change.after
    assert (meeting.called_off_at, meeting.called_off_by, meeting.version) == (now, person.id, 5)
    assert meeting.called_off_reason == WHY
    assert [d.after.milestones[-1].name for d, _ in change.decisions] == ["meeting_called_off"] * 3
    assert {d.after.version - found.transfers[d.after.id].version for d, _ in change.decisions} == {
        1
    }
    assert [d.events[0].codes for d, _ in change.decisions] == [("m-1",)] * 3
    assert WHY not in str((change.event, change.decisions))


def test_the_teams_of_each_case_are_told_of_the_next_meeting_once() -> None:
    weekly = replace(with_three().series, weekday=STARTS.weekday(), at=STARTS.time())
    found = with_three(NOW)
    protocol = replace(found.protocol, meetings={"weekly": weekly})
    (decision, _), *_ = call_off(replace(found, protocol=protocol), WHY, CHAIR, NOW).decisions

    (alert,) = decision.alerts
    assert (alert.kind, alert.team) == ("meeting_called_off", "op-bishop")
    assert alert.key == "meeting_called_off:m-1:first:op-bishop"
    assert "or to the next meeting: 2 December 2026" in alert.says
    assert weekly.next_after(STARTS, situation().calendar) is not None


def test_a_case_that_was_sent_before_tells_the_other_team_as_well() -> None:
    sent = replace(submitted("first"), sent_to="ff-bishop")
    found = sitting(joining(EMPTY, submitted("first")), sent, now=NOW)

    ((decision, _),) = call_off(found, WHY, CHAIR, NOW).decisions

    assert [alert.team for alert in decision.alerts] == ["op-bishop", "ff-bishop"]


@pytest.mark.parametrize(
    ("person", "error"),
    [
        (MEMBER, NotPermitted),
        (WORKER, NotPermitted),
        (serving(Role.CHAIR, "south"), NotVisible),
        (somebody("ff.chester", Role.TEAM_MANAGER, "ff-chester"), NotVisible),
    ],
)
def test_nobody_else_calls_a_meeting_off(person: Actor, error: type[Exception]) -> None:
    with pytest.raises(error):
        call_off(with_three(NOW), WHY, person, NOW)


def test_a_meeting_is_called_off_once_and_as_it_was_seen() -> None:
    with pytest.raises(CalledOff):
        call_off(called_off(), WHY, CHAIR, HELD, expected_version=4)
    with pytest.raises(StaleVersion):
        call_off(with_three(NOW), WHY, CHAIR, NOW, expected_version=3)


def test_a_meeting_that_has_decided_something_is_not_called_off() -> None:
    found = with_three()
    found = after(found, decide_case(found, "second", Ruling("deferred", "Why.", HELD), CHAIR))

    (breach,) = broken(lambda: call_off(found, WHY, CHAIR, HELD))

    assert (breach.code, breach.found) == ("meeting-decided", "a case is decided")


def test_what_was_moved_or_withdrawn_hears_nothing() -> None:
    found = with_three(NOW)
    cancel = c.Cancel("entered_in_error", "A mistake")
    gone = decide(found.transfers["first"], cancel, actor("op.manager"), situation()).after
    moved = submitted("second", NEXT, NOW + timedelta(hours=1), found.transfers["second"])
    meeting = left(found.meeting, found.transfers["second"], situation())
    transfers = {**found.transfers, "first": gone, "second": moved}

    change = call_off(replace(found, meeting=meeting, transfers=transfers), WHY, CHAIR, NOW)

    assert [d.after.id for d, _ in change.decisions] == ["third"]


def test_what_went_to_another_series_or_has_ended_hears_nothing() -> None:
    found = with_three(NOW)
    south = replace(found.transfers["first"], meeting=BookedMeeting("south", NEXT))
    ended = replace(found.transfers["second"], stage=Stage.COMPLETED)
    found = replace(found, transfers={**found.transfers, "first": south, "second": ended})

    change = call_off(found, WHY, CHAIR, NOW)

    assert [d.after.id for d, _ in change.decisions] == ["third"]


def test_a_meeting_without_cases_is_called_off_as_well() -> None:
    assert call_off(sitting(EMPTY), WHY, CHAIR, NOW).decisions == ()


def test_a_meeting_that_is_called_off_takes_no_case_not_even_one_that_waited() -> None:
    found = called_off()

    for name in ("first", "fourth"):
        case = submitted(name, now=NOW + timedelta(hours=2))
        (breach,) = broken(lambda case=case: joining(found.meeting, case))
        assert (breach.code, breach.found) == ("meeting-called-off", "a meeting that is called off")


def test_it_decides_nothing_whether_that_is_recorded_in_it_or_on_the_transfer() -> None:
    found = at(called_off(), HELD)
    told = Happened("meeting_decided", HELD, note="By hand.", outcome="agreed")

    in_it = broken(lambda: decide_case(found, "first", Ruling("agreed", "Why.", HELD), CHAIR))
    by_hand = broken(
        lambda: record_milestone(found.transfers["first"], told, CHAIR, situation(HELD))
    )

    assert [b.code for b in in_it] == [b.code for b in by_hand] == ["meeting-called-off"]


def test_nothing_else_is_recorded_of_a_meeting_that_is_called_off() -> None:
    found = at(called_off(), HELD)
    people = (Attendance("A", "One Point", Attended.ATTENDED),)
    acts = (
        lambda: circulate(found, COORDINATOR, HELD),
        lambda: record_for_all(found, Happened("minutes_uploaded", HELD), COORDINATOR, HELD),
        lambda: record_attendance(found, people, COORDINATOR, HELD),
    )

    assert [[b.code for b in broken(act)] for act in acts] == [["meeting-called-off"]] * 3


def test_its_case_goes_to_another_meeting_that_decides_it() -> None:
    found, now = called_off(), NOW + timedelta(hours=2)
    before = found.transfers["first"]
    again = submitted("first", NEXT, now, before)
    next_one = joining(replace(EMPTY, id="m-2", starts_at=NEXT), again, now)
    there = sitting(next_one, again, now=NEXT)

    meeting = left(found.meeting, before, situation(now))
    change = decide_case(there, "first", Ruling("agreed", "Why.", NEXT), CHAIR)

    stands = sitting(meeting, *({**found.transfers, "first": again}).values()).standings
    assert stands == {
        "first": Standing.MOVED,
        "second": Standing.LISTED,
        "third": Standing.LISTED,
    }
    assert change.decisions[0][0].after.milestones[-1].outcome == "agreed"


def test_the_clocks_before_a_meeting_that_is_called_off_go_on_until_the_case_is_booked() -> None:
    found = called_off()
    waits = situation(HELD)
    before = {x.kind.code: x for x in situation(NOW).clocks(submitted("first"))}
    now = {x.kind.code: x for x in waits.clocks(found.transfers["first"])}
    booked = submitted("first", NEXT, HELD, found.transfers["first"])
    after_it = {x.kind.code: x for x in waits.clocks(booked)}

    assert now["DF-8-agenda"].due_at == before["DF-8-agenda"].due_at
    assert now["DF-8-agenda"].met_at is None
    assert after_it["DF-8-agenda"].due_at == NEXT - timedelta(hours=24)


def test_what_was_done_for_a_meeting_that_was_not_held_is_done_for_the_next() -> None:
    found = with_three(NOW)
    told = Happened("agenda_circulated", NOW)
    known = record_milestone(found.transfers["first"], told, COORDINATOR, situation()).after
    found = replace(found, transfers={**found.transfers, "first": known})
    found = after(found, call_off(found, WHY, CHAIR, NOW))
    booked = submitted("first", NEXT, HELD, found.transfers["first"])

    (clock,) = [x for x in situation(HELD).clocks(booked) if x.kind.code == "DF-8-agenda"]

    assert clock.met_at == NOW


@pytest.mark.parametrize("stage", [Stage.COMPLETED, Stage.CANCELLED])
@pytest.mark.parametrize("outcome", ["agreed", "deferred"])
def test_nothing_is_decided_or_corrected_once_the_transfer_has_ended(
    stage: Stage, outcome: str
) -> None:
    found = with_three()
    found = after(found, decide_case(found, "first", Ruling("deferred", "Why.", HELD), CHAIR))
    ended = replace(found.transfers["first"], stage=stage)
    found = replace(found, transfers={**found.transfers, "first": ended})
    told = Happened("meeting_decided", HELD, note="By hand.", outcome=outcome)

    in_it = broken(lambda: decide_case(found, "first", Ruling(outcome, "Why.", HELD), CHAIR))
    by_hand = broken(lambda: record_milestone(ended, told, CHAIR, situation(HELD)))

    for (breach,) in (in_it, by_hand):
        assert (breach.code, breach.source, breach.found) == ("milestone-stage", "protocol", stage)
