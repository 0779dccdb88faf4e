"""A child whom no record names any more is erased from the audit too, whose chain holds."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from builders import NOW, child, transfer_at
from sqlalchemy import select

from app.domain.legal_hold import HoldReason, LegalHold, hold_event
from app.domain.pathway import Stage
from app.domain.reading import ReadPart, reading
from app.domain.retention import Retention
from app.domain.subject_access import Applicant, RequestState, SubjectAccess, access_event
from app.store.engine import Store
from app.store.legal_holds import insert_hold
from app.store.subject_access import insert_request
from app.store.tables import audit_events, audit_handles, legal_holds, subject_access
from app.store.transfers import insert_transfer
from app.store.unit_of_work import record_events
from app.usecases.dispose import what_is_due
from app.usecases.forget_children import forget_children
from app.usecases.seal_audit import Sealer
from app.usecases.verify_audit import verify_audit

CHILD = "CANARYA1"
RETENTION = Retention()
DECIDED = SubjectAccess(
    "c1b5f1c2-3f64-4d0c-8e6f-6a1f1f3d9b42", "durham", CHILD, Applicant.CHILD, NOW.date(),
    "op.worker", NOW, NOW.date(), RequestState.REFUSED, reviewed_by="op.manager", decided_at=NOW,
)  # fmt: skip
OVER = NOW.replace(year=NOW.year + RETENTION.request_years) + timedelta(days=1)
HOLD = LegalHold("h1", "durham", HoldReason.COMPLAINT, "x", NOW, child_id=CHILD)


async def _asked(store: Store, *requests: SubjectAccess) -> None:
    async with store.write() as tx:
        for one in requests:
            await insert_request(tx, one)
            await record_events(
                tx, "durham", None, (access_event("requested", one, "op.worker", NOW),)
            )


async def _sought(store: Store, at: datetime) -> None:
    """Somebody searched for the child, and that is sealed."""
    about = (f"child:durham:{CHILD}",)
    sought = reading(ReadPart.TRANSFERS, "op.worker", at, about=about)
    async with store.write() as tx:
        await record_events(tx, "durham", None, (sought,))
    await Sealer(store).seal_all(at)


async def _is_named(store: Store) -> bool:
    """Whether the audit, or its handles, still name the child; its chain must hold either way."""
    await Sealer(store).seal_all(OVER)
    assert (await verify_audit(store, "durham", iter(()))).fault is None
    async with store.read() as tx:
        codes = (await tx.connection.execute(select(audit_events.c.codes))).scalars().all()
        subjects = (await tx.connection.execute(select(audit_handles.c.subject))).scalars().all()
    return CHILD in f"{codes}{subjects}"


async def _told(store: Store) -> Sequence[tuple[str, Any]]:
    query = select(audit_events.c.action, audit_events.c.codes).order_by(audit_events.c.id)
    async with store.read() as tx:
        return [(row.action, row.codes) for row in await tx.connection.execute(query)]


@pytest.mark.parametrize("sealed", [True, False])
async def test_h17_a_child_who_was_asked_about_and_never_transferred_leaves_the_audit_too(
    store: Store, *, sealed: bool
) -> None:
    await _asked(store, DECIDED)
    if sealed:
        await Sealer(store).seal_all(NOW)
    await forget_children(store, RETENTION, OVER - timedelta(days=2))
    assert await _is_named(store)

    await forget_children(store, RETENTION, OVER)

    assert not await _is_named(store)
    asked, forgotten, erased = await _told(store)
    assert asked[1][0] == f"request:{DECIDED.id}"
    mark = asked[1][1].removeprefix("child:")
    assert forgotten == ("subject_access_forgotten", [f"request:{DECIDED.id}"])
    assert erased[0] == "handle_erased"
    why = ["request_forgotten", f"request:{DECIDED.id}"]
    assert erased[1] == ["child", f"digest:{mark[1:]}", *why]


@pytest.mark.parametrize("by", ["transfer", "request", "hold"])
async def test_a_child_whom_something_else_names_stays_in_the_audit(store: Store, by: str) -> None:
    await _asked(store, DECIDED)
    async with store.write() as tx:
        if by == "transfer":
            ours = (child(CHILD),)
            await insert_transfer(tx, transfer_at(Stage.DRAFT, children=ours), NOW)
        if by == "request":
            open_one = RequestState.REQUESTED
            later = replace(DECIDED, id="another", state=open_one, decided_at=None)
            await insert_request(tx, later)
        if by == "hold":
            await insert_hold(tx, HOLD)

    for _ in range(2):
        await forget_children(store, RETENTION, OVER + timedelta(days=365))

    assert await _is_named(store)
    async with store.read() as tx:
        left = (await tx.connection.execute(select(subject_access.c.id))).scalars().all()
        held = (await tx.connection.execute(select(legal_holds.c.id))).scalars().all()
    kept = {"transfer": [], "request": ["another"], "hold": [DECIDED.id]}
    assert (left, held) == (kept[by], ["h1"] if by == "hold" else [])


async def test_two_relays_forget_a_request_and_its_child_once(store: Store) -> None:
    await _asked(store, DECIDED)

    await asyncio.gather(*(forget_children(store, RETENTION, OVER) for _ in range(2)))

    actions = [action for action, _ in await _told(store)]
    assert actions == ["subject_access_requested", "subject_access_forgotten", "handle_erased"]


async def test_h17_a_child_who_is_named_after_they_were_erased_is_erased_again(
    store: Store,
) -> None:
    await _asked(store, DECIDED)
    await Sealer(store).seal_all(NOW)
    await forget_children(store, RETENTION, OVER)
    await _sought(store, OVER)
    due = OVER + timedelta(days=RETENTION.unknown_child_days)

    await forget_children(store, RETENTION, due)
    assert await _is_named(store)
    assert (await what_is_due(store, RETENTION, due)).unknown_children == 0
    late = due + timedelta(seconds=1)
    assert (await what_is_due(store, RETENTION, late)).unknown_children == 1
    await asyncio.gather(*(forget_children(store, RETENTION, late) for _ in range(2)))

    assert not await _is_named(store)
    assert (await what_is_due(store, RETENTION, late)).unknown_children == 0
    erasures = [codes for action, codes in await _told(store) if action == "handle_erased"]
    assert [codes[2:] for codes in erasures] == [
        ["request_forgotten", f"request:{DECIDED.id}"],
        ["unknown_child"],
    ]
    assert erasures[0][1] != erasures[1][1]


async def test_a_child_who_is_searched_for_again_is_kept_that_much_longer(store: Store) -> None:
    await _sought(store, NOW)
    await _sought(store, NOW + timedelta(days=60))

    await forget_children(store, RETENTION, NOW + timedelta(days=100))
    assert await _is_named(store)
    await forget_children(store, RETENTION, NOW + timedelta(days=151))

    assert not await _is_named(store)


async def test_a_lifted_hold_on_a_child_whom_nothing_else_names_goes_with_them(
    store: Store,
) -> None:
    lifted = replace(HOLD, lifted_at=NOW, lifted_by="y")
    async with store.write() as tx:
        await insert_hold(tx, lifted)
        await record_events(tx, "durham", None, (hold_event("lifted", lifted, "y", NOW, "x"),))
    await Sealer(store).seal_all(NOW)

    await forget_children(store, RETENTION, NOW + timedelta(days=91))

    assert not await _is_named(store)
    async with store.read() as tx:
        assert (await tx.connection.execute(select(legal_holds))).all() == []
