"""Durham: both sides hear of a task that nobody picks up, nearly late and late. Hazard 3."""

from datetime import datetime, timedelta

import pytest
from procedures.case import on_one_store, tick
from procedures.durham_forms import STEP_UP, SUNDAY, DurhamCase, Sides, december, either_way, end_of
from service import Api

pytestmark = on_one_store

A_SECOND = timedelta(seconds=1)
URGENT, USUAL = "HZ-3-urgent", "HZ-3-pick-up"
BOTH_SIDES_TWICE = [
    ("clock_nearly_late", "ff-bishop"),
    ("clock_nearly_late", "op-bishop"),
    ("clock_late", "ff-bishop"),
    ("clock_late", "op-bishop"),
]


def on_sunday(minutes: float) -> datetime:
    """So long after an urgent case was sent."""
    return SUNDAY + timedelta(minutes=minutes)


async def test_h03_at_immediate_risk_both_sides_hear_within_the_hour_on_a_sunday_once_each(
    api: Api,
) -> None:
    case = await DurhamCase.urgent(api)
    await case.send()

    states = await case.state_at(URGENT, on_sunday(44), on_sunday(45), on_sunday(60))
    too_early = await case.alerted(URGENT, on_sunday(44))
    nearly = await case.alerted(URGENT, on_sunday(45), on_sunday(46), on_sunday(60))
    late = await case.alerted(URGENT, on_sunday(60) + A_SECOND, on_sunday(61), on_sunday(120))
    for_long = await case.alerted(URGENT, on_sunday(120) + A_SECOND, on_sunday(600))

    assert states == ["running", "nearly_late", "nearly_late"]
    assert too_early == []
    assert nearly == BOTH_SIDES_TWICE[:2]
    assert late == BOTH_SIDES_TWICE
    assert for_long[4:] == [("clock_escalated", "ff-bishop"), ("clock_escalated", "op-bishop")]


async def test_h03_each_side_reads_its_own_alert(api: Api) -> None:
    case = await DurhamCase.urgent(api)
    await case.send()
    case.at(on_sunday(61))
    await tick(api)

    answers = [await api.as_(who).get("/v1/alerts") for who in ("op.manager", "ff.manager")]

    read = [[(a["kind"], a["team"]) for a in x.json()["items"]] for x in answers]
    assert read == [[("clock_late", "op-bishop")], [("clock_late", "ff-bishop")]]


async def test_h03_an_urgent_task_that_is_picked_up_within_the_hour_alerts_nobody(
    api: Api,
) -> None:
    case = await DurhamCase.urgent(api)
    await case.send()

    case.at(on_sunday(60))
    await case.pick_up("ff.manager")
    alerted = await case.alerted(URGENT, on_sunday(120))

    assert await case.state(URGENT) == "met"
    assert alerted == []


async def test_h03_a_release_begins_another_hour(api: Api) -> None:
    case = await DurhamCase.urgent(api)
    await case.send()
    case.at(on_sunday(20))
    await case.pick_up("ff.manager")

    case.at(on_sunday(30))
    await case.act("ff.manager", "release")
    due = await case.due(URGENT)
    alerted = await case.alerted(URGENT, on_sunday(75), on_sunday(91))

    assert due == on_sunday(90)
    assert alerted == BOTH_SIDES_TWICE


async def test_h03_a_redirect_begins_no_other_hour_and_the_team_that_has_the_task_hears(
    api: Api,
) -> None:
    case = await DurhamCase.urgent(api)
    await case.send()

    case.at(on_sunday(30))
    elsewhere = {"recipient": "ff-chester", "comment": "They live there."}
    await case.act("op.manager", "redirect", elsewhere)
    due = await case.due(URGENT)
    alerted = await case.alerted(URGENT, on_sunday(61))

    assert due == on_sunday(60)
    assert alerted == [("clock_late", "ff-chester"), ("clock_late", "op-bishop")]


@either_way
@pytest.mark.parametrize(
    ("sent", "due"),
    [
        (december(2, 14), end_of(december(3, 0))),
        (december(3, 9), end_of(december(4, 0))),
    ],
    ids=["on a Wednesday", "on a Thursday"],
)
async def test_h03_after_the_meeting_a_task_is_picked_up_by_the_end_of_the_next_working_day(
    api: Api, sides: Sides, sent: datetime, due: datetime
) -> None:
    case = await DurhamCase.sent(api, sides, sent)
    falls_due = await case.due(USUAL)

    nearly = due - (due - sent) / 4
    alerted = await case.alerted(USUAL, nearly - A_SECOND, nearly, due, due + A_SECOND)
    await case.pick_up(sides.receiver)

    assert falls_due == due
    assert alerted == BOTH_SIDES_TWICE
    assert await case.state(USUAL) == "met_late"


async def test_h03_a_task_of_a_friday_is_not_late_over_the_weekend_and_an_urgent_one_is(
    api: Api,
) -> None:
    friday, monday = december(4, 14), end_of(december(7, 0))
    usual = await DurhamCase.drafted(api, STEP_UP, friday)
    urgent = await DurhamCase.urgent(api, friday)
    await usual.send()
    await urgent.send()

    states = [
        await case.state_at(code, SUNDAY) for case, code in ((usual, USUAL), (urgent, URGENT))
    ]

    assert await usual.due(USUAL) == monday
    assert states == [["running"], ["late"]]
