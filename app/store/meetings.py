"""Meetings in and out of their rows."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Table, delete, insert, select, update
from sqlalchemy.sql.elements import ColumnElement

from app.domain.errors import StaleVersion
from app.domain.meetings.meeting import Attendance, Attended, Meeting, MeetingAction, MeetingCase
from app.domain.people import Role
from app.store.engine import Transaction
from app.store.rows import change_rows, insert_once
from app.store.tables import meeting_actions, meeting_attendance, meeting_cases, meetings

_m = meetings.c


async def load_meeting(
    tx: Transaction, meeting_id: str, *, to_change: bool = False
) -> Meeting | None:
    """The meeting of that id, or None; `to_change` keeps its row for this transaction."""
    return await _load(tx, _m.id == meeting_id, to_change=to_change)


async def meeting_of(
    tx: Transaction, authority: str, series: str, starts_at: datetime
) -> Meeting | None:
    """The meeting of a series that starts then, kept for this transaction, where there is one."""
    which = (_m.authority == authority) & (_m.series == series) & (_m.starts_at == starts_at)
    return await _load(tx, which, to_change=True)


async def insert_meeting(tx: Transaction, meeting: Meeting) -> bool:
    """A new meeting without cases; False where its series has one that starts then."""
    made = await tx.connection.execute(
        insert_once(tx, meetings)
        .values(_row(meeting))
        .on_conflict_do_nothing(index_elements=["authority", "series", "starts_at"])
        .returning(_m.id)
    )
    return made.first() is not None


async def save_meeting(tx: Transaction, before: Meeting, after: Meeting) -> None:
    """The change from `before` to `after`, by compare-and-set on the version.

    Raises:
        StaleVersion: the meeting is no longer as `before` says.
    """
    values = _row(after)
    changed = await tx.connection.execute(
        update(meetings).where(_m.id == before.id, _m.version == before.version).values(values)
    )
    if changed.rowcount != 1:
        raise StaleVersion(before.id)
    known = {case.transfer: case for case in before.cases}
    new = [_case_row(after, case) for case in after.cases if case.transfer not in known]
    other = [c for c in after.cases if c.transfer in known and c != known[c.transfer]]
    await _insert(tx, meeting_cases, new)
    await change_rows(tx, meeting_cases, [_case_row(after, case) for case in other])
    await _save_actions(tx, before, after)
    if after.attendance != before.attendance:
        gone = meeting_attendance.c.meeting == after.id
        await tx.connection.execute(delete(meeting_attendance).where(gone))
        there = [
            {"meeting": after.id, "position": place, **asdict(somebody)}
            for place, somebody in enumerate(after.attendance)
        ]
        await _insert(tx, meeting_attendance, there)


async def _save_actions(tx: Transaction, before: Meeting, after: Meeting) -> None:
    known = {row["id"]: row for row in _action_rows(before)}
    rows = _action_rows(after)
    await _insert(tx, meeting_actions, [row for row in rows if row["id"] not in known])
    changed = [row for row in rows if row["id"] in known and row != known[row["id"]]]
    await change_rows(tx, meeting_actions, changed)


async def _insert(tx: Transaction, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        await tx.connection.execute(insert(table), rows)


def _row(meeting: Meeting) -> dict[str, Any]:
    return {column.name: getattr(meeting, column.name) for column in meetings.c}


def _case_row(meeting: Meeting, case: MeetingCase) -> dict[str, Any]:
    row = asdict(case)
    del row["actions"]
    return {"meeting": meeting.id, **row, "themes": list(case.themes)}


def _action_rows(meeting: Meeting) -> list[dict[str, Any]]:
    return [
        {"meeting": meeting.id, "transfer": case.transfer, "position": place, **asdict(action)}
        for case in meeting.cases
        for place, action in enumerate(case.actions)
    ]


async def _load(tx: Transaction, which: ColumnElement[bool], *, to_change: bool) -> Meeting | None:
    query = select(meetings).where(which)
    found = await tx.connection.execute(query.with_for_update() if to_change else query)
    row = found.mappings().one_or_none()
    if row is None:
        return None
    actions: dict[str, list[MeetingAction]] = {}
    for action in await _rows_of(tx, meeting_actions, row["id"], "position"):
        own = {name: action[name] for name in MeetingAction.__dataclass_fields__}
        actions.setdefault(action["transfer"], []).append(MeetingAction(**own))
    cases = await _rows_of(tx, meeting_cases, row["id"], "submitted_at", "transfer")
    there = await _rows_of(tx, meeting_attendance, row["id"], "position")
    return Meeting(
        **row,
        cases=tuple(_case(case, actions.get(case["transfer"], [])) for case in cases),
        attendance=tuple(_attendance(somebody) for somebody in there),
    )


async def _rows_of(tx: Transaction, table: Table, meeting: str, *order: str) -> list[RowMapping]:
    query = select(table).where(table.c.meeting == meeting)
    found = await tx.connection.execute(query.order_by(*(table.c[name] for name in order)))
    return list(found.mappings())


def _case(row: RowMapping, actions: list[MeetingAction]) -> MeetingCase:
    own = {name: row[name] for name in row if name != "meeting"}
    return MeetingCase(**own | {"themes": tuple(row["themes"]), "actions": tuple(actions)})


def _attendance(row: RowMapping) -> Attendance:
    own = {name: row[name] for name in row if name not in ("meeting", "position")}
    role = row["role"] and Role(row["role"])
    return Attendance(**own | {"status": Attended(row["status"]), "role": role})
