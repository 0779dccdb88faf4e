"""How a review after the transfer stands, by the clock that it meets (IS 15)."""

from datetime import datetime

import pytest
from domain.histories import at, clock_kind, clock_of, mark

from app.domain.review_standing import Standing, standing
from app.domain.transfer import Milestone

REVIEW = clock_kind("completed", "reviewed", "4 hours")
DONE, EARLY, LATE = mark("completed", at("10:00")), at("11:00"), at("15:00")


@pytest.mark.parametrize(
    ("marks", "now", "stands"),
    [
        ((), EARLY, Standing.WAITING),
        ((DONE,), EARLY, Standing.DUE),
        ((DONE,), at("13:30"), Standing.DUE),
        ((DONE,), LATE, Standing.LATE),
        ((DONE, mark("reviewed", EARLY)), LATE, Standing.DONE),
        ((DONE, mark("reviewed", LATE)), LATE, Standing.DONE),
    ],
    ids=["waiting", "running", "nearly late", "late", "met", "met late"],
)
def test_is_15_a_review_stands_as_its_clock_does(
    marks: tuple[Milestone, ...], now: datetime, stands: Standing
) -> None:
    assert standing(clock_of(REVIEW, *marks), now) is stands
