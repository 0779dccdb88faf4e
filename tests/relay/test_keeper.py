"""What a relay does of retention, on a clock that is moved by months."""

from dataclasses import replace
from datetime import timedelta

from builders import NOW, TRANSFER_ID, calendar, situation, transfer_at
from service import FrozenClock
from sqlalchemy import select, update
from structlog.testing import capture_logs

from app.domain.pathway import Stage
from app.domain.retention import RecordKind, Retention
from app.protocols.shelf import load_protocols
from app.relay.keeper import Keeper, Kept
from app.store.clocks import wind_clocks
from app.store.engine import Store
from app.store.tables import alerts, audit_events, transfers
from app.store.tombstones import tombstones
from app.store.transfers import insert_transfer, load_transfer
from app.usecases.call import Rulebook


async def _drafted(store: Store) -> tuple[Keeper, FrozenClock]:
    """A draft of that moment, and a relay's retention."""
    clock = FrozenClock()
    clock.now = NOW
    draft = transfer_at(Stage.DRAFT)
    async with store.write() as tx:
        await insert_transfer(tx, draft, NOW)
        await wind_clocks(tx, draft, situation(NOW).clocks(draft), NOW, new=True)
    return Keeper(store, Rulebook(load_protocols(None), calendar()), Retention(), clock), clock


async def test_a_draft_is_warned_of_cancelled_and_gone(store: Store) -> None:
    keeper, clock = await _drafted(store)
    done = []
    for day in (82, 83, 84, 90, 103, 104, 105):
        clock.now = NOW + timedelta(days=day)
        done.append((day, await keeper.run()))

    async with store.read() as tx:
        told = (await tx.connection.execute(select(alerts.c.kind))).scalars().all()
        events = (await tx.connection.execute(select(audit_events.c.action))).scalars().all()
        left = await load_transfer(tx, TRANSFER_ID)
        (stone,) = await tombstones(tx)
    assert [(day, x) for day, x in done if x != Kept(0, 0)] == [
        (90, Kept(cancelled=1, disposed=0)),
        (104, Kept(cancelled=0, disposed=1)),
    ]
    assert left is None
    assert told == []
    assert events == ["cancel", "handle_erased", "disposed"]
    assert (stone.kind, stone.reason, stone.stage) == (RecordKind.STALE_DRAFT, "stale", "cancelled")


async def test_the_team_is_warned_once(store: Store) -> None:
    keeper, clock = await _drafted(store)
    for day in (83, 84, 89):
        clock.now = NOW + timedelta(days=day)
        await keeper.run()

    async with store.read() as tx:
        told = (await tx.connection.execute(select(alerts.c.kind, alerts.c.team))).all()
        draft = await load_transfer(tx, TRANSFER_ID)
    assert [tuple(row) for row in told] == [("draft_stale", "op-bishop")]
    assert draft is not None
    assert (draft.stage, draft.version) == (Stage.DRAFT, 1)


async def test_a_draft_that_was_touched_begins_anew(store: Store) -> None:
    keeper, clock = await _drafted(store)
    async with store.write() as tx:
        await tx.connection.execute(update(transfers).values(changed_at=NOW + timedelta(days=60)))
    clock.now = NOW + timedelta(days=91)

    assert await keeper.run() == Kept(0, 0)
    async with store.read() as tx:
        assert (await tx.connection.execute(select(alerts))).all() == []


async def test_a_tick_runs_once_an_hour(store: Store) -> None:
    keeper, clock = await _drafted(store)
    await keeper.tick()
    async with store.write() as tx:
        await tx.connection.execute(update(transfers).values(changed_at=NOW - timedelta(days=200)))

    stages = []
    for minutes in (30, 29, 1):
        clock.move(minutes=minutes)
        await keeper.tick()
        async with store.read() as tx:
            draft = await load_transfer(tx, TRANSFER_ID)
        stages.append(draft and draft.stage)

    assert stages == [Stage.DRAFT, Stage.DRAFT, Stage.CANCELLED]


async def test_a_draft_whose_protocol_is_lost_keeps_no_other_waiting(store: Store) -> None:
    keeper, clock = await _drafted(store)
    draft = transfer_at(Stage.DRAFT)
    others = tuple(replace(x, child_id=f"{x.child_id}-2") for x in draft.children)
    lost = replace(draft, id="0-before", children=others, protocol_version="lost")
    async with store.write() as tx:
        await insert_transfer(tx, lost, NOW)
    clock.now = NOW + timedelta(days=90)

    with capture_logs() as logs:
        assert await keeper.run() == Kept(cancelled=1, disposed=0)

    told = [(x["event"], x["transfer"]) for x in logs if x["log_level"] == "error"]
    assert told == [("a protocol is missing", lost.id)]
