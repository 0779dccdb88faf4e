"""Erasing somebody from the audit: their salt and their id go, where they stood their digest stays.

The chain is over digests, so it holds; and that they were erased is an event of the same chain, so
that a salt which is destroyed without one is found (hazard 17).
"""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, select, update

from app.domain.audit_handles import Handle, HandleKind, without
from app.domain.audit_walk import DIGEST, HANDLE_ERASED
from app.domain.decision import Event
from app.store.audit_handles import handles_for
from app.store.audit_seal import hold_the_sweep, recorded, seal
from app.store.engine import Transaction
from app.store.rows import change_rows
from app.store.statement import Statement
from app.store.tables import audit_chain, audit_events, audit_handles, audit_mentions
from app.store.unit_of_work import record_events

_THAT_NAME = Statement(
    select(audit_events)
    .join(audit_mentions, audit_mentions.c.event == audit_events.c.id)
    .where(audit_mentions.c.handle == bindparam("handle"))
    .order_by(audit_events.c.id)
)
_UNSEALED = Statement(
    select(audit_events)
    .outerjoin(audit_chain, audit_chain.c.event == audit_events.c.id)
    .where(and_(audit_chain.c.event.is_(None), audit_events.c.id > bindparam("after")))
    .order_by(audit_events.c.id)
)
_FORGET = Statement(
    update(audit_handles).where(audit_handles.c.id == bindparam("handle")), ("subject", "salt")
)
AT_ONCE = 1000
_CHANGED = ("actor", "transfer", "codes")


async def forget_subject(  # noqa: PLR0913 - whose audit, who is erased, by whom, when, why
    tx: Transaction,
    *,
    authority: str,
    kind: HandleKind,
    subject: str,
    actor: str,
    now: datetime,
    codes: Collection[str] = (),
) -> str:
    """Erase a person, a child or a record from the audit of an authority; the digest that stays.

    `codes` say why, in the event that tells of it. Afterwards nobody can tell whose digest it is.
    Erasing who is not named writes the event all the same.
    """
    sweep = await hold_the_sweep(tx, now)
    handle = Handle(kind, subject)
    known = (await handles_for(tx, {handle}))[handle]
    rows = await tx.rows(_THAT_NAME, {"handle": known.id})
    rows += await tx.rows(_UNSEALED, {"after": sweep["swept"]})
    changed = []
    for row in rows:
        was = recorded(row)
        event = without(was, {handle: known.digest})
        if event != was:
            changed.append({"id": event.id} | _columns(asdict(event)))
    await change_rows(tx, audit_events, changed)
    await tx.change(_FORGET, {"handle": known.id, "subject": None, "salt": None})
    said = (kind, DIGEST + known.digest, *codes)
    erasure = Event(HANDLE_ERASED, actor, now, None, None, None, said)
    await record_events(tx, authority, None, (erasure,))
    while await seal(tx, now, AT_ONCE) == AT_ONCE:  # so that no erasure is ever seen unexplained
        pass
    return known.digest


def _columns(event: dict[str, Any]) -> dict[str, Any]:
    return {name: event[name] for name in _CHANGED} | {"codes": list(event["codes"])}
