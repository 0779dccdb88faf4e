from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.outbox.backoff import Park, next_step
from app.settings import Settings

STEPS = Settings.model_fields["relay_backoff"].default
CHANCE = st.floats(0, 1)
FAILED = st.integers(1, len(STEPS) - 1)
RETRY_AFTER = st.floats(-1e12, 1e12)


def test_the_steps_are_those_of_the_design() -> None:
    minute, hour = 60, 3600

    assert (
        0, 5, 30, 2 * minute, 5 * minute, 15 * minute, 30 * minute,
        hour, 2 * hour, 4 * hour, 8 * hour, 8 * hour,
    ) == STEPS  # fmt: skip


@given(FAILED, CHANCE)
def test_a_wait_is_within_a_fifth_of_its_step(failed: int, chance: float) -> None:
    wait = next_step(failed, STEPS, chance=chance)

    assert isinstance(wait, timedelta)
    assert STEPS[failed] * 0.8 - 1e-5 <= wait.total_seconds() <= STEPS[failed] * 1.2 + 1e-5


def test_the_spread_reaches_from_four_fifths_to_six_fifths() -> None:
    waits = [next_step(1, STEPS, chance=chance) for chance in (0, 0.5, 1)]

    assert waits == [timedelta(seconds=4), timedelta(seconds=5), timedelta(seconds=6)]


@given(FAILED, CHANCE, RETRY_AFTER)
def test_a_retry_after_is_honoured_between_one_and_two_steps(
    failed: int, chance: float, retry_after: float
) -> None:
    wait = next_step(failed, STEPS, chance=chance, retry_after=retry_after)

    step = STEPS[failed]
    clamped = min(max(retry_after, step), 2 * step)
    assert wait == timedelta(seconds=clamped)


@given(st.integers(len(STEPS), 10**6), CHANCE, st.none() | RETRY_AFTER)
def test_after_the_last_step_it_is_parked_whatever_the_tray_asks_for(
    failed: int, chance: float, retry_after: float | None
) -> None:
    assert next_step(failed, STEPS, chance=chance, retry_after=retry_after) == Park()


def test_without_steps_the_first_failure_parks() -> None:
    assert next_step(1, (), chance=0.5) == Park()
