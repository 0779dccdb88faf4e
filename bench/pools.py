"""Connection pools: how many connections a web process needs, with one process and with two."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from service import settings_for, token_at

from app import dev_issuer
from bench import processes
from bench.drafts import stock
from bench.load import Work, load
from bench.measure import Figure, side_by_side
from bench.processes import Served
from bench.report import Report
from bench.stand import Stand

SIZES = (2, 5, 10, 16)
WEBS = (1, 2)
CALLERS = 24


@dataclass(slots=True)
class Site:
    """So many web processes with a pool of that size each, and the drafts that are left to them."""

    served: Sequence[Served]
    headers: Mapping[str, str]
    drafts: Iterator[str]
    a_round: int
    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)

    async def __call__(self) -> float:
        """One round; requests a second."""
        seen = await asyncio.gather(*(load(self._work(one)) for one in self.served))
        assert not any(one.refused for one in seen), "some were refused"
        self.p50.append(max(one.quantile(0.5) for one in seen))
        self.p99.append(max(one.quantile(0.99) for one in seen))
        return sum(one.a_second for one in seen)

    def _work(self, served: Served) -> Work:
        share = self.a_round // len(self.served)
        paths = [f"/v1/transfers/{next(self.drafts)}/finalise" for _ in range(share)]
        return Work(served.url, paths, dict(self.headers), CALLERS // len(self.served))


async def run(stand: Stand) -> Report:
    """Each size with one process and with two, in turn, on one database."""
    rounds, a_round = (2, 24) if stand.quick else (5, 192)
    key = stand.folder / "pools-key.json"
    dev_issuer.make_key(key)
    url = stand.database("postgresql")
    drafts = iter(await stock(url, (rounds + 1) * a_round * len(SIZES) * len(WEBS)))
    with _sites(url, key, drafts, a_round) as sites:
        for site in sites.values():
            await site()
            site.p50.clear()
            site.p99.clear()
        a_second = await side_by_side(sites, rounds)
    return Report(
        "Connection pools",
        f"POST /v1/transfers/{{id}}/finalise by {CALLERS} callers in all, {rounds} rounds of "
        f"{a_round} drafts, fsync on; web processes, PostgreSQL and callers share the machine.",
        tuple(
            figure
            for name, site in sites.items()
            for figure in (
                Figure(name, "requests/s", a_second[name]),
                Figure(f"{name}: p50", "ms", tuple(site.p50)),
                Figure(f"{name}: p99", "ms", tuple(site.p99)),
            )
        ),
    )


@contextmanager
def _sites(url: str, key: Path, drafts: Iterator[str], a_round: int) -> Iterator[dict[str, Site]]:
    headers = {
        "Authorization": f"Bearer {token_at(datetime.now(UTC), key, 'op.worker')}",
        "If-Match": '"1"',
        "Content-Type": "application/json",
    }
    with ExitStack() as stack:
        yield {
            f"{webs} web {'process' if webs == 1 else 'processes'} x {size} connections": Site(
                [
                    stack.enter_context(
                        processes.ours(settings_for(url, key, database_pool_size=size))
                    )
                    for _ in range(webs)
                ],
                headers,
                drafts,
                a_round,
            )
            for webs in WEBS
            for size in SIZES
        }
