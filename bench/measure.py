"""Measuring side by side: contenders take turns, so that a noisy machine is noisy for all."""

import resource
import statistics
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

Contender = Callable[[], Awaitable[float]]


@dataclass(frozen=True, slots=True)
class Goal:
    """What a median is held against, in the figure's own unit."""

    limit: float
    at_most: bool = False

    def met_by(self, median: float) -> bool:
        """Whether that median is good enough."""
        return median <= self.limit if self.at_most else median >= self.limit

    def __str__(self) -> str:
        return f"{'≤' if self.at_most else '≥'} {self.limit:g}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a run: a sample a round, its unit and, where there is one, its goal."""

    name: str
    unit: str
    samples: tuple[float, ...]
    goal: Goal | None = None

    @property
    def median(self) -> float:
        """The middle of the samples."""
        return statistics.median(self.samples)

    @property
    def spread(self) -> tuple[float, float]:
        """The least and the most of the samples."""
        return min(self.samples), max(self.samples)


async def side_by_side(
    contenders: Mapping[str, Contender], rounds: int
) -> dict[str, tuple[float, ...]]:
    """A sample of each contender a round; who begins changes from round to round."""
    names = list(contenders)
    samples: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(rounds):
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            samples[name].append(await contenders[name]())
    return {name: tuple(taken) for name, taken in samples.items()}


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> tuple[float, ...]:
    """Ours over theirs, round by round."""
    return tuple(one / other for one, other in zip(ours, theirs, strict=True))


def cpu_seconds(*, of_children: bool = False) -> float:
    """Processor time that this process used, or its children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN if of_children else resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
