"""Islington's two weeks and its review after a month: due, met, late by how much, alerted once."""

from datetime import UTC, datetime, timedelta

import pytest
from procedures.case import on_one_store
from procedures.islington_forms import (
    CHAIR,
    DECIDED,
    LINE_MANAGER,
    NEXT_MEETING,
    SENT,
    SERVICE_MANAGER,
    SERVICE_WORKER,
    SOCIAL_WORKER,
    IslingtonCase,
    end_of,
)
from service import Api

pytestmark = [on_one_store, pytest.mark.long]
TRANSFER, REVIEW, PICKED_UP = "IS-15-transfer", "IS-15-review", "HZ-3-picked-up"
INSTANT = timedelta(microseconds=1)
TWO_WEEKS = end_of(2026, 12, 2)


async def handed_over(api: Api, at: datetime) -> IslingtonCase:
    case = await IslingtonCase.started(api)
    await case.hand_over(at)
    return case


async def test_is_15_two_weeks_run_from_the_decision_to_the_end_of_that_wednesday(
    islington: Api,
) -> None:
    case = await IslingtonCase.agreed(islington)

    assert await case.due(TRANSFER) == TWO_WEEKS
    states = await case.state_at(TRANSFER, DECIDED, TWO_WEEKS, TWO_WEEKS + INSTANT)
    assert states == ["running", "nearly_late", "late"]


async def test_is_15_a_transfer_in_the_two_weeks_last_instant_is_in_time(islington: Api) -> None:
    case = await handed_over(islington, TWO_WEEKS.astimezone(UTC))

    assert await case.state(TRANSFER) == "met"


async def test_is_15_a_late_transfer_keeps_by_how_much(islington: Api) -> None:
    late = datetime(2026, 12, 3, 9, 30, tzinfo=UTC)
    case = await handed_over(islington, late)
    case.at(late + timedelta(days=30))

    assert await case.state(TRANSFER) == "met_late"
    assert await case.late_by(TRANSFER) == timedelta(hours=9, minutes=30)


async def test_is_15_both_teams_are_alerted_once_when_it_is_nearly_late_and_once_when_it_is_late(
    islington: Api,
) -> None:
    case = await IslingtonCase.dispatched(islington)
    before = datetime(2026, 11, 28, tzinfo=UTC)
    nearly = datetime(2026, 11, 30, tzinfo=UTC)

    assert await case.alerted(TRANSFER, before) == []
    both = [("clock_nearly_late", "is-cin"), ("clock_nearly_late", "is-families-first")]
    assert await case.alerted(TRANSFER, nearly, TWO_WEEKS) == both

    both += [("clock_late", "is-cin"), ("clock_late", "is-families-first")]
    after = [TWO_WEEKS + INSTANT, TWO_WEEKS + timedelta(days=9)]
    assert await case.alerted(TRANSFER, *after) == both


async def test_is_15_a_decision_against_it_stops_the_two_weeks_and_a_new_one_begins_them_anew(
    islington: Api,
) -> None:
    case = await IslingtonCase.agreed(islington)
    case.at(DECIDED + timedelta(hours=1))
    await case.record(CHAIR, "meeting_decided", outcome="not_agreed")
    assert await case.state(TRANSFER) == "stopped"

    case.at(NEXT_MEETING)
    await case.record(CHAIR, "meeting_decided", outcome="agreed")

    assert await case.due(TRANSFER) == end_of(2026, 12, 9)


async def test_is_12_15_the_two_weeks_go_on_while_the_service_does_not_fit(islington: Api) -> None:
    case = await IslingtonCase.dispatched(islington)
    why = {"reason": "family_not_engaged", "comment": "Five letters and three visits."}
    await case.act(SERVICE_MANAGER, "decline", why)

    states = await case.state_at(TRANSFER, SENT, TWO_WEEKS + INSTANT)

    assert states == ["running", "late"]
    assert (await case.reads(TRANSFER))["team"] == "is-cin"


@pytest.mark.parametrize(
    ("transferred", "due"),
    [
        (datetime(2026, 11, 25, 9, tzinfo=UTC), end_of(2026, 12, 25)),
        (datetime(2027, 1, 31, 12, tzinfo=UTC), end_of(2027, 2, 28)),
        (datetime(2027, 3, 5, 16, tzinfo=UTC), end_of(2027, 4, 5)),
        (datetime(2027, 10, 4, 23, 30, tzinfo=UTC), end_of(2027, 11, 5)),
    ],
    ids=["a month", "31 January", "clocks go forward", "half past midnight, clocks go back"],
)
async def test_is_15_the_review_is_due_a_month_after_the_transfer(
    islington: Api, transferred: datetime, due: datetime
) -> None:
    case = await handed_over(islington, transferred)

    assert await case.due(REVIEW) == due
    assert await case.state_at(REVIEW, due, due + INSTANT) == ["nearly_late", "late"]


async def test_is_15_the_chair_reviews_a_transfer_that_is_complete(islington: Api) -> None:
    case = await handed_over(islington, datetime(2027, 3, 5, 16, tzinfo=UTC))
    await case.close(LINE_MANAGER)
    assert case.stage == "completed"
    case.at(datetime(2027, 4, 5, 22, 59, tzinfo=UTC))
    await case.not_for(SOCIAL_WORKER, "progress_reviewed")
    await case.forbidden(SOCIAL_WORKER, "reviews", case.reviewed("IS-15-review", "as_hoped"))
    assert await case.not_recorded(CHAIR, "progress_reviewed", outcome="as_hoped") == [
        "milestone-review"
    ]

    await case.review(CHAIR, "IS-15-review", "as_hoped")

    assert (case.stage, await case.state(REVIEW)) == ("completed", "met")


async def test_is_15_a_review_that_is_left_out_is_late_by_how_much_and_alerted_once(
    islington: Api,
) -> None:
    case = await handed_over(islington, datetime(2027, 1, 31, 12, tzinfo=UTC))
    await case.close(LINE_MANAGER)
    day_after = [datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 3, 1, 12, tzinfo=UTC)]

    alerts = await case.alerted(REVIEW, *day_after)

    assert alerts == [("clock_late", "is-cin"), ("clock_late", "is-families-first")]
    assert await case.late_by(REVIEW) == timedelta(hours=12)

    await case.review(CHAIR, "IS-15-review", "as_hoped")
    assert await case.state(REVIEW) == "met_late"


async def test_h03_a_task_in_islington_is_picked_up_by_the_end_of_the_next_working_day(
    islington: Api,
) -> None:
    case = await IslingtonCase.dispatched(islington)
    due = end_of(2026, 11, 20)
    assert await case.due(PICKED_UP) == due

    case.at(due.astimezone(UTC))
    await case.pick_up(SERVICE_WORKER)

    assert await case.state(PICKED_UP) == "met"


async def test_h03_a_task_in_islington_that_nobody_picks_up_alerts_both_teams_once(
    islington: Api,
) -> None:
    case = await IslingtonCase.dispatched(islington)
    late = end_of(2026, 11, 20) + INSTANT

    alerts = await case.alerted(PICKED_UP, late, late + timedelta(days=2))

    assert alerts == [("clock_late", "is-cin"), ("clock_late", "is-families-first")]
