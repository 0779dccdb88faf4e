"""Pausing a clock with a reason, and letting it run again: who may, and when."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from builders import NOW, actor, situation, somebody, transfer_at

from app.domain.clocks import Clock, ClockState
from app.domain.decision import Situation
from app.domain.errors import NotPermitted, NotVisible, RulesBroken, StaleVersion, TransferError
from app.domain.pathway import Stage
from app.domain.pause_clock import pause_clock, resume_clock
from app.domain.pauses import Pause, Why
from app.domain.people import Actor, Role
from app.domain.transfer import BookedMeeting, Milestone, Transfer

SENT = transfer_at(Stage.DISPATCHED)
CODE, BEFORE_MEETING = "HZ-3-pick-up", "DF-8-agenda"
MANAGER = actor("ff.manager")
HOUR = timedelta(hours=1)

AWAY = Why("family_away", "Back on Monday")
BACK = Why("family_back", "Sooner than planned")


def paused(by: Actor = MANAGER, transfer: Transfer = SENT, when: datetime = NOW) -> Transfer:
    """The transfer with its clock of the pick-up paused."""
    where = situation(when)
    return pause_clock(transfer, CODE, AWAY, by, where).after


def clock(transfer: Transfer, where: Situation) -> Clock:
    """The clock of the pick-up."""
    (found,) = (x for x in where.clocks(transfer) if x.kind.code == CODE)
    return found


def test_a_manager_pauses_a_clock_that_runs_and_the_record_says_who_and_why() -> None:
    decision = pause_clock(SENT, CODE, AWAY, MANAGER, situation())

    after = decision.after
    assert after.pauses == (Pause(CODE, NOW, "ff.manager", "family_away", "Back on Monday"),)
    assert (after.stage, after.version) == (Stage.DISPATCHED, SENT.version + 1)
    (event,) = decision.events
    assert (event.action, event.codes) == ("clock_paused", (CODE, "family_away"))
    assert "Monday" not in repr(event)


def test_a_clock_that_is_resumed_gets_back_what_the_pause_took() -> None:
    later = situation(NOW + timedelta(days=3))

    decision = resume_clock(paused(), CODE, BACK, MANAGER, later)

    (pause,) = decision.after.pauses
    assert (pause.ended_at, pause.ended_by) == (later.now, "ff.manager")
    assert (pause.ended_reason, pause.ended_comment) == ("family_back", "Sooner than planned")
    assert clock(decision.after, later).state(later.now) is ClockState.RUNNING
    (event,) = decision.events
    assert (event.action, event.codes) == ("clock_resumed", (CODE, "family_back"))
    assert "planned" not in repr(event)


def test_a_clock_may_be_paused_again() -> None:
    resumed = resume_clock(paused(), CODE, BACK, MANAGER, situation(NOW + HOUR)).after

    again = paused(transfer=resumed, when=NOW + 2 * HOUR)

    assert clock(again, situation(NOW + 3 * HOUR)).paused_at == NOW + 2 * HOUR
    assert len(again.pauses) == 2


def test_a_clock_that_is_late_may_be_paused() -> None:
    late = NOW + timedelta(days=10)

    assert clock(paused(when=late), situation(late)).state(late) is ClockState.PAUSED


@pytest.mark.parametrize(
    ("person", "outcome"),
    [
        ("op.manager", "paused"),
        ("ff.manager", "paused"),
        ("operations.manager", "paused"),
        ("op.worker", "NotPermitted"),
        ("ff.socialworker", "NotPermitted"),
        ("ff.coordinator", "NotPermitted"),
        ("ff.chester.manager", "NotVisible"),
    ],
)
def test_managers_of_either_team_pause_and_nobody_else(person: str, outcome: str) -> None:
    try:
        paused(actor(person))
        answer = "paused"
    except TransferError as refusal:
        answer = type(refusal).__name__

    assert answer == outcome


def test_an_auditor_sees_and_does_not_pause() -> None:
    with pytest.raises(NotPermitted):
        paused(somebody("an auditor", Role.AUDITOR))


def test_a_stale_version_is_refused_before_the_clock_is_looked_for() -> None:
    where = situation()

    with pytest.raises(StaleVersion):
        pause_clock(SENT, "no-such", AWAY, MANAGER, where, expected_version=0)
    with pytest.raises(StaleVersion):
        resume_clock(SENT, "no-such", BACK, MANAGER, where, expected_version=0)


def test_a_clock_that_does_not_count_for_the_transfer_is_not_there() -> None:
    with pytest.raises(NotVisible):
        pause_clock(SENT, "HZ-3-urgent", AWAY, MANAGER, situation())
    with pytest.raises(NotVisible):
        resume_clock(SENT, "HZ-3-urgent", BACK, MANAGER, situation())


@pytest.mark.parametrize(
    ("transfer", "found"),
    [
        (transfer_at(Stage.PICKED_UP), "met"),
        (transfer_at(Stage.DECLINED), "stopped"),
        (paused(), "paused"),
    ],
    ids=["met", "stopped", "paused"],
)
def test_only_a_clock_that_runs_is_paused(transfer: Transfer, found: str) -> None:
    with pytest.raises(RulesBroken) as refusal:
        paused(transfer=transfer)

    (breach,) = refusal.value.breaches
    assert (breach.code, breach.source, breach.found) == ("clock-pause", "HZ 3", found)


def test_a_clock_that_waits_is_not_paused() -> None:
    with pytest.raises(RulesBroken, match=r"^clock-pause$"):
        paused(by=actor("op.manager"), transfer=transfer_at(Stage.DRAFT))


def test_a_time_before_a_meeting_is_not_paused() -> None:
    meeting = NOW + timedelta(days=5)
    booking = Milestone("submitted_to_meeting", NOW, "op.worker", NOW, until=meeting)
    submitted = replace(SENT, meeting=BookedMeeting("weekly", meeting)).with_milestone(booking)

    with pytest.raises(RulesBroken) as refusal:
        pause_clock(submitted, BEFORE_MEETING, AWAY, MANAGER, situation())

    (breach,) = refusal.value.breaches
    assert (breach.code, breach.found) == ("clock-pause", "a time before a meeting")


def test_only_a_clock_that_is_paused_is_resumed() -> None:
    with pytest.raises(RulesBroken) as refusal:
        resume_clock(SENT, CODE, BACK, MANAGER, situation())

    (breach,) = refusal.value.breaches
    assert (breach.code, breach.found) == ("clock-resume", "running")


def test_a_resumed_clock_ends_its_own_last_pause_and_no_other() -> None:
    earlier = replace(
        Pause(CODE, NOW - 2 * HOUR, "x", "family_away", "Away"),
        ended_at=NOW - HOUR,
        ended_by="y",
        ended_reason="family_back",
    )
    another = Pause("another-clock", NOW - HOUR, "x", "family_away", "Away")
    again = paused(transfer=replace(SENT, pauses=(earlier, another)))

    after = resume_clock(again, CODE, BACK, MANAGER, situation(NOW + HOUR)).after

    assert after.pauses[:2] == (earlier, another)
    assert after.pauses[2].ended_at == NOW + HOUR
