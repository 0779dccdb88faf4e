"""How a relay shows that it lives, and what it sees."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from builders import NOW, transfer_at
from store.kept import delivered_rows, keep, message, queue
from usecases.waits import LEASE

from app.domain.messages import MessageKind
from app.domain.pathway import Stage
from app.store.delivery_rows import DELIVERED, LEASED, PENDING, Settlement
from app.store.engine import Store
from app.store.leases import claim, settle, take_back
from app.store.lookout import Lookout, WakeUp, lookout, worker_name

SENT = transfer_at(Stage.DISPATCHED)
LIVING, OTHER = worker_name(), worker_name()


@pytest.fixture
async def looking(store: Store, database_url: str) -> AsyncIterator[Lookout]:
    """A relay's lookout, that shows its sign."""
    del store  # it comes first
    opened = lookout(database_url, LIVING, "poll")
    await opened.keep()
    yield opened
    await opened.close()


async def _lease_to(store: Store, worker: str) -> None:
    await keep(store, SENT)
    await queue(store, message(MessageKind.DELIVER_TASK, SENT))
    async with store.write() as tx:
        assert await claim(tx, worker, NOW, lease=LEASE, limits={"lcs": 1})


def test_no_two_relays_ever_bear_the_same_name() -> None:
    names = {worker_name() for _ in range(100)}

    assert len(names) == 100
    assert all(len(name) <= 100 for name in names)


async def test_h04_a_relay_with_leases_and_no_sign_of_life_is_dead_when_missed_twice(
    store: Store, looking: Lookout
) -> None:
    await _lease_to(store, OTHER)

    seen = [await looking.dead() for _ in range(3)]

    assert seen == [frozenset(), {OTHER}, {OTHER}]


async def test_h05_a_relay_that_shows_its_sign_lives_until_it_takes_it_away(
    store: Store, looking: Lookout, database_url: str
) -> None:
    other = lookout(database_url, OTHER, "poll")
    await other.keep()
    await _lease_to(store, OTHER)

    living = [await looking.dead() for _ in range(3)]
    await other.close()
    for _ in range(250):
        if await looking.dead():
            break
        await asyncio.sleep(0.02)
    else:
        pytest.fail("nobody missed it")

    assert living == [frozenset()] * 3


async def test_h05_a_sign_that_was_lost_and_shown_again_makes_nobody_dead(
    store: Store, looking: Lookout, database_url: str
) -> None:
    other = lookout(database_url, OTHER, "poll")
    await _lease_to(store, OTHER)

    missed = await looking.dead()
    await other.keep()
    after = [await looking.dead() for _ in range(2)]
    await other.close()

    assert (missed, after) == (frozenset(), [frozenset()] * 2)


async def test_a_worker_whose_name_has_no_number_is_left_to_its_lease(
    store: Store, looking: Lookout
) -> None:
    await _lease_to(store, "a-relay-of-old:77")

    assert [await looking.dead() for _ in range(3)] == [frozenset()] * 3


async def test_its_own_leases_never_make_a_relay_dead(store: Store, looking: Lookout) -> None:
    await _lease_to(store, LIVING)

    assert [await looking.dead() for _ in range(3)] == [frozenset()] * 3


async def test_h05_what_is_taken_back_is_due_at_once_and_ambiguous_and_the_dead_mark_nothing(
    store: Store,
) -> None:
    await _lease_to(store, OTHER)
    (held,) = await delivered_rows(store)

    async with store.write() as tx:
        taken = await take_back(tx, {OTHER}, NOW)
        again = await take_back(tx, {OTHER}, NOW)
    async with store.write() as tx:
        marked = await settle(tx, [(held, Settlement(DELIVERED, "in the tray"))], NOW)
    (row,) = await delivered_rows(store)
    async with store.write() as tx:
        (claimed,) = await claim(tx, LIVING, NOW, lease=LEASE, limits={"lcs": 1})

    assert held.state is LEASED
    assert (taken, again, marked) == (1, 0, frozenset())
    assert (row.state, row.ambiguous, row.outcome) == (PENDING, True, "its relay died")
    assert (claimed.ambiguous, claimed.leased_by) == (True, LIVING)


@pytest.mark.parametrize("wake_up", ["poll", "notify"])
async def test_a_new_delivery_is_news_once_and_another_change_is_none(
    store: Store, database_url: str, wake_up: WakeUp
) -> None:
    writing = Store(database_url, notifies=wake_up == "notify")
    looking = lookout(database_url, LIVING, wake_up)
    await looking.keep()
    await keep(store, SENT)
    await looking.news(0.001)  # of what was there before

    nothing = await looking.news(0.001)
    await queue(writing, message(MessageKind.DELIVER_TASK, SENT))
    async with asyncio.timeout(5):
        while not await looking.news(0.001):
            pass
    async with store.write() as tx:
        await claim(tx, LIVING, NOW, lease=LEASE, limits={"lcs": 1})
    no_more = await looking.news(0.001)
    await looking.close()
    await writing.close()

    assert (nothing, no_more) == (False, False)
