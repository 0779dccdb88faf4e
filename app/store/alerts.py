"""Alerts: rows that a person must look at, each raised once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, false, or_, select, union_all

from app.domain.decision import Alert
from app.domain.withheld import Reader
from app.store.engine import Transaction
from app.store.rows import insert_unless_there
from app.store.tables import alerts
from app.store.withheld import open_to


@dataclass(frozen=True, slots=True)
class RaisedAlert:
    """An alert as it stands in the store."""

    id: int
    kind: str
    transfer: str | None
    team: str
    says: str
    raised_at: datetime


async def raise_alert(
    tx: Transaction, alert: Alert, *, authority: str, transfer: str | None, now: datetime
) -> None:
    """Raise an alert; a key that was raised before stays as it is."""
    row = {
        "key": alert.key,
        "authority": authority,
        "transfer": transfer,
        "team": alert.team,
        "kind": alert.kind,
        "says": alert.says[:500],
        "raised_at": now,
    }
    await insert_unless_there(tx, alerts, row, unique="key")


async def list_alerts(  # noqa: PLR0913 - whose, which page, and for whom
    tx: Transaction,
    authority: str,
    teams: frozenset[str] | None,
    after: int,
    limit: int,
    reader: Reader | None = None,
) -> list[RaisedAlert]:
    """Alerts of the teams (None: of the whole authority), oldest first, past the id `after`.

    Of transfers that are withheld from the `reader` there are none.
    """
    found = await tx.connection.execute(alerts_query(authority, teams, after, limit, reader))
    return [RaisedAlert(**row) for row in found.mappings()]


def alerts_query(
    authority: str,
    teams: frozenset[str] | None,
    after: int,
    limit: int,
    reader: Reader | None = None,
) -> Select[*tuple[object, ...]]:
    """The first of each team, then the first of all: each is a range of an index."""
    query = select(*(alerts.c[name] for name in RaisedAlert.__slots__)).where(
        alerts.c.authority == authority, alerts.c.id > after
    )
    if reader is not None:
        of = alerts.c.transfer
        query = query.where(or_(of.is_(None), open_to(of, authority, reader)))
    if teams is None:
        return query.order_by(alerts.c.id).limit(limit)
    pages = [
        query.where(alerts.c.team == team).order_by(alerts.c.id).limit(limit).subquery()
        for team in sorted(teams)
    ] or [query.where(false()).subquery()]
    every = union_all(*(select(page) for page in pages)).subquery()
    return select(every).order_by(every.c.id).limit(limit)
