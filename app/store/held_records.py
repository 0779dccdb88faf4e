"""What the store holds around a child's transfers: who reads them, what was sent, and names."""

from collections.abc import Collection

from sqlalchemy import select

from app.domain.answer_subject_access import Case
from app.domain.held_records import ReadBy, Sent
from app.domain.reading import READ
from app.domain.restriction import RestrictionKind
from app.domain.withheld import Reader
from app.store.engine import Transaction
from app.store.tables import (
    audit_events,
    deliveries,
    people,
    restrictions,
    teams,
    transfer_children,
    transfers,
)
from app.store.withheld import open_to


async def cases_of(
    tx: Transaction, authority: str, children: Collection[str], reader: Reader
) -> dict[str, Case]:
    """What there is of each of these children, for that reader."""
    its, there = transfers.c, transfer_children.c
    ours = (there.authority == authority, there.child_id.in_(sorted(children)))
    at = select(there.child_id, its.origin_team, its.sent_to).join_from(
        transfer_children, transfers, its.id == there.transfer
    )
    kept = select(there.child_id, restrictions.c.person).join_from(
        transfer_children, restrictions, restrictions.c.transfer == there.transfer
    )
    conflict = (
        restrictions.c.kind == RestrictionKind.CONFLICT_OF_INTEREST.value,
        restrictions.c.lifted_at.is_(None),
    )
    had: dict[str, set[str]] = {child: set() for child in children}
    denied: dict[str, set[str]] = {child: set() for child in children}
    for child, *had_by in await tx.connection.execute(at.where(*ours)):
        had[child].update(team for team in had_by if team is not None)
    for child, person in await tx.connection.execute(kept.where(*ours, *conflict)):
        denied[child].add(person)
    closed = select(there.child_id).where(*ours, ~open_to(there.transfer, authority, reader))
    withheld = set((await tx.connection.execute(closed)).scalars())
    return {x: Case(frozenset(had[x]), frozenset(denied[x]), x in withheld) for x in children}


async def readers_of(tx: Transaction, transfer: str) -> tuple[ReadBy, ...]:
    """Who read which part of a transfer, from the audit, in the order of their first reading."""
    of = audit_events.c
    query = (
        select(of.actor, of.codes, of.at)
        .where(of.transfer == transfer, of.action == READ)
        .order_by(of.id)
    )
    found: dict[tuple[str, str], ReadBy] = {}
    for actor, codes, at in await tx.connection.execute(query):
        key = (actor, codes[0] if codes else "")
        before = found.get(key)
        times, first = (before.times, before.first_at) if before else (0, at)
        found[key] = ReadBy(*key, times + 1, first, at)
    return tuple(found.values())


async def sent_of(tx: Transaction, transfer: str) -> tuple[Sent, ...]:
    """What was sent of a transfer, in order; not what it held."""
    of = deliveries.c
    query = select(*(of[name] for name in Sent.__slots__)).where(of.transfer == transfer)
    found = await tx.connection.execute(query.order_by(of.id))
    return tuple(Sent(**row) for row in found.mappings())


async def names_of(tx: Transaction, authority: str, ids: Collection[str]) -> dict[str, str]:
    """The names of those of the ids that are people or teams of the authority."""
    names: dict[str, str] = {}
    for table in (people, teams):
        query = select(table.c.id, table.c.name).where(
            table.c.authority == authority, table.c.id.in_(ids)
        )
        names |= {row.id: row.name for row in await tx.connection.execute(query)}
    return names
