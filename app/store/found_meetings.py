"""Finding meetings with how many cases they have."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, and_, case, func, select

from app.domain.pathway import Stage
from app.store.engine import Transaction
from app.store.tables import meeting_cases, meetings, transfers


@dataclass(frozen=True, slots=True)
class FoundMeeting:
    """A meeting in a list. `cases` neither moved nor withdrawn, `late` of them."""

    id: str
    series: str
    starts_at: datetime
    version: int
    extraordinary: bool
    agenda_circulated_at: datetime | None
    called_off_at: datetime | None
    cases: int
    late: int


async def find_meetings(
    tx: Transaction, authority: str, start: datetime, end: datetime
) -> list[FoundMeeting]:
    """The authority's meetings that start from `start` to before `end`, the earliest first."""
    m, c = meetings.c, meeting_cases.c
    on = and_(c.left_at.is_(None), transfers.c.stage != Stage.CANCELLED.value)
    query = (
        select(
            m.id, m.series, m.starts_at, m.version, m.extraordinary, m.agenda_circulated_at,
            m.called_off_at,
            func.coalesce(func.sum(case((on, 1), else_=0)), 0, type_=Integer).label("cases"),
            func.coalesce(
                func.sum(case((and_(on, c.late.is_(True)), 1), else_=0)), 0, type_=Integer
            ).label("late"),
        )
        .select_from(meetings)
        .outerjoin(meeting_cases, c.meeting == m.id)
        .outerjoin(transfers, transfers.c.id == c.transfer)
        .where(m.authority == authority, m.starts_at >= start, m.starts_at < end)
        .group_by(m.id)
        .order_by(m.starts_at, m.series)
    )  # fmt: skip
    found = await tx.connection.execute(query)
    return [FoundMeeting(**row) for row in found.mappings()]
