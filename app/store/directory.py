"""Authorities, teams, people and memberships in and out of their rows."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy import RowMapping, and_, bindparam, delete, false, insert, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from app.domain.duty_task import CaseSystem
from app.domain.people import Actor, Membership, Role, Team
from app.store.engine import Transaction
from app.store.statement import Row, Statement, Values
from app.store.tables import authorities, memberships, people, teams


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


async def actor_of_subject(tx: Transaction, subject: str, today: date) -> Actor | None:
    """The person whom tokens call `subject`, with the memberships that hold today."""
    return await _actor(tx, _BY_SUBJECT, {"who": subject, "today": today})


async def actor_of_person(tx: Transaction, person: str, today: date) -> Actor | None:
    """The person of that id, with the memberships that hold today."""
    return await _actor(tx, _BY_ID, {"who": person, "today": today})


def _with_memberships(which: ColumnElement[bool]) -> Statement:
    today = bindparam("today", type_=memberships.c.from_date.type)
    holds = and_(
        memberships.c.person == people.c.id,
        memberships.c.from_date <= today,
        or_(memberships.c.to_date.is_(None), memberships.c.to_date >= today),
    )
    return Statement(
        select(
            people.c.id, people.c.authority,
            memberships.c.role, memberships.c.team, memberships.c.meeting,
        )
        .select_from(people.outerjoin(memberships, holds))
        .where(which)
    )  # fmt: skip


_BY_SUBJECT = _with_memberships(people.c.subject == bindparam("who"))
_BY_ID = _with_memberships(people.c.id == bindparam("who"))


async def _actor(tx: Transaction, who: Statement, values: Values) -> Actor | None:
    rows = await tx.rows(who, values)
    if not rows:
        return None
    roles = frozenset(
        Membership(Role(r["role"]), r["team"], r["meeting"]) for r in rows if r["role"] is not None
    )
    return Actor(rows[0]["id"], rows[0]["authority"], roles)


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
