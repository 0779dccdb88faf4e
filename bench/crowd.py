"""Who is in a crowd of transfers: whose each is, how it stands, and since when.

Half of them are one large council's with a long history, the others those of councils of 5,000
transfers each, as many as that takes. What is open does not grow with the history: 250 transfers in
a small council, and 1,250 in the large one.
"""

import random
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.domain.pathway import ENDED, Pathway, Stage

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
COUNCIL = 5_000
LARGE = "large"
REVIEW = "HZ-1-allocated"
"""The clock that stands for a review: the council of the shapes asks for none."""
WEEKS = 300
CASES = 20
"""About the most that one meeting has."""
TEAMS = 8
CAREER = 400
"""Transfers that one worker ever has."""
_OPEN_EACH = 250
_MOVING = [
    (pathway, stage)
    for pathway in Pathway
    for stage in Stage
    if stage not in ENDED
    and (pathway is Pathway.STEP_DOWN or stage is not Stage.AWAITING_AUTHORISATION)
]


@dataclass(frozen=True, slots=True)
class Member:
    """One transfer of the crowd. `shape` is the id of the one whose rows it takes after."""

    id: str
    number: int
    shape: str
    authority: str
    origin_team: str
    recipient_team: str
    worker: str
    series: str | None
    meeting: str | None
    opened_at: datetime
    changed_at: datetime
    due_at: datetime
    settled: bool
    """Nothing is still to be done, not even a review."""


def councils(total: int) -> list[str]:
    """The councils of a crowd; the large one is the last."""
    return [f"council-{n:03d}" for n in range(max(1, total // 2 // COUNCIL))] + [LARGE]


def teams(council: str) -> list[str]:
    """Its teams; those of the first half send to those of the second, and back."""
    return [f"{council}-{n}" for n in range(TEAMS)]


def meeting_of(council: str, week: int) -> str:
    """The id of the council's meeting of that week, counted back from now."""
    return f"{council}-week-{week}"


def shape_of(pathway: Pathway, stage: Stage) -> str:
    """The id of the transfer that those of this pathway and stage take after."""
    return f"shape-{pathway.removeprefix('step_')}-{stage}"


def crowd(total: int) -> Iterator[tuple[object, ...]]:
    """Every member as a row, by id; the same at every call."""
    chance = random.Random(total)  # noqa: S311 - it makes up data
    every = councils(total)
    ids = sorted(str(UUID(int=chance.getrandbits(128), version=4)) for _ in range(total))
    for number, id_ in enumerate(ids):
        council = LARGE if number % 2 else every[number // 2 % (len(every) - 1)]
        size = total // 2 if council == LARGE else total // 2 / (len(every) - 1)
        still_open = 5 * _OPEN_EACH if council == LARGE else _OPEN_EACH
        yield astuple(_member(chance, id_, number, council, int(size), still_open / size))


def _member(  # noqa: PLR0913
    chance: random.Random, id_: str, number: int, council: str, size: int, share: float
) -> Member:
    is_open = chance.random() < share
    if is_open:
        pathway, stage = chance.choice(_MOVING)
        days = chance.random() * 60
        due_at = NOW + timedelta(days=chance.random() * 30 - 3)
    else:
        pathway = chance.choice(list(Pathway))
        stage = Stage.COMPLETED if chance.random() < 0.85 else Stage.CANCELLED
        days = 20 + chance.random() * 2_000
        due_at = NOW + timedelta(days=90 - days)
    opened_at = NOW - timedelta(days=days)
    own, half = teams(council), TEAMS // 2
    up = pathway is Pathway.STEP_UP
    sends, receives = (own[:half], own[half:]) if up else (own[half:], own[:half])
    booked = chance.random() < min(0.25, CASES * WEEKS / size)
    return Member(
        id_, number, shape_of(pathway, stage), council,
        chance.choice(sends), chance.choice(receives),
        f"{council}-worker-{chance.randrange(max(1, size // CAREER))}",
        "north" if booked else None,
        meeting_of(council, int(days / 7)) if booked else None,
        opened_at, opened_at + timedelta(days=days * 0.3), due_at,
        settled=not is_open and chance.random() > share / (1 - share),
    )  # fmt: skip
