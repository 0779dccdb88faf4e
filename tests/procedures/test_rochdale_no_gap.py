"""In Rochdale no child is without a lead, nor waits in a tray, at any instant of the procedure."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from procedures.case import on_one_store
from procedures.rochdale_forms import (
    HANDED_OVER,
    LEAD,
    MET,
    NEXT_MEETING,
    SENT,
    STEP_UP,
    RochdaleCase,
    Sides,
    both_ways,
    end_of,
)
from service import Api

from app.domain.custody import custody_at, ledger
from app.store.transfers import load_transfer

pytestmark = [on_one_store, pytest.mark.long]
INSTANT, HOUR = timedelta(microseconds=1), timedelta(hours=1)
PICKED_UP = "HZ-3-picked-up"


@both_ways
async def test_ro_06_one_team_leads_at_every_instant_and_it_changes_at_the_allocation_alone(
    rochdale: Api, sides: Sides
) -> None:
    case = await RochdaleCase.drafted(rochdale, sides)
    seen = {step: case.view["custody"]["team"] async for step in _played(case)}

    assert seen.pop("allocated") == seen.pop("closed") == sides.receiving
    assert set(seen.values()) == {sides.origin}
    async with rochdale.store.read() as tx:
        transfer = await load_transfer(tx, case.view["id"])
    assert transfer is not None
    rules = rochdale.app.state.service.book.protocols.in_force("rochdale", MET.date())
    half = rules.pathways[transfer.pathway]
    assert [hold.team for hold in ledger(transfer, half)] == [sides.origin, sides.receiving]
    for mark in transfer.milestones:
        for at in (mark.at - INSTANT, mark.at, mark.at + INSTANT):
            leads = sides.origin if at < HANDED_OVER else sides.receiving
            assert custody_at(transfer, half, at).team == leads


async def _played(case: RochdaleCase) -> AsyncIterator[str]:
    """Every step, with a task that is put back, declined and sent again on the way."""
    sides = case.sides
    why = {"reason": "threshold_not_met", "comment": "Not yet."}
    yield "drafted"
    case.at(MET)
    await case.record(sides.worker, "meeting_decided", outcome="agreed")
    await case.record(sides.worker, "next_meeting_agreed", until=NEXT_MEETING)
    yield "decided"
    case.at(SENT)
    await case.send()
    yield "dispatched"
    await case.pick_up(sides.receiver)
    yield "picked up"
    case.api.clock.move(hours=1)
    await case.act(sides.receiver, "release")
    yield "released"
    await case.act(sides.receiving_manager, "decline", why)
    yield "declined"
    await case.act(sides.manager, "redirect", {"recipient": sides.receiving, "comment": "Agreed."})
    yield "sent again"
    await case.record(sides.worker, "origin_closing_begun")
    yield "closing"
    case.api.clock.move(hours=1)
    await case.pick_up(sides.receiver)
    await case.start(sides.receiving_manager)
    yield "started"
    await case.hand_over()
    yield "allocated"
    case.api.clock.move(hours=1)
    await case.close(sides.manager)
    assert case.stage == "completed"
    yield "closed"


@both_ways
async def test_ro_06_the_origin_cannot_close_before_the_receiving_team_leads(
    rochdale: Api, sides: Sides
) -> None:
    case = await RochdaleCase.started(rochdale, sides)

    assert await case.not_closed(sides.worker) == ["closing-acceptance"]


@both_ways
async def test_ro_06_11_a_task_is_picked_up_by_the_end_of_the_next_working_day(
    rochdale: Api, sides: Sides
) -> None:
    case = await RochdaleCase.dispatched(rochdale, sides)
    assert await case.due(PICKED_UP) == end_of(2026, 11, 12)

    await case.pick_up(sides.receiver)

    assert await case.state(PICKED_UP) == "met"


@both_ways
async def test_h03_a_task_in_rochdale_that_nobody_picks_up_is_late_and_alerts_both_teams_once(
    rochdale: Api, sides: Sides
) -> None:
    case = await RochdaleCase.dispatched(rochdale, sides)
    late = end_of(2026, 11, 12) + INSTANT

    alerts = await case.alerted(PICKED_UP, late, late + HOUR)

    assert alerts == [("clock_late", team) for team in sorted((sides.origin, sides.receiving))]
    case.at(late + timedelta(hours=10))
    assert await case.late_by(PICKED_UP) == timedelta(hours=10)


async def test_h03_over_christmas_the_next_working_day_is_the_29th(rochdale: Api) -> None:
    case = await RochdaleCase.decided(rochdale, STEP_UP)
    case.at(datetime(2026, 12, 24, 16, tzinfo=UTC))

    await case.send()

    assert await case.due(PICKED_UP) == end_of(2026, 12, 29)


async def test_h03_a_task_that_is_put_back_has_a_day_of_its_own(rochdale: Api) -> None:
    case = await RochdaleCase.dispatched(rochdale, STEP_UP)
    await case.pick_up(STEP_UP.receiver)
    case.at(HANDED_OVER)

    await case.act(STEP_UP.receiver, "release")

    assert await case.due(PICKED_UP) == end_of(2026, 11, 16)
    assert (await case.clock(LEAD, PICKED_UP))["team"] == "ro-cin"
