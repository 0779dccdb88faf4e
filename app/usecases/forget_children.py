"""Forget old subject-access requests, and children whom nothing but the audit names (a relay tick).

A child whose last record goes is erased from the audit with it. One who is named afterwards, by a
read that had begun before or by somebody who searches for them, is erased some days after that.
"""

from datetime import datetime, timedelta

from app.domain.instants import start_of_day
from app.domain.london import local_date
from app.domain.retention import Retention
from app.domain.subject_access import forgotten
from app.domain.time_units import months_on
from app.store.engine import Store, Transaction
from app.store.forget_child import forget_child, is_known_child
from app.store.subject_access import forget_old_requests
from app.store.unit_of_work import record_events
from app.store.unknown_children import forget_unknown, is_unknown_since, unknown_children

MOST_AT_ONCE = 100
MOST_REQUESTS = 1000
REQUEST_FORGOTTEN = "request_forgotten"


async def forget_children(store: Store, retention: Retention, now: datetime) -> None:
    """Forget the requests that are old, then the unknown children; each in a transaction."""
    decided_before = start_of_day(months_on(local_date(now), -12 * retention.request_years))
    for _ in range(MOST_REQUESTS):
        async with store.write() as tx:
            if not await _forget_a_request(tx, decided_before, now):
                break
    await _forget_unknown(store, _named_before(retention, now), now)


async def count_unknown_children(store: Store, retention: Retention, now: datetime) -> int:
    """How many unknown children are due to be forgotten."""
    named_before, found, after = _named_before(retention, now), 0, 0
    async with store.read() as tx:
        while children := await unknown_children(tx, after, MOST_AT_ONCE):
            found += sum([await is_unknown_since(tx, one, named_before) for one in children])
            after = children[-1].handle
    return found


async def _forget_a_request(tx: Transaction, decided_before: datetime, now: datetime) -> bool:
    for found in await forget_old_requests(tx, decided_before, 1):
        await record_events(tx, found.authority, None, (forgotten(found, now),))
        if not await is_known_child(tx, found.authority, found.child_id):
            why = (REQUEST_FORGOTTEN, f"request:{found.id}")
            await forget_child(tx, found.authority, found.child_id, now, why)
        return True
    return False


async def _forget_unknown(store: Store, named_before: datetime, now: datetime) -> None:
    after = 0
    while True:
        async with store.read() as tx:
            children = await unknown_children(tx, after, MOST_AT_ONCE)
            old = [one for one in children if await is_unknown_since(tx, one, named_before)]
        for child in old:
            async with store.write() as tx:
                await forget_unknown(tx, child, named_before, now)
        if len(children) < MOST_AT_ONCE:
            return
        after = children[-1].handle


def _named_before(retention: Retention, now: datetime) -> datetime:
    return now - timedelta(days=retention.unknown_child_days)
