"""Two web processes and two relays on one database: each may be stopped, and each may be killed."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from builders import sample_directory
from journeys.mock_system import MockSystem
from postgres_server import PostgresServer
from scaled.case_system import in_tray, mock_lcs, settled, told_of
from scaled.crowd import Crowd
from scaled.processes import Process, Site, site

from app.store.engine import Store
from app.usecases.load_directory import load_directory

pytestmark = pytest.mark.long
PEOPLE = 4


@pytest.fixture
def lcs() -> Iterator[MockSystem]:
    with mock_lcs() as mock:
        yield mock


@pytest.fixture
def own_url(migrated: dict[str, str], postgres: PostgresServer) -> str:
    return postgres.create_database(like=migrated["postgresql"])


@pytest.fixture
async def store(own_url: str) -> AsyncIterator[Store]:
    opened = Store(own_url)
    async with opened.write() as tx:
        await load_directory(tx, sample_directory())
    yield opened
    await opened.close()


@pytest.fixture
def here(store: Store, own_url: str, lcs: MockSystem, tmp_path: Path) -> Iterator[Site]:
    del store  # its directory comes first
    with site(tmp_path, own_url, **told_of(lcs)) as made:
        yield made


def _two_webs(here: Site) -> list[Process]:
    webs = [here.api(), here.api()]
    for web in webs:
        web.wait_until_ready()
    return webs


async def test_h04_processes_that_are_killed_or_stopped_lose_and_double_nothing(
    here: Site, store: Store, lcs: MockSystem
) -> None:
    webs, relays = _two_webs(here), [here.relay(), here.relay()]
    crowd = Crowd([web.url for web in webs], here.issuer_key)

    async with crowd.at_work(PEOPLE):
        webs[0].kill()
        relays[0].kill()
        await crowd.told_more(than=len(crowd.told) + 20)
        webs[0].start()
        relays[0].start()
        await asyncio.to_thread(webs[0].wait_until_ready)
        relays[1].ask_to_stop()
        assert await asyncio.to_thread(relays[1].stopped) == 0
        await crowd.told_more(than=len(crowd.told) + 20)
    dispatched = {one.transfer for one in crowd.told if one.stage == "dispatched"}
    rows = await settled(store)

    assert {row.transfer for row in rows} == dispatched
    assert {row.state for row in rows} == {"delivered"}
    assert all("delivery attempted" in relay.log for relay in relays)
    there = in_tray(lcs)
    assert len(there) == len(set(there)) == len(dispatched)


async def test_a_rolling_restart_is_not_noticed_behind_a_proxy(here: Site) -> None:
    here.environment["TRANSFERS_API_DRAIN"] = "2"
    webs = _two_webs(here)
    crowd = Crowd([web.url for web in webs], here.issuer_key, mindful=True)

    async with crowd.at_work(PEOPLE):
        for web in webs:
            web.ask_to_stop()
            assert await asyncio.to_thread(web.stopped) == 0, web.log
            await crowd.told_more(than=len(crowd.told) + 20)
            web.start()
            await asyncio.to_thread(web.wait_until_ready)
            await crowd.told_more(than=len(crowd.told) + 20)

    assert not crowd.met


async def test_a_request_under_way_is_finished_when_the_process_is_stopped(here: Site) -> None:
    webs = _two_webs(here)
    crowd = Crowd([web.url for web in webs], here.issuer_key)

    async with crowd.at_work(PEOPLE):
        webs[0].ask_to_stop()
        assert await asyncio.to_thread(webs[0].stopped) == 0
        await crowd.told_more(than=len(crowd.told) + 20)

    assert set(crowd.met) <= {"ConnectError", "RemoteProtocolError", "ReadError"}
    assert crowd.met["RemoteProtocolError"] + crowd.met["ReadError"] <= 4
