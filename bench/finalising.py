"""Finalise over HTTP: ours and others, each in a process of its own, on copies of one database."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from service import settings_for, token_at

from bench import processes
from bench.load import Seen, Work, load
from bench.measure import Contender, Figure
from bench.processes import Served

OURS = "ours"


@dataclass(slots=True)
class Finalising:
    """One contender: drafts of its own, taken in order, so many a round."""

    served: Served
    drafts: Sequence[str]
    headers: Mapping[str, str]
    a_round: int
    callers: int
    seen: list[Seen] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    _done: int = 0

    async def warm_up(self, requests: int) -> None:
        """Finalise some that are not counted."""
        await load(self._work(requests))

    async def __call__(self) -> float:
        """One round; requests a second."""
        before = self.served.cpu_seconds()
        seen = await load(self._work(self.a_round))
        assert seen.refused == 0, f"{seen.refused} of {self.a_round} were refused"
        self.cpu_ms.append(1000 * (self.served.cpu_seconds() - before) / self.a_round)
        self.seen.append(seen)
        return seen.a_second

    def _work(self, requests: int) -> Work:
        batch = self.drafts[self._done : self._done + requests]
        self._done += len(batch)
        paths = [f"/v1/transfers/{draft}/finalise" for draft in batch]
        return Work(self.served.url, paths, dict(self.headers), self.callers)

    def figures(self, name: str) -> list[Figure]:
        """Processor time and quantiles of a contender."""
        return [
            Figure(f"{name}: CPU of the web process", "ms a request", tuple(self.cpu_ms)),
            Figure(f"{name}: p50", "ms", tuple(seen.quantile(0.5) for seen in self.seen)),
            Figure(f"{name}: p99", "ms", tuple(seen.quantile(0.99) for seen in self.seen)),
        ]


@contextmanager
def contenders(  # noqa: PLR0913 - what all have in common
    databases: Mapping[str, str],
    apps: Mapping[str, str],
    drafts: Sequence[str],
    key: Path,
    *,
    a_round: int,
    callers: int,
    connections: int,
) -> Iterator[dict[str, Finalising]]:
    """Ours and each of `apps` (names of uvicorn's), on the databases of these names.

    The first of the drafts is what an app records.
    """
    token = token_at(datetime.now(UTC), key, "op.worker")
    headers = {
        "Authorization": f"Bearer {token}",
        "If-Match": '"1"',
        "Content-Type": "application/json",
    }
    given = {"BENCH_KEY": str(key), "BENCH_DRAFT": drafts[0], "BENCH_CONNECTIONS": str(connections)}
    with ExitStack() as stack:
        served = {OURS: stack.enter_context(processes.ours(settings_for(databases[OURS], key)))}
        for name, app in apps.items():
            environment = given | {"BENCH_DATABASE": databases[name]}
            served[name] = stack.enter_context(processes.bare(app, environment))
        yield {
            name: Finalising(one, drafts[1:], headers, a_round, callers)
            for name, one in served.items()
        }


def as_contenders(found: Mapping[str, Finalising]) -> dict[str, Contender]:
    """For side_by_side."""
    return dict(found)
