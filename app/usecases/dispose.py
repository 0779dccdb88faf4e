"""Dispose of what the council keeps no longer, a transfer at a time (a relay tick)."""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.domain.disposal import WhyKept, disposed, tombstone, why_kept
from app.domain.retention import Retention, kind_of
from app.store.disposal import dispose_of
from app.store.due_transfers import may_be_due
from app.store.engine import Store, Transaction
from app.store.idempotency import forget_old_answers
from app.store.old_rows import OlderThan, count_old_rows, forget_old_rows, minimise_payloads
from app.store.standing import standing_of
from app.store.unit_of_work import record_events
from app.usecases.forget_children import count_unknown_children

MOST_AT_ONCE = 100
MOST_BATCHES = 20


@dataclass(frozen=True, slots=True)
class Due:
    """A dry run: how many transfers would go by their kind, why others stay, old rows, and how many
    children only the audit names.
    """  # noqa: D205 - one sentence

    transfers: Counter[str] = field(default_factory=Counter)
    kept: Counter[WhyKept] = field(default_factory=Counter)
    rows: dict[str, int] = field(default_factory=dict)
    unknown_children: int = 0


async def dispose(tx: Transaction, transfer_id: str, retention: Retention, now: datetime) -> bool:
    """Dispose of the transfer where nothing stands in the way; whether it did."""
    standing = await standing_of(tx, transfer_id)
    if standing is None or why_kept(standing, retention, now):
        return False
    stone = tombstone(standing, now)
    await dispose_of(tx, standing.transfer, stone)
    await record_events(tx, stone.authority, stone.id, (disposed(stone),))
    return True


async def dispose_all(store: Store, retention: Retention, now: datetime) -> int:
    """Dispose of every transfer that is due, each in a transaction of its own; how many."""
    done = 0
    async for transfer_id in _candidates(store, retention, now):
        async with store.write() as tx:
            done += await dispose(tx, transfer_id, retention, now)
    return done


async def what_is_due(store: Store, retention: Retention, now: datetime) -> Due:
    """What a run would do now, without doing it."""
    async with store.read() as tx:
        rows = await count_old_rows(tx, older_than(retention, now))
    due = Due(rows=rows, unknown_children=await count_unknown_children(store, retention, now))
    async for transfer_id in _candidates(store, retention, now):
        async with store.write() as tx:
            standing = await standing_of(tx, transfer_id)
        if standing is None:
            continue
        reasons = why_kept(standing, retention, now)
        due.kept.update(why for why in reasons if WhyKept.NOT_DUE not in reasons)
        kind = kind_of(standing.transfer)
        if not reasons and kind is not None:
            due.transfers[kind] += 1
    return due


async def forget_old(store: Store, retention: Retention, now: datetime) -> None:
    """Delete and minimise rows that are older than the council keeps them, in batches."""
    async with store.write() as tx:
        await forget_old_answers(tx, now)
    than = older_than(retention, now)
    for work in (
        lambda tx: forget_old_rows(tx, than, MOST_AT_ONCE),
        lambda tx: minimise_payloads(tx, than, MOST_AT_ONCE),
    ):
        await _in_batches(store, work)


def older_than(retention: Retention, now: datetime) -> OlderThan:
    """The instants before which each kind of row is old."""
    return OlderThan(
        payloads=now - timedelta(days=retention.payload_days),
        callbacks=now - timedelta(days=retention.callback_days),
        alerts=now - timedelta(days=retention.alert_days),
        exports=now,
    )


async def _in_batches(store: Store, work: Callable[[Transaction], Awaitable[int]]) -> None:
    for _ in range(MOST_BATCHES):
        async with store.write() as tx:
            if await work(tx) < MOST_AT_ONCE:
                return


async def _candidates(store: Store, retention: Retention, now: datetime) -> AsyncIterator[str]:
    after = ""
    while True:
        async with store.read() as tx:
            ids = await may_be_due(tx, retention, now, after, MOST_AT_ONCE)
        for transfer_id in ids:
            yield transfer_id
        if len(ids) < MOST_AT_ONCE:
            return
        after = ids[-1]
