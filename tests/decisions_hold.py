"""Every decision that the domain's tests bring about counts versions and stages without a gap."""

import os
from functools import wraps
from itertools import pairwise

from app.domain.decision import Decision, Event

DOMAIN = "tests/domain/"
"""Whose tests look: those of other rooms make up decisions as they need them."""
MADE_UP = "test_published.py"
"""Which makes them up too."""


def look_at_decisions() -> None:
    """From here on, look at every decision when it is made."""
    made = Decision.__init__

    @wraps(made)
    def looked_at(self: Decision, *args: object, **kwargs: object) -> None:
        made(self, *args, **kwargs)  # type: ignore[arg-type]
        test = os.environ.get("PYTEST_CURRENT_TEST", "")
        if DOMAIN in test and MADE_UP not in test:
            _holds(self)

    setattr(Decision, "__init__", looked_at)  # noqa: B010 - mypy takes no assignment


def _holds(made: Decision) -> None:
    """The audit tells of each version once or more, and leads from stage to stage."""
    first = made.before.version + 1 if made.before else 1
    stage = made.before.stage if made.before else None
    assert all(isinstance(event, Event) for event in made.events), made.events
    told = [event.version for event in made.events]
    assert {*told} == {*range(first, made.after.version + 1)}, (first, told)
    assert made.events[0].from_stage == stage, made.events
    assert made.events[-1].to_stage == made.after.stage, made.events
    assert all(a.to_stage == b.from_stage for a, b in pairwise(made.events)), made.events
