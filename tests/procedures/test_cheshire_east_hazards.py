"""Cheshire East, hazards 3 and 19: a task that nobody picks up, and a case that is declined."""

from datetime import timedelta

import pytest
from procedures.case import on_one_store
from procedures.cheshire_east_forms import DECIDED, TRIGGER, EastCase, end_of, london
from service import Api

pytestmark = [pytest.mark.long, on_one_store, pytest.mark.usefixtures("cheshire_east")]
HOUR = TRIGGER + timedelta(hours=1)
MOMENT = timedelta(microseconds=1)
LATE = HOUR + timedelta(seconds=1)
BOTH_CLOCKS = ("HZ-3-pick-up-trigger", "CE-T3-area-team")


async def test_h03_a_task_that_checs_never_picks_up_is_late_after_the_hour_and_both_hear_of_it(
    api: Api,
) -> None:
    case = await EastCase.sent_to_checs(api)

    due = [await case.due(code) for code in BOTH_CLOCKS]
    alerts = await case.alerted("HZ-3-pick-up-trigger", HOUR, LATE)
    case.at(LATE)
    await case.pick_up("ce.checs.worker")

    assert due == [HOUR, HOUR]
    assert "HZ-3-pick-up" not in await case.states("ce.lead")
    assert sorted(alerts) == [
        (kind, team)
        for kind in ("clock_late", "clock_nearly_late")
        for team in ("ce-cefs-north", "ce-checs")
    ]
    assert await case.late_by("HZ-3-pick-up-trigger") == timedelta(seconds=1)


async def test_h03_a_task_that_is_put_back_is_to_be_picked_up_again_within_the_hour(
    api: Api,
) -> None:
    case = await EastCase.sent_to_checs(api)
    await case.pick_up("ce.checs.worker")
    met = await case.state("HZ-3-pick-up-trigger")

    case.at(HOUR)
    await case.act("ce.checs.worker", "release")

    assert met == "met"
    assert await case.state("HZ-3-pick-up-trigger") == "running"
    assert await case.due("HZ-3-pick-up-trigger") == HOUR + timedelta(hours=1)


@pytest.mark.parametrize(
    ("action", "body"),
    [
        pytest.param(
            "redirect",
            {"recipient": "ce-checs", "comment": "The school has told us more."},
            marks=pytest.mark.long,
        ),
        pytest.param("return", {"comment": "Early help goes on."}, marks=pytest.mark.long),
        ("escalate", {"comment": "Early help cannot hold this."}),
    ],
)
async def test_h19_ce_m02_a_declined_case_is_taken_up_within_24_hours(
    api: Api, action: str, body: dict[str, str]
) -> None:
    case = await EastCase.sent_to_checs(api)
    reason = {"reason": "threshold", "comment": "Early help can hold this."}
    await case.act("ce.checs.manager", "decline", reason)
    day = TRIGGER + timedelta(hours=24)

    late = await case.state_at("HZ-19-declined", day, day + MOMENT)
    case.at(day)
    await case.disagree("ce.lead", "not_accepted")
    path = f"{case.open_disagreement}/escalate" if action == "escalate" else action
    await case.act("ce.lead.manager", path, body)

    assert late == ["nearly_late", "late"]
    assert await case.state("HZ-19-declined") == "met"


async def test_h19_a_declined_case_that_nobody_takes_up_is_late_once_for_early_help(
    api: Api,
) -> None:
    case = await EastCase.sent_to_checs(api)
    reason = {"reason": "threshold", "comment": "Early help can hold this."}
    await case.act("ce.checs.manager", "decline", reason)

    day = TRIGGER + timedelta(hours=24)
    alerts = await case.alerted("HZ-19-declined", day, day + MOMENT, day + timedelta(days=2))

    assert alerts == [("clock_nearly_late", "ce-cefs-north"), ("clock_late", "ce-cefs-north")]


async def test_h03_a_task_of_this_route_is_picked_up_within_a_working_day(api: Api) -> None:
    case = await EastCase.agreed(api)
    case.at(london("2026-12-04 10:00"))
    await case.act("ce.lead", "finalise")
    last = end_of("2026-12-07")

    due = await case.due("HZ-3-pick-up")
    alerts = await case.alerted("HZ-3-pick-up", last, london("2026-12-08 00:00"))
    case.at(last)
    await case.pick_up("ce.checs.worker")
    met = await case.state("HZ-3-pick-up")
    await case.act("ce.checs.worker", "release")

    assert due == last
    assert sorted(alerts) == [
        (kind, team)
        for kind in ("clock_late", "clock_nearly_late")
        for team in ("ce-cefs-north", "ce-checs")
    ]
    assert met == "met"
    assert await case.due("HZ-3-pick-up") == end_of("2026-12-08")


async def test_h03_ce_m02_early_help_picks_the_task_up_within_a_working_day(api: Api) -> None:
    case = await EastCase.assessed(api, next_lead_professional="ce.keyworker")
    case.at(london("2026-12-24 15:00"))
    await case.authorise()
    last = end_of("2026-12-29")

    due = await case.due("HZ-3-pick-up")
    alerts = await case.alerted("HZ-3-pick-up", last, london("2026-12-30 00:00"))
    case.at(last)
    await case.pick_up("ce.keyworker")
    met = await case.state("HZ-3-pick-up")
    await case.act("ce.keyworker", "release")

    assert due == last
    assert sorted(alerts) == [
        (kind, team)
        for kind in ("clock_late", "clock_nearly_late")
        for team in ("ce-area-north", "ce-cefs-north")
    ]
    assert met == "met"
    assert await case.due("HZ-3-pick-up") == end_of("2026-12-30")


async def test_h19_ce_m02_what_early_help_declines_is_taken_up_within_24_hours(api: Api) -> None:
    case = await EastCase.assessed(api, next_lead_professional="ce.keyworker")
    case.at(DECIDED)
    await case.authorise()
    reason = {"reason": "full", "comment": "Nobody can take it before January."}
    await case.act("ce.lead.manager", "decline", reason)
    day = DECIDED + timedelta(hours=24)

    alerts = await case.alerted("HZ-19-declined", day, day + timedelta(seconds=1))
    case.at(day)
    there = {"recipient": "ce-cefs-south", "comment": "Crewe has room."}
    await case.act("ce.area.manager", "redirect", there)

    assert alerts == [("clock_nearly_late", "ce-area-north"), ("clock_late", "ce-area-north")]
    assert await case.state("HZ-19-declined") == "met"
    assert await case.seen_by("ce.lead.south")
