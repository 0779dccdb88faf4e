"""Rochdale shares minutes and actions within five working days: due, met, late, alerted once."""

from datetime import UTC, datetime, timedelta

import pytest
from procedures.case import on_one_store
from procedures.rochdale_forms import (
    COORDINATOR,
    LEAD,
    MET,
    STEP_UP,
    TEAM_MANAGER,
    RochdaleCase,
    Sides,
    either_way,
    end_of,
)
from service import Api

pytestmark = [on_one_store, pytest.mark.long]
MINUTES = "RO-13-minutes"
INSTANT = timedelta(microseconds=1)


@either_way
async def test_ro_13_minutes_are_due_at_the_end_of_the_fifth_working_day(
    rochdale: Api, sides: Sides
) -> None:
    case = await RochdaleCase.decided(rochdale, sides)
    due = end_of(2026, 11, 17)

    assert await case.due(MINUTES) == due
    states = await case.state_at(MINUTES, MET, due, due + INSTANT)
    assert states == ["running", "nearly_late", "late"]


async def test_ro_13_bank_holidays_are_no_working_days(rochdale: Api) -> None:
    case = await RochdaleCase.drafted(rochdale, STEP_UP)
    case.at(datetime(2026, 12, 22, 15, tzinfo=UTC))
    await case.record(LEAD, "meeting_decided", outcome="agreed")
    assert await case.due(MINUTES) == end_of(2026, 12, 31)

    case.at(end_of(2026, 12, 31).astimezone(UTC))
    await case.record(COORDINATOR, "minutes_shared")

    assert await case.state(MINUTES) == "met"


@pytest.mark.parametrize("outcome", ["agreed", "not_agreed"])
async def test_ro_13_what_was_decided_against_has_minutes_too(rochdale: Api, outcome: str) -> None:
    case = await RochdaleCase.drafted(rochdale, STEP_UP)

    await case.record(LEAD, "meeting_decided", outcome=outcome)

    assert await case.state(MINUTES) == "running"


async def test_ro_12_13_a_meeting_that_decided_nothing_has_minutes_too(rochdale: Api) -> None:
    case = await RochdaleCase.drafted(rochdale, STEP_UP)
    assert await case.state(MINUTES) == "waiting"

    await case.record(LEAD, "team_around_the_family_met")
    case.api.clock.move(hours=5)
    await case.record(COORDINATOR, "minutes_shared")

    assert await case.state(MINUTES) == "met"


async def test_ro_13_minutes_shared_late_keep_by_how_much(rochdale: Api) -> None:
    case = await RochdaleCase.decided(rochdale, STEP_UP)
    case.at(datetime(2026, 11, 18, 9, 15, tzinfo=UTC))

    await case.record(COORDINATOR, "minutes_shared")

    assert await case.state(MINUTES) == "met_late"
    assert await case.late_by(MINUTES) == timedelta(hours=9, minutes=15)


async def test_ro_13_late_minutes_alert_both_teams_once_each(
    rochdale: Api,
) -> None:
    case = await RochdaleCase.dispatched(rochdale, STEP_UP)
    late = end_of(2026, 11, 17) + INSTANT

    alerts = await case.alerted(MINUTES, late, late + timedelta(days=1))

    assert alerts == [("clock_late", "ro-cin"), ("clock_late", "ro-taf")]


async def test_ro_13_late_minutes_of_a_draft_alert_the_origin_alone(rochdale: Api) -> None:
    case = await RochdaleCase.decided(rochdale, STEP_UP)

    alerts = await case.alerted(MINUTES, end_of(2026, 11, 17) + INSTANT)

    assert alerts == [("clock_late", "ro-taf")]


async def test_ro_13_the_receiving_side_may_share_them_once_it_has_the_task(
    rochdale: Api,
) -> None:
    case = await RochdaleCase.dispatched(rochdale, STEP_UP)

    await case.record(TEAM_MANAGER, "minutes_shared")

    assert await case.state(MINUTES) == "met"
