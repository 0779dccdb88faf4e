"""Sealing: events of the audit become links of their authority's chain, in the order of their ids.

Requests only insert events. One sealer at a time, whichever process it is in, holds the sweep's row
and makes links of what it finds: first beyond what it reached, and from time to time behind it,
where a transaction that was given its ids early ended late.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, insert, select, update

from app.domain.audit_chain import link, start_of
from app.domain.audit_handles import Recorded, handles
from app.store.audit_handles import handles_for
from app.store.engine import Transaction
from app.store.rows import insert_rows, of_several
from app.store.statement import Row, Statement, insert_into
from app.store.tables import (
    audit_chain,
    audit_events,
    audit_mentions,
    audit_streams,
    audit_sweep,
)

HORIZON = timedelta(minutes=2)
"""How long after the ids around it a transaction may still end: none lives a minute."""
_THE_ONE = 1
_SWEEP = Statement(select(audit_sweep).with_for_update())
_FIRST_SWEEP = Statement(
    lambda dialect: insert_into(dialect, audit_sweep).inline().on_conflict_do_nothing(),
    tuple(column.name for column in audit_sweep.columns),
)
_MOVE_SWEEP = Statement(
    update(audit_sweep).where(audit_sweep.c.id == bindparam("its_id")),
    ("reached", "marked", "marked_at", "swept"),
)
_BEYOND, _BEHIND = (
    Statement(
        select(audit_events)
        .outerjoin(audit_chain, audit_chain.c.event == audit_events.c.id)
        .where(audit_chain.c.event.is_(None), audit_events.c.id > bindparam("after"), *until)
        .order_by(audit_events.c.id)
        .limit(bindparam("most"))
    )
    for until in ((), (audit_events.c.id <= bindparam("until"),))
)
_HEADS = of_several(
    audit_streams.c.authority, select(audit_streams).order_by(audit_streams.c.authority)
)
_NEW_HEAD = Statement(insert(audit_streams).inline(), tuple(c.name for c in audit_streams.columns))
_MOVE_HEAD = Statement(
    update(audit_streams).where(audit_streams.c.authority == bindparam("stream")),
    ("sequence", "hash"),
)


async def seal(tx: Transaction, now: datetime, most: int) -> int:
    """Make links of the next events, `most` at once; how many."""
    sweep = await hold_the_sweep(tx, now)
    events = await tx.rows(_BEYOND, {"after": sweep["reached"], "most": most})
    if events:
        await _chain(tx, events, now)
        await _move(tx, sweep | {"reached": events[-1]["id"]})
    return len(events)


async def seal_stragglers(tx: Transaction, now: datetime, most: int) -> int:
    """Make links of events whose transactions ended after later ones' were sealed; how many."""
    sweep = await hold_the_sweep(tx, now)
    bounds = {"after": sweep["swept"], "until": sweep["reached"], "most": most}
    events = await tx.rows(_BEHIND, bounds)
    if events:
        await _chain(tx, events, now)
    if len(events) < most and now - sweep["marked_at"] >= HORIZON:
        moved = {"swept": sweep["marked"], "marked": sweep["reached"], "marked_at": now}
        await _move(tx, sweep | moved)
    return len(events)


def recorded(row: Row) -> Recorded:
    """An event from its row. Codes that are none, which nobody here writes, stop no sealer."""
    codes = row["codes"]
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
        codes = [f"no codes: {codes!r}"]
    return Recorded(**{name: row[name] for name in Recorded.__slots__} | {"codes": tuple(codes)})


async def hold_the_sweep(tx: Transaction, now: datetime) -> Row:
    """The sweep, kept for this transaction: nobody else seals or erases meanwhile."""
    found = await tx.row(_SWEEP, {})
    if found is None:
        nothing = {"reached": 0, "marked": 0, "marked_at": now, "swept": 0}
        await tx.change(_FIRST_SWEEP, {"id": _THE_ONE} | nothing)
        found = await tx.row(_SWEEP, {})
    assert found is not None  # noqa: S101 - it was inserted
    return found


async def _move(tx: Transaction, sweep: Row) -> None:
    await tx.change(_MOVE_SWEEP, sweep | {"its_id": _THE_ONE})


async def _chain(tx: Transaction, rows: Sequence[Row], now: datetime) -> None:
    events = [(row["authority"], recorded(row)) for row in rows]
    named = {event.id: handles(event) for _, event in events}
    known = await handles_for(tx, frozenset().union(*named.values()))
    digests = {handle: one.digest for handle, one in known.items()}
    authorities = {authority for authority, _ in events}
    heads = {row["authority"]: row for row in await tx.rows(_HEADS, {"ids": sorted(authorities)})}
    new = sorted(authorities - heads.keys())
    for authority in new:
        heads[authority] = _no_head(authority, now)
    links, mentions = [], []
    for authority, event in events:
        head = heads[authority]
        head["sequence"] += 1
        head["hash"] = link(authority, head["sequence"], head["hash"], event, digests)
        links.append(
            {
                "authority": authority,
                "sequence": head["sequence"],
                "event": event.id,
                "at": event.at,
                "hash": head["hash"],
            }
        )
        mentions += [{"handle": known[x].id, "event": event.id} for x in named[event.id]]
    await insert_rows(tx, audit_chain, links)
    await insert_rows(tx, audit_mentions, mentions)
    await tx.change_many(_NEW_HEAD, [heads[authority] for authority in new])
    changed = [heads[x] | {"stream": x} for x in sorted(authorities.difference(new))]
    await tx.change_many(_MOVE_HEAD, changed)


def _no_head(authority: str, now: datetime) -> Row:
    return {
        "authority": authority,
        "sequence": 0,
        "hash": start_of(authority),
        "checkpoint_sequence": 0,
        "checkpoint_at": now,
        "checkpoint_failing_since": None,
    }
