"""A primary that dies, a standby that takes over, and people who ask again until answered."""

import asyncio
import os
import statistics
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path

import pytest
from failover.pair import Pair
from scaled.case_system import in_tray, mock_lcs, settled, told_of
from scaled.crowd import Crowd
from scaled.processes import Site, site

from app.store.engine import Store

pytestmark = pytest.mark.long
ROUNDS = int(os.environ.get("FAILOVERS", "1"))
PEOPLE = 8
CHILDREN = "SELECT child_id, transfer FROM transfer_children"


@asynccontextmanager
async def _at_work(
    here: Site, processes: int = 2, *, finalise: bool = False
) -> AsyncIterator[Crowd]:
    webs = [here.api() for _ in range(processes)]
    for web in webs:
        await asyncio.to_thread(web.wait_until_ready)
    crowd = Crowd([web.url for web in webs], here.issuer_key, finalise=finalise)
    async with crowd.at_work(PEOPLE):
        yield crowd


def _lost_and_doubled(servers: Pair, crowd: Crowd) -> tuple[int, int]:
    """How many acknowledged transfers are not there, and how many children have two."""
    kept = servers.rows(CHILDREN)
    doubled = [child for child, times in Counter(child for child, _ in kept).items() if times > 1]
    told = {(one.child, one.transfer) for one in crowd.told}
    return len(told - set(kept)), len(doubled)


async def test_h04_a_failover_to_a_synchronous_standby_loses_nothing_that_was_acknowledged(
    servers: Pair, here: Site
) -> None:
    await asyncio.to_thread(servers.follow, synchronous=True)
    gaps = []

    async with _at_work(here) as crowd:
        for _ in range(ROUNDS):
            before, killed = len(crowd.told), time.monotonic()
            servers.kill_primary()
            await asyncio.to_thread(servers.promote)
            await crowd.told_more(than=before + 2 * PEOPLE)
            told = [killed, *(one.at for one in crowd.told if one.at > killed)]
            gaps.append(max(later - earlier for earlier, later in pairwise(told)))
            await asyncio.to_thread(servers.follow, synchronous=True)
            await crowd.told_more(than=len(crowd.told) + PEOPLE)
    lost, doubled = _lost_and_doubled(servers, crowd)

    sys.stdout.write(
        f"\n{ROUNDS} failovers: {len(crowd.told)} transfers acknowledged, {lost} lost, {doubled} "
        f"doubled; nothing was acknowledged for {statistics.median(gaps):.2f} s (at most "
        f"{max(gaps):.2f} s); met meanwhile: {dict(crowd.met)}\n"
    )
    assert (lost, doubled) == (0, 0)
    assert max(gaps) < 10


async def test_what_an_asynchronous_standby_had_not_heard_of_is_lost(
    servers: Pair, here: Site
) -> None:
    await asyncio.to_thread(servers.follow, synchronous=False)

    async with _at_work(here, processes=1) as crowd:
        servers.lose_standby()
        await crowd.told_more(than=len(crowd.told) + 4 * PEOPLE)
        servers.kill_primary()
        before = len(crowd.told)
        await asyncio.to_thread(servers.find_standby)
        await asyncio.to_thread(servers.promote)
        await crowd.told_more(than=before + PEOPLE)
    lost, _ = _lost_and_doubled(servers, crowd)

    sys.stdout.write(f"\nasynchronous: {len(crowd.told)} acknowledged, {lost} lost\n")
    assert lost > PEOPLE


async def test_while_the_standby_is_lost_nothing_is_acknowledged_and_everybody_is_answered(
    servers: Pair, here: Site
) -> None:
    await asyncio.to_thread(servers.follow, synchronous=True)

    async with _at_work(here, processes=1) as crowd:
        servers.lose_standby()
        await asyncio.sleep(2)
        before, told = crowd.met.total(), len(crowd.told)
        await asyncio.sleep(7)
        servers.end_sessions()
        await asyncio.sleep(3)
        assert len(crowd.told) == told
        assert crowd.met.total() > before
        await asyncio.to_thread(servers.find_standby)
        await crowd.told_more(than=told + PEOPLE)
        servers.kill_primary()
        await asyncio.to_thread(servers.promote)
        await crowd.told_more(than=len(crowd.told) + PEOPLE)

    assert _lost_and_doubled(servers, crowd) == (0, 0)


async def test_h04_a_primary_that_freezes_is_left_for_the_standby(
    servers: Pair, here: Site
) -> None:
    await asyncio.to_thread(servers.follow, synchronous=True)

    async with _at_work(here) as crowd:
        before, frozen = len(crowd.told), time.monotonic()
        servers.freeze_primary()
        await asyncio.to_thread(servers.promote)
        await crowd.told_more(than=before + PEOPLE, within=60)
        took = crowd.told[before + PEOPLE].at - frozen

    assert _lost_and_doubled(servers, crowd) == (0, 0)
    assert took < 30


async def test_h04_relays_go_on_after_a_failover_and_double_nothing(
    servers: Pair, tmp_path: Path
) -> None:
    await asyncio.to_thread(servers.follow, synchronous=True)

    with mock_lcs() as lcs, site(tmp_path, servers.url, **told_of(lcs)) as here:
        here.relay()
        here.relay()
        async with _at_work(here, processes=1, finalise=True) as crowd:
            servers.kill_primary()
            await asyncio.to_thread(servers.promote)
            await crowd.told_more(than=len(crowd.told) + 4 * PEOPLE)
        store = Store(servers.url)
        rows = await settled(store)
        await store.close()
        there = in_tray(lcs)

    dispatched = {one.transfer for one in crowd.told if one.stage == "dispatched"}
    assert {row.transfer for row in rows} == dispatched
    assert {row.state for row in rows} == {"delivered"}
    assert len(there) == len(set(there)) == len(dispatched)
