"""When to try a delivery again, or that it is time to park it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

SPREAD = 0.2
"""Steps vary by up to a fifth either way, so that what failed together is not retried together."""


@dataclass(frozen=True, slots=True)
class Park:
    """The steps are used up: a person must look."""


def next_step(
    attempts: int, steps: Sequence[float], *, chance: float, retry_after: float | None = None
) -> timedelta | Park:
    """How long to wait after the attempt of that number (1 is the first) has failed.

    `steps` are the seconds before each attempt; `chance` is from 0 to 1 and spreads the step;
    `retry_after` is honoured within one to two times the step.
    """
    if attempts >= len(steps):
        return Park()
    step = steps[attempts]
    spread = step * (1 + SPREAD * (2 * chance - 1))
    if retry_after is None:
        return timedelta(seconds=spread)
    return timedelta(seconds=min(max(retry_after, step), 2 * step))
