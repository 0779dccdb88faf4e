"""Which step up is a re-referral: within 12 London months of a completed step down."""

from datetime import UTC, date, datetime

import pytest
from builders import NOW, actor, opening, situation, transfer_at
from hypothesis import given
from hypothesis import strategies as st

from app.domain.open_transfer import open_transfer
from app.domain.pathway import Pathway, Stage
from app.domain.re_referral import (
    SteppedDown,
    days_between,
    earliest_completion,
    is_watched,
    re_referral_of,
    watched_until,
    who_came_back,
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("completed", "opened", "linked"),
    [
        ("2025-11-20 23:30", "2026-11-20 00:00", True),
        ("2025-11-20 00:00", "2026-11-20 23:59", True),
        ("2025-11-20 23:59", "2026-11-21 00:00", False),
        ("2025-07-01 23:30", "2026-07-02 12:00", True),
        ("2025-07-01 22:30", "2026-07-01 23:30", False),
        ("2026-07-01 10:00", "2026-07-01 10:00", True),
        ("2024-02-29 10:00", "2025-02-28 10:00", True),
        ("2024-02-29 10:00", "2025-03-01 10:00", False),
        ("2023-02-28 10:00", "2024-02-28 10:00", True),
        ("2023-02-28 10:00", "2024-02-29 10:00", False),
    ],
)
def test_the_12_months_are_london_s_and_hold_both_their_ends(
    completed: str, opened: str, *, linked: bool
) -> None:
    down = SteppedDown("down", utc(completed))

    found = re_referral_of([down], utc(opened))

    assert found == ("down" if linked else None)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(-1, 800))
def test_nothing_that_is_watched_was_completed_before_the_earliest_day_that_is_looked_at(
    today: date, ago: int
) -> None:
    completed = date.fromordinal(today.toordinal() - ago)

    assert completed >= earliest_completion(today) or not is_watched(completed, today)


def test_of_several_step_downs_the_latest_is_meant() -> None:
    downs = [
        SteppedDown(name, utc(f"2026-{month}-01 10:00"))
        for name, month in (("b", "03"), ("c", "09"), ("a", "06"))
    ]

    assert re_referral_of(downs, NOW) == "c"
    assert re_referral_of([], NOW) is None


def test_the_days_between_are_london_s() -> None:
    assert days_between(utc("2026-07-01 23:30"), utc("2026-07-03 22:59")) == 1


def test_a_step_up_is_linked_when_it_is_opened_and_a_step_down_never() -> None:
    downs = [SteppedDown("down", utc("2026-06-01 10:00"))]

    up = open_transfer(opening(), actor("op.worker"), situation(), downs)
    down = open_transfer(opening(Pathway.STEP_DOWN), actor("ff.socialworker"), situation(), downs)

    assert (up.after.re_referral_of, up.events[0].codes) == ("down", ("re_referral",))
    assert (down.after.re_referral_of, down.events[0].codes) == (None, ())


def test_a_step_down_is_watched_for_12_months_from_its_completion_and_nothing_else_is() -> None:
    down = transfer_at(Stage.COMPLETED, Pathway.STEP_DOWN)
    completed = down.reached("completed")
    assert completed is not None

    last = watched_until(down)

    assert last is not None
    assert last == completed.at.date().replace(year=completed.at.year + 1)
    assert is_watched(completed.at.date(), last)
    assert watched_until(transfer_at(Stage.ALLOCATED, Pathway.STEP_DOWN)) is None
    assert watched_until(transfer_at(Stage.COMPLETED, Pathway.STEP_UP)) is None


def test_who_came_back_are_those_of_the_step_up_who_were_in_the_step_down() -> None:
    assert who_came_back(["c", "a", "new"], {"a", "b", "c"}) == ("c", "a")
    assert who_came_back(["new"], {"a"}) == ()
