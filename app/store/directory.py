"""Authorities, teams, people and memberships in and out of their rows."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    RowMapping,
    Select,
    and_,
    bindparam,
    cast,
    delete,
    false,
    insert,
    null,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.sql.elements import ColumnElement

from app.domain.duty_task import CaseSystem
from app.domain.london import local_date
from app.domain.people import Actor, Delegated, Membership, Role, Team
from app.store.engine import Transaction
from app.store.statement import Row, Statement, Values
from app.store.tables import authorities, delegations, memberships, openings, people, teams


@dataclass(frozen=True, slots=True)
class Authority:
    """A council and the protocol in force there."""

    code: str
    name: str
    protocol: str


@dataclass(frozen=True, slots=True)
class Person:
    """A person; `subject` is who their tokens say they are."""

    id: str
    authority: str
    name: str
    subject: str


@dataclass(frozen=True, slots=True)
class DatedMembership:
    """A role from one day to another, both included; `to_date` None: until further notice."""

    person: str
    role: Role
    team: str | None
    from_date: date
    to_date: date | None = None
    meeting: str | None = None


async def actor_of_subject(tx: Transaction, subject: str, now: datetime) -> Actor | None:
    """The person whom tokens call `subject`, with what holds today and what is open to them now."""
    values = {"who": subject, "today": local_date(now), "now": now}
    return await _actor(tx, _BY_SUBJECT, values)


async def actor_of_person(tx: Transaction, person: str, today: date) -> Actor | None:
    """The person of that id, with the memberships and delegations that hold today."""
    return await _actor(tx, _BY_ID, {"who": person, "today": today})


def _with_memberships(which: ColumnElement[bool], *besides: Select[*tuple[Any, ...]]) -> Statement:
    """A row for each membership, at least one; a delegate's say `by` whom they hold it."""
    own = select(*_PERSON, *_HELD, _NOTHING.label("by"), _NOTHING.label("opened")).select_from(
        people.outerjoin(memberships, and_(memberships.c.person == people.c.id, _HOLDS))
    )
    delegated = (
        select(*_PERSON, *_HELD, delegations.c.delegator, _NOTHING)
        .join_from(people, delegations, delegations.c.delegate == people.c.id)
        .join(memberships, and_(memberships.c.person == delegations.c.delegator, _HOLDS))
        .where(
            memberships.c.role == delegations.c.role,
            memberships.c.team == delegations.c.team,
            delegations.c.from_date <= _TODAY,
            delegations.c.to_date >= _TODAY,
            delegations.c.ended_at.is_(None),
        )
    )
    return Statement(union_all(*(query.where(which) for query in (own, delegated, *besides))))


_TODAY = bindparam("today", type_=memberships.c.from_date.type)
_NOTHING = cast(null(), memberships.c.team.type)
_PERSON = (people.c.id, people.c.authority)
_HELD = (memberships.c.role, memberships.c.team, memberships.c.meeting)
_HOLDS = and_(
    memberships.c.from_date <= _TODAY,
    or_(memberships.c.to_date.is_(None), memberships.c.to_date >= _TODAY),
)
_OPENED = (
    select(*_PERSON, _NOTHING, _NOTHING, _NOTHING, _NOTHING, openings.c.transfer)
    .join_from(people, openings, openings.c.person == people.c.id)
    .where(openings.c.until > bindparam("now", type_=openings.c.until.type))
)
_BY_SUBJECT = _with_memberships(people.c.subject == bindparam("who"), _OPENED)
_BY_ID = _with_memberships(people.c.id == bindparam("who"))


async def _actor(tx: Transaction, who: Statement, values: Values) -> Actor | None:
    rows = await tx.rows(who, values)
    if not rows:
        return None
    held = [
        (Membership(Role(r["role"]), r["team"], r["meeting"]), r["by"])
        for r in rows
        if r["role"] is not None
    ]
    own = {membership for membership, by in held if by is None}
    return Actor(
        rows[0]["id"],
        rows[0]["authority"],
        frozenset(membership for membership, _ in held),
        frozenset(Delegated(m, by) for m, by in held if by is not None and m not in own),
        frozenset(r["opened"] for r in rows if r["opened"] is not None),
    )


async def load_teams(tx: Transaction, ids: set[str], *, relied_on: bool = False) -> dict[str, Team]:
    """The teams of those ids that exist.

    A change that relies on them keeps them as they are until it ends: no team is closed between
    the reading of it and what is sent to it.
    """
    statement = _teams(len(ids), keep=relied_on and tx.writes)
    found = await tx.rows(statement, {f"id_{n}": team for n, team in enumerate(ids)})
    return {row["id"]: _team(row) for row in found}


@cache
def _teams(how_many: int, *, keep: bool) -> Statement:
    wanted = or_(false(), *(teams.c.id == bindparam(f"id_{n}") for n in range(how_many)))
    query = select(teams).where(wanted).order_by(teams.c.id)
    return Statement(query.with_for_update(read=True) if keep else query)


async def load_teams_to_change(tx: Transaction, ids: set[str]) -> dict[str, Team]:
    """The teams of those ids that exist, for this transaction once nobody else relies on them."""
    query = select(teams).where(teams.c.id.in_(ids)).order_by(teams.c.id).with_for_update()
    found = await tx.connection.execute(query)
    return {row["id"]: _team(row) for row in found.mappings()}


async def person_of(tx: Transaction, person: str) -> Person | None:
    """The person of that id, or None."""
    found = await tx.connection.execute(select(people).where(people.c.id == person))
    row = found.mappings().one_or_none()
    return Person(**row) if row else None


async def shares_name(tx: Transaction, person: Person) -> bool:
    """Whether somebody else of the council has the same name."""
    other = (
        people.c.authority == person.authority,
        people.c.name == person.name,
        people.c.id != person.id,
    )
    found = await tx.connection.execute(select(people.c.id).where(*other).limit(1))
    return found.first() is not None


async def authority_of(tx: Transaction, code: str) -> Authority | None:
    """The authority of that code, or None."""
    found = await tx.connection.execute(select(authorities).where(authorities.c.code == code))
    row = found.mappings().one_or_none()
    return Authority(**row) if row else None


async def list_authorities(tx: Transaction) -> list[Authority]:
    """Every authority by code."""
    found = await tx.connection.execute(select(authorities).order_by(authorities.c.code))
    return [Authority(**row) for row in found.mappings()]


async def list_teams(tx: Transaction, authority: str) -> list[Team]:
    """Every team of an authority by id."""
    found = await tx.connection.execute(
        select(teams).where(teams.c.authority == authority).order_by(teams.c.id)
    )
    return [_team(row) for row in found.mappings()]


async def list_members(tx: Transaction, team: str) -> list[tuple[Person, DatedMembership]]:
    """Everyone who is, was or will be in a team, with the dates."""
    found = await tx.connection.execute(
        select(
            people.c.id, people.c.authority, people.c.name, people.c.subject,
            memberships.c.role, memberships.c.team,
            memberships.c.from_date, memberships.c.to_date,
        )
        .join(memberships, memberships.c.person == people.c.id)
        .where(memberships.c.team == team)
        .order_by(people.c.id, memberships.c.from_date, memberships.c.id)
    )  # fmt: skip
    return [
        (
            Person(r.id, r.authority, r.name, r.subject),
            DatedMembership(r.id, Role(r.role), r.team, r.from_date, r.to_date),
        )
        for r in found
    ]


async def save_authority(tx: Transaction, authority: Authority) -> None:
    """Insert or replace an authority."""
    values = {"name": authority.name, "protocol": authority.protocol}
    changed = await tx.connection.execute(
        update(authorities).where(authorities.c.code == authority.code).values(values)
    )
    if changed.rowcount == 0:
        await tx.connection.execute(insert(authorities).values(code=authority.code, **values))


async def save_team(tx: Transaction, team: Team) -> None:
    """Insert or replace a team; a team is never deleted, only no longer active."""
    values = {
        "authority": team.authority, "name": team.name, "kind": team.kind,
        "service": team.service, "locality": team.locality,
        "case_system": team.case_system.value, "tray": team.tray, "active": team.active,
    }  # fmt: skip
    changed = await tx.connection.execute(update(teams).where(teams.c.id == team.id).values(values))
    if changed.rowcount == 0:
        await tx.connection.execute(insert(teams).values(id=team.id, **values))


async def save_person(tx: Transaction, person: Person, held: list[DatedMembership]) -> None:
    """Insert or replace a person and all their memberships."""
    values = {"authority": person.authority, "name": person.name, "subject": person.subject}
    changed = await tx.connection.execute(
        update(people).where(people.c.id == person.id).values(values)
    )
    if changed.rowcount == 0:
        await tx.connection.execute(insert(people).values(id=person.id, **values))
    await tx.connection.execute(delete(memberships).where(memberships.c.person == person.id))
    for membership in held:
        await tx.connection.execute(
            insert(memberships).values(
                person=person.id,
                role=membership.role.value,
                team=membership.team,
                meeting=membership.meeting,
                from_date=membership.from_date,
                to_date=membership.to_date,
            )
        )


def _team(row: Row | RowMapping) -> Team:
    return Team(**{**row, "case_system": CaseSystem(row["case_system"])})
