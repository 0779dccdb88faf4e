"""The drain under faults: nothing is lost, nothing doubled, and all of it adds up."""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, suppress
from datetime import datetime, timedelta

import pytest
from builders import NOW
from outbox.fake_tray import FakeTray, Fault
from store.kept import (
    BOOK,
    delivered_rows,
    keep,
    message,
    numbered,
    numbered_transfer,
    queue,
    states,
)
from usecases.waits import ALERT_AFTER, LEASE

from app.domain.duty_task import CaseSystem
from app.domain.messages import MessageKind
from app.outbox.attempt import Patience
from app.outbox.circuit import OPENS_AFTER
from app.outbox.drain import Drain, Made, Pace
from app.outbox.outlet import Outlet, TrayOutlet
from app.outbox.tray import Capability, TrayRefused, TrayUnavailable
from app.store.deliveries import count_unsettled
from app.store.delivery_rows import (
    CANCELLED,
    DELIVERED,
    LEASED,
    PARKED,
    PENDING,
    UNCERTAIN,
    Delivery,
)
from app.store.engine import Store, Transaction
from app.store.failures import StoreUnavailable
from app.store.leases import replay
from app.usecases.mark_deliveries import Mark, mark_deliveries

LCS = CaseSystem.LCS
STEPS = (0.0, 5.0, 30.0, 120.0, 300.0)


class Time:
    """A clock to be moved on."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class Marking:
    """Marks as the relay does; `broken` counts down the marks that the database refuses.

    `unmarkable`: the delivery whose success we fail to mark.
    """

    def __init__(self, time: Time) -> None:
        self.time = time
        self.broken = 0
        self.unmarkable = 0

    async def __call__(self, tx: Transaction, made: Sequence[Made]) -> None:
        if self.broken > 0:
            self.broken -= 1
            raise StoreUnavailable("cut off")
        for delivery, attempt in made:
            if delivery.id == self.unmarkable and attempt.settlement.state is DELIVERED:
                raise LookupError("a fault of ours")
        marks = [Mark(delivery, attempt.settlement, attempt.learned) for delivery, attempt in made]
        now = self.time()
        await mark_deliveries(tx, BOOK, marks, now=now, alert_after=ALERT_AFTER)


def drain_of(  # noqa: PLR0913 - wired as in relay.py
    store: Store,
    tray: FakeTray,
    time: Time,
    *,
    mark: Marking | None = None,
    worker: str = "one",
    batch: int = 8,
) -> Drain:
    return Drain(
        store,
        lambda: {LCS: TrayOutlet(tray, Patience(STEPS))},
        mark or Marking(time),
        worker=worker,
        pace=Pace(batch, LEASE),
        clock=time,
    )


async def _tasks(store: Store, total: int, *, first: int = 0) -> None:
    transfers = [numbered_transfer(n) for n in range(first, first + total)]
    await keep(store, *transfers)
    await queue(store, *(message(MessageKind.DELIVER_TASK, one) for one in transfers))


async def _run(drain: Drain) -> int:
    claimed = 0
    while now := await drain.step():
        claimed += now
        await drain.settle_all()
    return claimed


ERRORS = (
    TrayUnavailable("ConnectError"),
    TrayUnavailable("status 503", retry_after=7.0),
    TrayUnavailable("timeout", ambiguous=True),
    TrayRefused("status 422"),
    RuntimeError("a fault of the adapter"),
)


def _fault(chance: random.Random) -> Fault | None:
    if chance.random() < 0.45:
        return None
    error = chance.choice(ERRORS)
    lost = isinstance(error, TrayUnavailable) and error.ambiguous and chance.random() < 0.7
    return Fault(error, after=lost)


@pytest.mark.parametrize("capability", Capability)
async def test_h04_h05_after_any_faults_all_adds_up_and_no_task_is_lost_or_doubled(
    store: Store, capability: Capability
) -> None:
    chance = random.Random(f"{capability}")  # noqa: S311 - the same every time
    total, time = 16, Time()
    tray, mark = FakeTray(capability), Marking(time)
    await _tasks(store, total)
    created = total
    for number in range(0, total, 4):
        notice = message(MessageKind.PICK_UP_TASK, numbered_transfer(number))
        await queue(store, notice)
        created += 1

    for step in range(14):
        tray.faults = [_fault(chance) for _ in range(12)]
        mark.broken, mark.unmarkable = chance.choice((0, 0, 2)), chance.randrange(total)
        drain = drain_of(store, tray, time, mark=mark, worker=f"worker {step}")
        try:
            await drain.step()
            if chance.random() < 0.3:
                await drain.stop(timedelta())  # cut off: leases are given back
            await drain.settle_all()
        except StoreUnavailable:
            with suppress(StoreUnavailable):  # then the leases run out
                await drain.stop(timedelta(seconds=5))
        time.now += timedelta(seconds=chance.choice((1, 61, 400)))
        if step % 5 == 4:
            await queue(store, message(MessageKind.WITHDRAW_TASK, numbered_transfer(step)))
            created += 1
        async with store.read() as tx:
            unsettled = await count_unsettled(tx)
        stand = Counter(await states(store))
        assert sum(stand.values()) == created
        assert sum(unsettled.values()) == created - stand[DELIVERED] - stand[CANCELLED]
    tray.faults = []
    while _waiting(await delivered_rows(store)):
        time.now += timedelta(hours=1)
        if not await _run(drain_of(store, tray, time, worker="the last")):
            break

    rows = await delivered_rows(store)
    assert max(tray.made.values()) == 1
    assert _arrived(rows) <= tray.made.keys()
    assert _waiting(rows) <= {row.transfer for row in rows if row.state in (PARKED, UNCERTAIN)}
    assert capability is Capability.NONE or UNCERTAIN not in {row.state for row in rows}


def _arrived(rows: list[Delivery]) -> set[str]:
    """The tasks that we believe to be in the tray."""
    kind = MessageKind.DELIVER_TASK
    return {f"{r.transfer}.1" for r in rows if r.kind is kind and r.state is DELIVERED}


def _waiting(rows: list[Delivery]) -> set[str]:
    """The transfers of which something is still to be said."""
    return {row.of_transfer for row in rows if row.state in (PENDING, LEASED)}


async def test_h04_what_is_parked_arrives_after_a_replay(store: Store) -> None:
    time, tray = Time(), FakeTray(faults=(Fault(TrayRefused("status 422: no_such_tray")),))
    await _tasks(store, 1)
    await _run(drain_of(store, tray, time))
    parked = await delivered_rows(store, state="parked")

    async with store.write() as tx:
        await replay(tx, parked[0].id, NOW)
    await _run(drain_of(store, tray, time))

    assert await states(store) == [DELIVERED]
    assert tray.made == {f"{numbered(0)}.1": 1}


async def test_h05_an_uncertain_task_is_sent_when_a_person_says_so_and_never_before(
    store: Store,
) -> None:
    time = Time()
    tray = FakeTray(Capability.NONE, faults=(Fault(TrayUnavailable("timeout", ambiguous=True)),))
    await _tasks(store, 1)

    await _run(drain_of(store, tray, time))
    time.now += timedelta(days=3)
    await _run(drain_of(store, tray, time))
    (row,) = await delivered_rows(store)
    async with store.write() as tx:
        await replay(tx, row.id, time.now)
    await _run(drain_of(store, tray, time))

    assert row.state is UNCERTAIN
    assert await states(store) == [DELIVERED]
    assert tray.spoken() == ["deliver", "deliver"]


async def test_a_stop_waits_for_what_ends_in_time_and_gives_back_what_does_not(
    store: Store,
) -> None:
    time, tray, release = Time(), FakeTray(), asyncio.Event()
    await _tasks(store, 2)
    waiting = iter((asyncio.sleep(0.01), release.wait()))
    tray.gate = lambda: next(waiting)
    drain = drain_of(store, tray, time)

    await drain.step()
    await drain.stop(timedelta(seconds=0.3))
    rows = await delivered_rows(store)

    assert [row.state for row in rows] == [DELIVERED, PENDING]
    assert (rows[1].ambiguous, rows[1].outcome) == (True, "cut off by a stop")


@pytest.mark.parametrize("where", ["the tray", "our own marking"])
async def test_h04_an_unexpected_fault_parks_its_row_and_the_others_go_on(
    store: Store, where: str
) -> None:
    time = Time()
    tray, mark = FakeTray(), Marking(time)
    if where == "the tray":
        tray.faults = [Fault(ZeroDivisionError())]
    else:
        mark.unmarkable = 2
    await _tasks(store, 3)

    claimed = await _run(drain_of(store, tray, time, mark=mark, batch=1))
    rows = await delivered_rows(store)

    assert claimed == 3
    assert Counter(row.state for row in rows) == {PARKED: 1, DELIVERED: 2}
    (parked,) = (row for row in rows if row.state is PARKED)
    assert parked.ambiguous
    assert str(parked.outcome).startswith("unexpected ")


async def test_h04_a_mark_that_the_database_refuses_is_told_and_made_by_a_later_step(
    store: Store,
) -> None:
    time, tray = Time(), FakeTray()
    mark = Marking(time)
    mark.broken = 1
    await _tasks(store, 2)
    drain = drain_of(store, tray, time, mark=mark)

    await drain.step()
    with pytest.raises(StoreUnavailable):
        await drain.settle_all()
    before = await states(store)
    await drain.step()

    assert before == [LEASED, LEASED]
    assert await states(store) == [DELIVERED, DELIVERED]
    assert tray.spoken() == ["deliver", "deliver"]


async def test_h04_a_mark_that_died_with_its_relay_comes_back_by_its_lease(store: Store) -> None:
    time, tray = Time(), FakeTray()
    await _tasks(store, 1)
    killed = drain_of(store, tray, time, worker="killed")
    await killed.step()
    await killed.ended.wait()

    drain = drain_of(store, tray, time)
    at_once = await _run(drain)
    time.now += LEASE + timedelta(seconds=1)
    await _run(drain)
    with_the_lost_lease = await killed.step()

    assert (at_once, with_the_lost_lease) == (0, 0)
    assert await states(store) == [DELIVERED]
    assert tray.spoken() == ["deliver", "deliver"]
    assert max(tray.made.values()) == 1


async def test_what_has_ended_is_marked_in_one_transaction_with_the_next_claim(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    time, tray = Time(), FakeTray()
    await _tasks(store, 3)
    drain = drain_of(store, tray, time, batch=8)
    writes, real = [], Store.write

    def write(self: Store) -> AbstractAsyncContextManager[Transaction]:
        writes.append(self)
        return real(self)

    await drain.step()
    await asyncio.sleep(0.05)  # time enough for three pushes in memory
    await _tasks(store, 4, first=3)
    monkeypatch.setattr(Store, "write", write)
    claimed = await drain.step()

    assert (claimed, len(writes)) == (4, 1)
    assert Counter(await states(store)) == {DELIVERED: 3, LEASED: 4}
    await drain.stop(timedelta(seconds=5))


async def test_one_batch_is_pushed_while_the_one_before_it_is_marked(store: Store) -> None:
    time, tray, spoken = Time(), FakeTray(), []
    marking = Marking(time)

    async def mark(tx: Transaction, made: Sequence[Made]) -> None:
        await asyncio.sleep(0.05)  # time enough for eight pushes in memory
        spoken.append((len(made), len(tray.spoken())))
        await marking(tx, made)

    outlets: dict[str, Outlet] = {LCS: TrayOutlet(tray, Patience(STEPS))}
    pace = Pace(8, LEASE)
    drain = Drain(store, lambda: outlets, mark, worker="one", pace=pace, clock=time)
    await _tasks(store, 24)
    await drain.step()
    await asyncio.sleep(0.05)
    await drain.step()
    await drain.stop(timedelta(seconds=5))

    assert spoken[0] == (8, 16)
    assert Counter(await states(store)) == {DELIVERED: 24}


async def test_h04_a_database_that_refuses_every_mark_is_not_pushed_from_without_end(
    store: Store,
) -> None:
    time, tray = Time(), FakeTray()
    mark = Marking(time)
    mark.broken = 10
    await _tasks(store, 60)
    drain = drain_of(store, tray, time, mark=mark, batch=8)

    await drain.step()
    for _ in range(10):
        await asyncio.sleep(0.02)
        with pytest.raises(StoreUnavailable):
            await drain.step()

    assert len(tray.spoken()) <= 24
    await asyncio.sleep(0.02)
    await drain.stop(timedelta(seconds=5))


async def test_looking_for_work_takes_no_turn_at_writing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    drain = drain_of(store, FakeTray(), Time())

    def write(_self: Store) -> AbstractAsyncContextManager[Transaction]:
        pytest.fail("a relay that has nothing to do wrote")

    monkeypatch.setattr(Store, "write", write)

    assert await drain.step() == 0


async def test_outlets_come_and_go_while_the_relay_works(store: Store) -> None:
    time, tray = Time(), FakeTray()
    outlets: dict[str, Outlet] = {}
    pace = Pace(8, LEASE)
    drain = Drain(store, lambda: outlets, Marking(time), worker="one", pace=pace, clock=time)
    await _tasks(store, 2)

    without = await _run(drain)
    outlets["lcs"] = TrayOutlet(tray, Patience(STEPS))
    with_it = await _run(drain)

    assert (without, with_it) == (0, 2)


async def test_a_system_that_hangs_never_starves_the_other(store: Store) -> None:
    time, hanging, quick = Time(), FakeTray(), FakeTray()
    never = asyncio.Event()
    hanging.gate = never.wait
    outlets: dict[str, Outlet] = {
        "lcs": TrayOutlet(hanging, Patience(STEPS)),
        "ehm": TrayOutlet(quick, Patience(STEPS)),
    }
    pace = Pace(4, LEASE)
    drain = Drain(store, lambda: outlets, Marking(time), worker="one", pace=pace, clock=time)
    await _tasks(store, 8)
    ours = [numbered_transfer(n) for n in range(8)]
    ehm = CaseSystem.EHM
    await queue(store, *(message(MessageKind.LOOK_UP_TASK, x, destination=ehm) for x in ours))

    async with asyncio.timeout(10):
        while len(quick.said) < 8:
            await drain.step()
            await asyncio.wait_for(drain.ended.wait(), 5)
    await drain.stop(timedelta())

    assert len(hanging.said) == 4
    assert Counter(row.state for row in await delivered_rows(store)) == {DELIVERED: 8, PENDING: 8}


async def test_a_dead_system_is_tried_by_one_probe_at_a_time_and_recovers_at_once(
    store: Store,
) -> None:
    time = Time()
    dead = [Fault(TrayUnavailable("ConnectError"))] * (OPENS_AFTER + 1)
    tray = FakeTray(faults=tuple(dead))
    await _tasks(store, 12)
    drain = drain_of(store, tray, time, batch=OPENS_AFTER)
    claimed = []

    for _ in range(4):
        claimed.append(await drain.step())
        await drain.settle_all()

    assert claimed == [OPENS_AFTER, 1, 1, OPENS_AFTER]


async def test_no_transaction_is_open_while_a_push_is_under_way(store: Store) -> None:
    time, tray = Time(), FakeTray()
    await _tasks(store, 1)

    async def somebody_writes() -> None:
        async with asyncio.timeout(1), store.write() as tx:
            assert (await count_unsettled(tx)) == {("lcs", "leased"): 1}

    tray.gate = somebody_writes
    await _run(drain_of(store, tray, time))

    assert await states(store) == [DELIVERED]
