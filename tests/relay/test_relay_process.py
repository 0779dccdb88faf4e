"""The relay as it is wired: it delivers, ticks, survives and stops without losing anything."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest
from builders import NOW, transfer_at
from outbox.fake_tray import FakeTray, Fault
from sqlalchemy import func, select
from store.kept import counted, delivered_rows, keep, message, numbered_transfer, queue, states

from app.domain.duty_task import CaseSystem
from app.domain.messages import MessageKind
from app.domain.pathway import Pathway, Stage
from app.outbox.tray import TrayUnavailable
from app.relay import Relay, outlets, run_relay
from app.relay import relay as relay_module
from app.settings import Settings
from app.store.alerts import list_alerts
from app.store.delivery_rows import DELIVERED, PARKED, PENDING
from app.store.engine import Store, Transaction
from app.store.failures import StoreUnavailable
from app.store.idempotency import Scope, claim_key
from app.store.leases import claim
from app.store.lookout import worker_name
from app.store.tables import deliveries
from app.store.transfers import load_transfer
from app.unsafe_settings import UnsafeSettings

LCS, EHM = CaseSystem.LCS, CaseSystem.EHM
SENT = transfer_at(Stage.DISPATCHED)


class Time:
    """A clock to be moved on."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def trays(monkeypatch: pytest.MonkeyPatch) -> dict[CaseSystem, FakeTray]:
    """What the relay delivers to, in place of the gateways."""
    made = {system: FakeTray() for system in CaseSystem}
    for system, tray in made.items():
        monkeypatch.setitem(outlets.TRAYS, system, _always(tray))
    return made


def _always(tray: FakeTray) -> Callable[[object], FakeTray]:
    return lambda _client: tray


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
async def relay(
    store: Store, database_url: str, trays: dict[CaseSystem, FakeTray], time: Time
) -> AsyncIterator[Relay]:
    """A relay on the store's database, which polls quickly."""
    del store, trays  # they come first
    opened = Relay(_settings(database_url), time)
    yield opened
    await opened.close()


def _settings(database_url: str) -> Settings:
    return Settings(
        _env_file=None, environment="development", database_url=database_url, relay_poll=0.01
    )


async def _until(condition: Callable[[], Awaitable[bool]]) -> None:
    for _ in range(500):
        if await condition():
            return
        await asyncio.sleep(0.01)
    pytest.fail("it did not come to be")


async def test_what_is_due_is_delivered_to_its_own_system_and_heard(
    relay: Relay, store: Store, trays: dict[CaseSystem, FakeTray]
) -> None:
    down = numbered_transfer(2, Stage.DISPATCHED, Pathway.STEP_DOWN)
    await keep(store, SENT, down)
    await queue(store, message(MessageKind.DELIVER_TASK, SENT))
    await queue(store, message(MessageKind.DELIVER_TASK, down, destination=EHM))
    await queue(store, message(MessageKind.LOOK_UP_TASK, SENT))

    claimed = await relay.drain_once()
    async with store.read() as tx:
        found = await load_transfer(tx, SENT.id)

    assert claimed == 3
    assert await states(store) == [DELIVERED] * 3
    assert trays[LCS].spoken() == ["deliver", "look_up"]
    assert trays[EHM].made == {down.reference: 1}
    assert found is not None
    assert found.reached("received_in_tray") is not None


async def test_h04_a_fault_of_an_adapter_parks_one_row_and_the_relay_goes_on(
    relay: Relay, store: Store, trays: dict[CaseSystem, FakeTray]
) -> None:
    others = [numbered_transfer(n) for n in range(1, 4)]
    await keep(store, *others)
    await queue(store, *(message(MessageKind.DELIVER_TASK, one) for one in others))
    trays[LCS].faults = [Fault(KeyError("a fault of ours")), None, None]
    stop = asyncio.Event()

    running = asyncio.create_task(relay.run(stop))
    await _until(lambda: _settled(store))
    alive = not running.done()
    stop.set()
    await running

    assert alive
    assert sorted(await states(store)) == [DELIVERED, DELIVERED, PARKED]
    async with store.read() as tx:
        (alert,) = await list_alerts(tx, "durham", None, 0, 9)
    assert alert.kind == "delivery_parked"
    assert alert.says.startswith("deliver_task: unexpected KeyError at app.outbox.push:")


async def test_h04_a_protocol_that_is_missing_stops_neither_the_deliveries_nor_the_relay(
    relay: Relay, store: Store, time: Time
) -> None:
    await keep(store, SENT, replace(numbered_transfer(2), protocol_version="1999-01"))
    await queue(store, message(MessageKind.DELIVER_TASK, SENT))
    time.now = NOW + timedelta(hours=1)
    stop = asyncio.Event()

    running = asyncio.create_task(relay.run(stop))
    await _until(lambda: _settled(store))
    alive = not running.done()
    stop.set()
    await running

    assert alive
    assert (await states(store))[0] == DELIVERED


async def test_h04_a_database_that_fails_for_a_while_is_survived(
    relay: Relay, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await keep(store, SENT)
    await queue(store, message(MessageKind.DELIVER_TASK, SENT))
    monkeypatch.setattr(relay_module, "AFTER_TROUBLE", 0.01)
    real = Store.write
    failed: list[Store] = []

    def write(self: Store) -> AbstractAsyncContextManager[Transaction]:
        if self is not store and len(failed) < 3:
            failed.append(self)
            raise StoreUnavailable("57P01")
        return real(self)

    monkeypatch.setattr(Store, "write", write)
    stop = asyncio.Event()
    running = asyncio.create_task(relay.run(stop))
    await _until(lambda: _settled(store))
    stop.set()
    await running

    assert len(failed) == 3
    assert await states(store) == [DELIVERED]


async def test_h04_a_stop_gives_back_what_does_not_end_in_time(
    relay: Relay,
    store: Store,
    trays: dict[CaseSystem, FakeTray],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await keep(store, SENT)
    await queue(store, message(MessageKind.DELIVER_TASK, SENT))
    monkeypatch.setattr(relay_module, "GRACE", timedelta(seconds=0.05))
    under_way, never = asyncio.Event(), asyncio.Event()

    async def hang() -> None:
        under_way.set()
        await never.wait()

    trays[LCS].gate = hang
    stop = asyncio.Event()
    running = asyncio.create_task(relay.run(stop))
    await asyncio.wait_for(under_way.wait(), 5)
    stop.set()
    await asyncio.wait_for(running, 5)
    (row,) = await delivered_rows(store)

    assert (row.state, row.ambiguous, row.leased_by) == (PENDING, True, None)
    assert row.outcome == "cut off by a stop"


async def test_a_relay_that_is_cut_off_leaves_nothing_of_itself_at_work(
    relay: Relay,
    store: Store,
    trays: dict[CaseSystem, FakeTray],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await keep(store, SENT)
    await queue(store, message(MessageKind.DELIVER_TASK, SENT))
    monkeypatch.setattr(relay_module, "GRACE", timedelta(seconds=0.05))
    under_way, never = asyncio.Event(), asyncio.Event()

    async def hang() -> None:
        under_way.set()
        await never.wait()

    trays[LCS].gate = hang
    before = asyncio.all_tasks()
    running = asyncio.create_task(relay.run(asyncio.Event()))
    await asyncio.wait_for(under_way.wait(), 5)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    assert running.cancelled()
    assert asyncio.all_tasks() == before
    assert await states(store) == [PENDING]


async def test_h04_a_stop_without_a_database_still_ends_and_leaves_the_lease_to_run_out(
    relay: Relay,
    store: Store,
    trays: dict[CaseSystem, FakeTray],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await keep(store, SENT)
    await queue(store, message(MessageKind.DELIVER_TASK, SENT))
    monkeypatch.setattr(relay_module, "GRACE", timedelta(seconds=0.05))
    under_way, never = asyncio.Event(), asyncio.Event()

    async def hang() -> None:
        under_way.set()
        await never.wait()

    def write(_self: Store) -> AbstractAsyncContextManager[Transaction]:
        raise StoreUnavailable("57P01")

    trays[LCS].gate = hang
    stop = asyncio.Event()
    running = asyncio.create_task(relay.run(stop))
    await asyncio.wait_for(under_way.wait(), 5)
    monkeypatch.setattr(Store, "write", write)
    stop.set()
    await asyncio.wait_for(running, 5)

    assert await states(store) == ["leased"]


async def test_h04_what_a_killed_relay_had_leased_is_delivered_within_two_seconds(
    relay: Relay, store: Store, trays: dict[CaseSystem, FakeTray]
) -> None:
    await keep(store, SENT)
    await queue(store, message(MessageKind.DELIVER_TASK, SENT))
    async with store.write() as tx:
        limits, lease = {"lcs": 1}, timedelta(hours=1)
        assert await claim(tx, worker_name(), NOW, lease=lease, limits=limits)
    stop, begun = asyncio.Event(), monotonic()

    running = asyncio.create_task(relay.run(stop))
    await _until(lambda: _settled(store))
    took = monotonic() - begun
    stop.set()
    await running

    assert took < 2
    assert await states(store) == [DELIVERED]
    assert trays[LCS].made == {SENT.reference: 1}


async def test_h04_a_stop_ends_in_time_where_the_database_does_not_even_refuse(
    relay: Relay,
    store: Store,
    trays: dict[CaseSystem, FakeTray],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await keep(store, SENT)
    await queue(store, message(MessageKind.DELIVER_TASK, SENT))
    for name in ("GRACE", "LAST_WORDS"):
        monkeypatch.setattr(relay_module, name, timedelta(seconds=0.05))
    under_way, never = asyncio.Event(), asyncio.Event()

    async def hang() -> None:
        under_way.set()
        await never.wait()

    @asynccontextmanager
    async def silent(_self: Store) -> AsyncIterator[Transaction]:
        await never.wait()
        yield Transaction(None)  # type: ignore[arg-type]

    trays[LCS].gate = hang
    stop = asyncio.Event()
    running = asyncio.create_task(relay.run(stop))
    await asyncio.wait_for(under_way.wait(), 5)
    with monkeypatch.context() as away:
        away.setattr(Store, "write", silent)
        stop.set()
        await asyncio.wait_for(running, 5)

    assert await states(store) == ["leased"]


async def test_h04_the_tick_asks_about_quiet_tasks_alarms_late_ones_and_forgets_old_keys(
    relay: Relay, store: Store, trays: dict[CaseSystem, FakeTray], time: Time
) -> None:
    quiet, late = numbered_transfer(1), numbered_transfer(2)
    trays[LCS].made[quiet.reference] = 1
    await keep(store, quiet, late)
    await queue(store, message(MessageKind.DELIVER_TASK, late))
    async with store.write() as tx:
        await claim_key(tx, Scope("a", "POST", "/", "k"), "f", NOW - timedelta(days=8))
        await tx.connection.execute(
            deliveries.update().values(next_attempt_at=NOW + timedelta(days=1))
        )
    time.now += timedelta(hours=2)
    stop = asyncio.Event()

    running = asyncio.create_task(relay.run(stop))
    await _until(lambda: _settled(store, besides=1))
    stop.set()
    await running
    rows = await counted(store)

    assert trays[LCS].said == [f"look_up {quiet.reference}"]
    assert (rows["idempotency_keys"], rows["alerts"], rows["deliveries"]) == (0, 1, 2)


async def test_a_dead_gateway_is_left_for_later(
    relay: Relay, store: Store, trays: dict[CaseSystem, FakeTray], time: Time
) -> None:
    await keep(store, SENT)
    await queue(store, message(MessageKind.DELIVER_TASK, SENT))
    trays[LCS].faults = [Fault(TrayUnavailable("ConnectError"))]

    first = await relay.drain_once()
    too_early = await relay.drain_once()
    time.now += timedelta(seconds=10)
    later = await relay.drain_once()

    assert (first, too_early, later) == (1, 0, 1)
    assert await states(store) == [DELIVERED]


def test_a_relay_refuses_unsafe_settings_before_it_opens_anything(tmp_path: Path) -> None:
    unsafe = Settings(_env_file=None, database_url=f"sqlite:///{tmp_path / 'x.sqlite3'}")

    with pytest.raises(UnsafeSettings, match="TRANSFERS_JWT_ISSUER"):
        asyncio.run(run_relay(unsafe))

    assert list(tmp_path.iterdir()) == []


async def _settled(store: Store, besides: int = 0) -> bool:
    """Whether something was settled and no more than `besides` rows wait."""
    async with store.read() as tx:
        found = await tx.connection.execute(
            select(
                func.count().filter(deliveries.c.settled_at.is_(None)),
                func.count(deliveries.c.settled_at),
            )
        )
        waiting, settled = found.one()
    return waiting <= besides and settled > 0
