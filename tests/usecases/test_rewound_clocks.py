"""A bank holiday that is proclaimed later moves what is due: every clock is computed anew."""

from dataclasses import replace
from datetime import UTC, date, datetime

from builders import TRANSFER_ID, actor, calendar, child, opening
from sqlalchemy import select
from store.kept import numbered

from app.domain import commands as c
from app.protocols.shelf import load_protocols
from app.store.engine import Store
from app.store.tables import clocks
from app.usecases.act_on_transfer import act_on_transfer
from app.usecases.call import Call, Rulebook
from app.usecases.open_transfer import open_transfer
from app.usecases.rewind_clocks import rewind_clocks

THURSDAY = datetime(2026, 11, 19, 10, 0, tzinfo=UTC)
PROCLAIMED = date(2026, 11, 20)
BOOK = Rulebook(load_protocols(None), calendar())
KNOWING = replace(
    BOOK,
    calendar=replace(BOOK.calendar, bank_holidays=BOOK.calendar.bank_holidays | {PROCLAIMED}),
)


async def test_a_new_bank_holiday_moves_the_clocks_that_run_and_no_other(store: Store) -> None:
    await _dispatch(store, TRANSFER_ID, "DUR1001")
    await _dispatch(store, numbered(7), "DUR1007")
    before = await _due(store)

    await _rewind(store, BOOK)
    unmoved = await _due(store)
    await _rewind(store, KNOWING)

    after = await _due(store)
    assert unmoved == before
    moved = {key for key in before if before[key] != after[key]}
    assert moved == {
        (transfer, code)
        for transfer in (TRANSFER_ID, numbered(7))
        for code in ("HZ-3-pick-up", "DF-17-visited-unbooked")
    }
    assert after[TRANSFER_ID, "HZ-3-pick-up"] == datetime(2026, 11, 23, 23, 59, 59, 999999, UTC)


async def _dispatch(store: Store, transfer_id: str, child_id: str) -> None:
    async with store.write() as tx:
        call = Call(tx, actor("op.worker"), BOOK, THURSDAY)
        await open_transfer(call, opening(id=transfer_id, children=(child(child_id),)))
        await act_on_transfer(call, transfer_id, c.Finalise(), expected_version=None)


async def _rewind(store: Store, book: Rulebook) -> None:
    last: str | None = ""
    while last is not None:
        async with store.write() as tx:
            last = await rewind_clocks(tx, book, THURSDAY, last)


async def _due(store: Store) -> dict[tuple[str, str], datetime]:
    async with store.read() as tx:
        query = select(clocks.c.transfer, clocks.c.code, clocks.c.due_at)
        found = (await tx.connection.execute(query)).all()
    return {(row.transfer, row.code): row.due_at for row in found}
