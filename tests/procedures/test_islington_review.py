"""Islington's review after a month, with its findings (IS 15)."""

from datetime import UTC, date, datetime

import pytest
from procedures.islington_forms import CHAIR, LINE_MANAGER, IslingtonCase
from service import Api

from app.api.afterwards_examples import REVIEW

HELD = datetime(2026, 12, 24, 10, tzinfo=UTC)


async def completed(islington: Api) -> IslingtonCase:
    case = await IslingtonCase.started(islington)
    await case.hand_over()
    await case.close(LINE_MANAGER)
    case.at(HELD)
    return case


async def test_is_15_the_chair_s_review_is_kept_with_what_it_found(islington: Api) -> None:
    case = await completed(islington)

    await case.act(CHAIR, "reviews", REVIEW | {"at": HELD.isoformat()})

    (review,) = case.view["reviews"]
    (mark,) = [x for x in case.view["milestones"] if x["name"] == "progress_reviewed"]
    assert (review["by"], review["findings"]) == (CHAIR, REVIEW["findings"])
    assert review["outcome"] == mark["outcome"] == "as_hoped"
    assert mark["note"] is None
    assert case.view["watched_until"] == str(date(2027, 11, 25))


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"review": "IS-99-review"}, ["review"]),
        ({"outcome": "fine"}, ["milestone-outcome"]),
        ({"outcome": None}, ["milestone-outcome"]),
        ({"at": "2027-01-01T00:00:00Z"}, ["milestone-time"]),
    ],
)
async def test_is_15_a_review_that_cannot_be_is_refused(
    islington: Api, changes: dict[str, str], codes: list[str]
) -> None:
    case = await completed(islington)

    assert (
        await case.refused(CHAIR, "reviews", REVIEW | {"at": HELD.isoformat()} | changes) == codes
    )


async def test_is_15_nothing_is_reviewed_before_the_transfer(islington: Api) -> None:
    case = await IslingtonCase.started(islington)

    early = await case.refused(CHAIR, "reviews", case.reviewed("IS-15-review", "as_hoped"))

    assert early == ["milestone-order"]
