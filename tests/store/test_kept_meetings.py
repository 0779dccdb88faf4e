"""A meeting comes back as it was kept, and is changed only as it was seen."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from builders import NOW
from store.kept import keep, numbered_transfer

from app.domain.errors import StaleVersion
from app.domain.meetings.meeting import Attendance, Attended, Meeting, MeetingAction, MeetingCase
from app.domain.pathway import Stage
from app.domain.people import Role
from app.store.engine import Store
from app.store.found_meetings import find_meetings
from app.store.meetings import insert_meeting, load_meeting, meeting_of, save_meeting

STARTS = NOW + timedelta(days=5)
BARE = Meeting(
    "9d6a1c1e-8f0e-4b56-9d2a-3c1f6f0a7b21", "durham", "durham", "2026-11", "weekly", STARTS
)
ACTION = MeetingAction(
    "2f4d7a90-6c1b-4e0f-8a55-71c0f2d9e3b4", "Tell", "A worker", date(2026, 12, 1)
)


async def kept(store: Store, meeting: Meeting, before: Meeting = BARE) -> Meeting | None:
    """The meeting as it comes back, once it was changed to that."""
    async with store.write() as tx:
        await save_meeting(tx, before, meeting)
    async with store.read() as tx:
        return await load_meeting(tx, meeting.id)


async def test_every_part_of_a_meeting_comes_back(store: Store) -> None:
    one, other = numbered_transfer(1, Stage.DRAFT), numbered_transfer(2, Stage.DRAFT)
    await keep(store, one, other)
    async with store.write() as tx:
        await insert_meeting(tx, BARE)
    case = MeetingCase(one.id, NOW, "op.worker", late=True, themes=("school",), actions=(ACTION,))
    moved = MeetingCase(other.id, NOW + timedelta(minutes=1), "op.worker", left_at=NOW)
    there = (
        Attendance("A", "One Point", Attended.ATTENDED, Role.DEPUTY_CHAIR, "B"),
        Attendance("B", "Families First", Attended.APOLOGIES, feedback="Told."),
    )
    held = replace(BARE, version=2, cases=(case, moved), attendance=there)

    first = await kept(store, held)
    done = replace(ACTION, done_at=STARTS, done_by="op.worker")
    again = replace(
        held,
        version=3,
        agenda_circulated_at=NOW,
        agenda_circulated_by="c",
        called_off_at=STARTS,
        called_off_by="d",
        called_off_reason="Nobody can come.",
        cases=(replace(case, place=0, actions=(done,)), replace(moved, left_at=None)),
        attendance=there[1:],
    )
    second = await kept(store, again, held)

    assert first == held
    assert second == again


async def test_a_meeting_is_changed_only_as_it_was_seen(store: Store) -> None:
    async with store.write() as tx:
        await insert_meeting(tx, BARE)
    await kept(store, replace(BARE, version=2))

    with pytest.raises(StaleVersion):
        await kept(store, replace(BARE, version=2))


async def test_a_series_has_one_meeting_at_a_time(store: Store) -> None:
    async with store.write() as tx:
        made = await insert_meeting(tx, BARE)
        again = await insert_meeting(tx, replace(BARE, id=BARE.id.replace("9", "8")))
        found = await meeting_of(tx, "durham", "weekly", STARTS)
        none = await meeting_of(tx, "durham", "weekly", NOW)

    assert (made, again, none) == (True, False, None)
    assert found == BARE


async def test_a_list_counts_the_cases_that_are_still_there(store: Store) -> None:
    stages = (Stage.DRAFT, Stage.DRAFT, Stage.DRAFT, Stage.CANCELLED)
    transfers = [numbered_transfer(n, stage) for n, stage in enumerate(stages, 1)]
    await keep(store, *transfers)
    cases = [MeetingCase(transfer.id, NOW, "op.worker") for transfer in transfers]
    cases[1] = replace(cases[1], late=True)
    cases[2] = replace(cases[2], left_at=NOW)
    async with store.write() as tx:
        await insert_meeting(tx, BARE)
        await save_meeting(tx, BARE, replace(BARE, version=2, cases=tuple(cases)))
        found = await find_meetings(tx, "durham", NOW, STARTS + timedelta(seconds=1))
        before = await find_meetings(tx, "durham", NOW, STARTS)
        elsewhere = await find_meetings(tx, "islington", NOW, STARTS + timedelta(days=1))

    assert [(m.id, m.cases, m.late) for m in found] == [(BARE.id, 2, 1)]
    assert before == elsewhere == []
