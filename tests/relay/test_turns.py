"""Whose turn has come."""

from datetime import timedelta

import pytest
from builders import NOW

from app.domain.checkpoint import Pace
from app.relay.turns import is_time

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("after", "expected"),
    [(-HOUR, False), (-timedelta(seconds=1), False), (timedelta(), True), (HOUR, True)],
)
def test_a_turn_comes_when_its_time_does(after: timedelta, expected: bool) -> None:  # noqa: FBT001
    assert is_time(NOW, HOUR, NOW + after) is expected


def test_h17_a_clock_that_is_set_back_holds_up_no_turn_and_no_checkpoint() -> None:
    back = NOW - timedelta(days=1)

    assert is_time(NOW, HOUR, back)
    assert Pace(1000, HOUR).is_due(1, NOW, back)
    assert not Pace(1000, HOUR).is_due(0, NOW, back)
