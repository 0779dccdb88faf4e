"""Finding events of the audit for who asks: by whom or by whose record, in a span of time."""

from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select

from app.domain.audit_handles import HandleKind
from app.domain.withheld import Reader
from app.store.audit import AuditEvent
from app.store.engine import Transaction
from app.store.sought import EVER, Between
from app.store.tables import audit_chain, audit_events, audit_handles, audit_mentions
from app.store.withheld import open_to, withheld_from

_e, _c = audit_events.c, audit_chain.c


@dataclass(frozen=True, slots=True)
class SoughtEvents:
    """What is looked for in an authority's audit; all of it must be so.

    `transfer`: what was done to it, and every read in which it was shown. `before`: older than the
    event of that id. `reader`: of transfers that are withheld from them there is nothing.
    """

    authority: str
    reader: Reader
    transfer: str | None = None
    actor: str | None = None
    at: Between = EVER
    before: int | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class FoundEvent:
    """An event, the transfer that it is of, and its link's sequence and hash."""

    event: AuditEvent
    transfer: str | None
    sequence: int
    hash: str


async def find_events(tx: Transaction, sought: SoughtEvents) -> list[FoundEvent]:
    """One page of sealed events, the newest first."""
    withheld = frozenset(await withheld_from(tx, sought.authority, sought.reader))
    if sought.transfer in withheld:
        return []
    return [
        FoundEvent(
            AuditEvent(
                row.id,
                row.action,
                row.actor,
                row.at,
                row.from_stage,
                row.to_stage,
                row.version,
                [code for code in row.codes if code not in withheld],
            ),
            row.transfer,
            row.sequence,
            row.hash,
        )
        for row in await tx.connection.execute(events_query(sought))
    ]


def events_query(sought: SoughtEvents) -> Select[*tuple[object, ...]]:
    """By the index of who is named, where somebody is; else by time or by the ids."""
    is_open = open_to(_e.transfer, sought.authority, sought.reader)
    query = (
        select(audit_events, _c.sequence, _c.hash)
        .join(audit_chain, _c.event == _e.id)
        .where(_c.authority == sought.authority, or_(_e.transfer.is_(None), is_open))
        .order_by(_c.event.desc())
        .limit(sought.limit)
    )
    if sought.before is not None:
        query = query.where(_c.event < sought.before)
    if sought.at.start is not None:
        query = query.where(_c.at >= sought.at.start)
    if sought.at.end is not None:
        query = query.where(_c.at < sought.at.end)
    if sought.actor is not None:
        query = _naming(query, HandleKind.PERSON, sought.actor).where(_e.actor == sought.actor)
    if sought.transfer is not None:
        query = _naming(query, HandleKind.RECORD, sought.transfer)
    return query


def _naming(
    query: Select[*tuple[object, ...]], kind: HandleKind, subject: str
) -> Select[*tuple[object, ...]]:
    its = audit_mentions.alias(f"of_{kind.value}")
    handle = (
        select(func.max(audit_handles.c.id))
        .where(audit_handles.c.subject == subject, audit_handles.c.kind == kind.value)
        .scalar_subquery()
    )
    return query.join(its, its.c.event == _c.event).where(its.c.handle == handle)
