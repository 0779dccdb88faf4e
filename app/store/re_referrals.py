"""Children who come back: their step downs when a step up is opened, and the list of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, literal, or_, select, tuple_
from sqlalchemy.sql.elements import ColumnElement

from app.domain.authority import VisibleTo
from app.domain.instants import start_of_day
from app.domain.london import local_date
from app.domain.pathway import Pathway, Stage
from app.domain.re_referral import SteppedDown, earliest_completion
from app.domain.transfer import ChildOutcome
from app.store.engine import Transaction
from app.store.search import seen_by
from app.store.tables import milestones, transfer_children, transfers
from app.store.withheld import open_to

Key = tuple[datetime, str]


@dataclass(frozen=True, slots=True)
class SoughtReReferrals:
    """Which step ups: opened from `since` to before `until`, newest first, after the key `before`.

    `visible_to`: only what they may see, of the earlier step down as well (None: all of the
    authority). A step up after one that is withheld from them is left out.
    """

    authority: str
    visible_to: VisibleTo | None
    since: datetime | None = None
    until: datetime | None = None
    before: Key | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class FoundStepUp:
    """A step up of a child who came back."""

    id: str
    route: str
    opened_at: datetime
    re_referral_of: str


@dataclass(frozen=True, slots=True)
class FoundStepDown:
    """The step down that it came after."""

    id: str
    route: str
    completed_at: datetime


@dataclass(frozen=True, slots=True)
class FoundReReferral:
    """Both, the earlier one where it may be seen, and the children who are in both."""

    step_up: FoundStepUp
    step_down: FoundStepDown | None
    children: tuple[str, ...]


async def stepped_down(
    tx: Transaction, authority: str, children: Collection[str], now: datetime
) -> list[SteppedDown]:
    """The completed step downs of these children that may be watched now, each once."""
    query = stepped_down_query(authority, children, now)
    found = await tx.connection.execute(query)
    return [SteppedDown(**row) for row in found.mappings()]


def stepped_down_query(
    authority: str, children: Collection[str], now: datetime
) -> Select[*tuple[object, ...]]:
    """One range of the index of children, and of each of their transfers its last milestones."""
    since = start_of_day(earliest_completion(local_date(now)))
    return (
        select(transfers.c.id.label("transfer"), milestones.c.at.label("completed_at"))
        .distinct()
        .join_from(transfer_children, transfers, transfers.c.id == transfer_children.c.transfer)
        .join(milestones, milestones.c.transfer == transfers.c.id)
        .where(
            transfer_children.c.authority == authority,
            transfer_children.c.child_id.in_(sorted(children)),
            _went(),
            transfers.c.pathway == Pathway.STEP_DOWN.value,
            transfers.c.stage == Stage.COMPLETED.value,
            milestones.c.name == "completed",
            milestones.c.at >= literal(since, milestones.c.at.type),
        )
    )


async def find_re_referrals(tx: Transaction, sought: SoughtReReferrals) -> list[FoundReReferral]:
    """One page, the newest step up first; three queries."""
    found = await tx.connection.execute(re_referrals_query(sought))
    ups = [FoundStepUp(**row) for row in found.mappings()]
    downs = await _step_downs(tx, {up.re_referral_of for up in ups}, sought)
    children = await _children(tx, {up.id for up in ups}, downs.keys())
    return [
        FoundReReferral(
            up,
            downs.get(up.re_referral_of),
            tuple(x for x in children[up.id] if x in children.get(up.re_referral_of, ())),
        )
        for up in ups
    ]


def re_referrals_query(sought: SoughtReReferrals) -> Select[*tuple[object, ...]]:
    """A range of the index of linked step ups."""
    opened = transfers.c.opened_at
    query = select(*(transfers.c[name] for name in FoundStepUp.__slots__)).where(
        transfers.c.authority == sought.authority, transfers.c.re_referral_of.is_not(None)
    )
    if sought.visible_to is not None:
        query = query.where(seen_by(sought.visible_to, sought.authority))
    if sought.visible_to is not None and sought.visible_to.reader is not None:
        of, reader = transfers.c.re_referral_of, sought.visible_to.reader
        query = query.where(open_to(of, sought.authority, reader))
    if sought.since is not None:
        query = query.where(opened >= literal(sought.since, opened.type))
    if sought.until is not None:
        query = query.where(opened < literal(sought.until, opened.type))
    if sought.before is not None:
        at, transfer = sought.before
        key = tuple_(literal(at, opened.type), literal(transfer))
        query = query.where(tuple_(opened, transfers.c.id) < key)
    return query.order_by(opened.desc(), transfers.c.id.desc()).limit(sought.limit)


async def _step_downs(
    tx: Transaction, ids: Collection[str], sought: SoughtReReferrals
) -> Mapping[str, FoundStepDown]:
    query = (
        select(transfers.c.id, transfers.c.route, milestones.c.at.label("completed_at"))
        .join_from(transfers, milestones, milestones.c.transfer == transfers.c.id)
        .where(transfers.c.id.in_(sorted(ids)), milestones.c.name == "completed")
    )
    if sought.visible_to is not None:
        query = query.where(seen_by(sought.visible_to, sought.authority))
    found = await tx.connection.execute(query)
    return {row["id"]: FoundStepDown(**row) for row in found.mappings()}


async def _children(
    tx: Transaction, ups: Collection[str], downs: Collection[str]
) -> dict[str, list[str]]:
    """Who came back, whatever became of them, and who went down before."""
    ids, transfer = {*ups, *downs}, transfer_children.c.transfer
    query = select(transfer, transfer_children.c.child_id).where(
        transfer.in_(sorted(ids)), or_(transfer.in_(sorted(ups)), _went())
    )
    order = (transfer_children.c.transfer, transfer_children.c.position)
    children: dict[str, list[str]] = {id_: [] for id_ in ids}
    for of, child_id in await tx.connection.execute(query.order_by(*order)):
        children[of].append(child_id)
    return children


def _went() -> ColumnElement[bool]:
    """Children who were taken, or of whom nothing is decided."""
    return transfer_children.c.outcome.is_distinct_from(ChildOutcome.NOT_TAKEN.value)
