"""Durham: a decline leaves the child with the origin and starts the escalation. Hazard 19."""

from datetime import datetime, timedelta

import pytest
from procedures.case import on_one_store
from procedures.durham_forms import (
    SENT,
    SUNDAY,
    DurhamCase,
    Sides,
    december,
    either_way,
    end_of,
)
from service import Api

pytestmark = [on_one_store, pytest.mark.long]

ESCALATION = "DF-21-escalation"
LAST_LEVEL = "HZ-19-operations-manager"
DECLINED = december(3, 9)
DUE = december(4, 9)
A_SECOND = timedelta(seconds=1)
WHY = {"reason": "threshold_not_met", "comment": "Not yet."}
NEARLY_AND_LATE = ("clock_nearly_late", "clock_late")


async def declined(api: Api, sides: Sides) -> DurhamCase:
    """Sent on Wednesday, declined on Thursday at nine."""
    case = await DurhamCase.sent(api, sides)
    case.at(DECLINED)
    await case.act(sides.receiving_manager, "decline", WHY)
    return case


@either_way
async def test_h19_a_decline_leaves_the_child_with_the_origin_and_starts_24_hours_of_escalation(
    api: Api, sides: Sides
) -> None:
    case = await declined(api, sides)
    due, picked_up = await case.due(ESCALATION), await case.state("HZ-3-pick-up")

    case.at(DUE)
    await case.disagree(sides.worker, "not_accepted")
    await case.escalate(sides.manager)

    assert case.stage == "declined"
    assert case.view["custody"]["team"] == sides.origin
    assert (due, picked_up) == (DUE, "stopped")
    assert await case.state(ESCALATION) == "met"


@either_way
async def test_h19_a_decline_that_nobody_escalates_is_told_to_both_sides_once_each(
    api: Api, sides: Sides
) -> None:
    case = await declined(api, sides)
    nearly = DECLINED + timedelta(hours=18)

    times = (nearly - A_SECOND, nearly, DUE, DUE + A_SECOND, december(7, 9))
    alerted = await case.alerted(ESCALATION, *times)
    await case.disagree(sides.worker, "not_accepted")
    await case.escalate("operations.manager")

    both = sorted([sides.origin, sides.receiving])
    assert alerted == [(kind, team) for kind in NEARLY_AND_LATE for team in both]
    assert await case.late_by(ESCALATION) == timedelta(days=3)
    assert case.view["custody"]["team"] == sides.origin


@either_way
async def test_h19_a_disagreement_that_nobody_resolves_at_the_last_level_is_told_to_both_teams(
    api: Api, sides: Sides
) -> None:
    case = await declined(api, sides)
    await case.disagree(sides.worker, "not_accepted")
    await case.escalate("operations.manager")
    last = end_of(december(10, 9))

    found = case.view["disagreements"][0]
    alerted = await case.alerted(LAST_LEVEL, last, last + A_SECOND, last + timedelta(days=3))
    await case.resolve("operations.manager")

    both = sorted([sides.origin, sides.receiving])
    assert (found["clock"], datetime.fromisoformat(found["due_at"])) == (LAST_LEVEL, last)
    assert alerted == [(kind, team) for kind in NEARLY_AND_LATE for team in both]
    assert await case.state(LAST_LEVEL) == "met_late"


@either_way
async def test_h19_a_team_that_takes_it_after_all_ends_the_escalation_and_then_the_child_passes(
    api: Api, sides: Sides
) -> None:
    case = await declined(api, sides)

    elsewhere = {"recipient": sides.elsewhere, "comment": "They will take it."}
    await case.act(sides.manager, "redirect", elsewhere)
    sent_again = await case.state(ESCALATION)
    await case.pick_up(sides.manager_elsewhere)
    await case.start(sides.manager_elsewhere)
    taken = await case.state(ESCALATION)
    still = case.view["custody"]["team"]
    await case.act(sides.manager_elsewhere, "allocate", {"worker": "the.new.lead"})

    assert (sent_again, taken) == ("running", "met")
    assert still == sides.origin
    assert case.view["custody"]["team"] == sides.elsewhere


@either_way
async def test_h19_a_declined_case_goes_ahead_to_the_same_tray_and_the_origin_leads_until_allocated(
    api: Api, sides: Sides
) -> None:
    case = await declined(api, sides)
    await case.disagree(sides.worker, "not_accepted")
    await case.escalate(sides.manager)

    await case.resolve("operations.manager", "goes_ahead")
    sent_again, led = case.stage, case.view["custody"]["team"]
    await case.pick_up(sides.receiving_manager)
    await case.start(sides.receiving_manager)
    await case.disagree(sides.receiver, "other")
    await case.act(sides.receiving_manager, "allocate", {"worker": "the.new.lead"})
    disputed = case.view["custody"]["team"]
    await case.resolve(sides.manager)

    assert (sent_again, led, disputed) == ("dispatched", sides.origin, sides.origin)
    assert case.view["custody"]["team"] == sides.receiving


@pytest.mark.parametrize("minutes", [5, 50], ids=["at once", "nearly late"])
async def test_h19_h03_an_urgent_case_that_is_declined_is_escalated_and_not_late_in_the_tray(
    api: Api, minutes: int
) -> None:
    case = await DurhamCase.urgent(api)
    await case.send()

    case.at(SUNDAY + timedelta(minutes=minutes))
    await case.act("ff.manager", "decline", WHY)
    in_the_tray = await case.alerted("HZ-3-urgent", SUNDAY + timedelta(hours=2))

    assert in_the_tray == []
    assert await case.state("HZ-3-urgent") == "stopped"
    assert await case.due(ESCALATION) == SUNDAY + timedelta(minutes=minutes, hours=24)
    assert case.view["custody"]["team"] == "op-bishop"


async def test_h19_the_origin_may_take_a_declined_case_back_and_is_held_to_the_escalation(
    api: Api,
) -> None:
    case = await DurhamCase.urgent(api, SENT)
    await case.send()
    await case.act("ff.manager", "decline", WHY)

    await case.act("op.manager", "return", {"comment": "More evidence is needed."})

    assert case.stage == "draft"
    assert await case.state(ESCALATION) == "running"
    assert case.view["custody"]["team"] == "op-bishop"
