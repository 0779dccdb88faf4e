"""A transfer ends under the protocol that it was opened under, whatever becomes of the files."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from builders import actor, calendar, child, opening
from protocols.borset import write_version
from store.kept import delivered_rows, numbered

from app.domain import commands as c
from app.domain.duty_task import DutyTask
from app.domain.transfer import Transfer
from app.protocols.shelf import NoSuchVersion, load_protocols
from app.store.directory import Authority, save_authority
from app.store.engine import Store
from app.store.protocol_versions import VersionChanged
from app.usecases.act_on_transfer import act_on_transfer
from app.usecases.call import Call, Rulebook
from app.usecases.keep_protocols import keep_protocols
from app.usecases.open_transfer import open_transfer

JUNE = datetime(2027, 6, 30, 22, 59, tzinfo=UTC)
JULY = datetime(2027, 6, 30, 23, 0, tzinfo=UTC)
"""In London the first of July begins then."""


@pytest.fixture
async def borset(store: Store) -> Store:
    """The sample council, with the protocol of the tests."""
    async with store.write() as tx:
        await save_authority(tx, Authority("durham", "Borset", "borset"))
    return store


def _book(folder: Path) -> Rulebook:
    """What a process that starts now has read."""
    return Rulebook(load_protocols(folder), calendar())


async def _start(store: Store, folder: Path) -> Rulebook:
    book = _book(folder)
    async with store.read() as tx:
        await keep_protocols(tx, book.protocols)
    return book


async def _open(store: Store, book: Rulebook, number: int, now: datetime) -> Transfer:
    command = opening(id=numbered(number), children=(child(f"DUR{number}"),))
    async with store.write() as tx:
        call = Call(tx, actor("op.worker"), book, now)
        decision, _ = await open_transfer(call, command)
    return decision.after


async def _send(store: Store, book: Rulebook, transfer: Transfer, now: datetime) -> str:
    """Who the task says it comes from, after the form is finalised."""
    async with store.write() as tx:
        call = Call(tx, actor("op.worker"), book, now)
        await act_on_transfer(call, transfer.id, c.Finalise(), expected_version=None)
    (row,) = await delivered_rows(store, transfer=transfer.id)
    assert isinstance(row.payload, DutyTask)
    return row.payload.title


async def test_a_transfer_goes_on_under_its_version_after_the_file_is_replaced(
    borset: Store, tmp_path: Path
) -> None:
    write_version(tmp_path, "2026-11", "2026-11-01", "Old Borset")
    old = await _start(borset, tmp_path)
    before = [await _open(borset, old, number, JUNE) for number in (1, 2)]

    write_version(tmp_path, "2027-07", "2027-07-01", "New Borset")
    new = await _start(borset, tmp_path)
    evening = await _open(borset, new, 3, JUNE)
    morning = await _open(borset, new, 4, JULY)
    titles = [await _send(borset, new, t, JULY) for t in (before[0], evening, morning)]
    unchecked = await _send(borset, _book(tmp_path), before[1], JULY)

    versions = [t.protocol_version for t in (*before, evening, morning)]
    assert versions == ["2026-11", "2026-11", "2026-11", "2027-07"]
    assert [" Old Borset " in f" {title} " for title in titles] == [True, True, False]
    assert "New Borset" in titles[2]
    assert unchecked == titles[0]


async def test_a_file_that_was_changed_under_its_version_is_refused_at_start_and_at_open(
    borset: Store, tmp_path: Path
) -> None:
    file = write_version(tmp_path, "2026-11", "2026-11-01", "Borset")
    await _open(borset, await _start(borset, tmp_path), 1, JUNE)
    await _start(borset, tmp_path)
    file.write_text(file.read_text(encoding="utf-8") + "\n# a word more\n", encoding="utf-8")

    with pytest.raises(VersionChanged, match=r"^borset 2026-11$"):
        await _start(borset, tmp_path)
    with pytest.raises(VersionChanged, match=r"^borset 2026-11$"):
        await _open(borset, _book(tmp_path), 2, JUNE)


async def test_a_file_that_no_transfer_used_yet_may_be_changed(
    borset: Store, tmp_path: Path
) -> None:
    write_version(tmp_path, "2026-11", "2026-11-01", "Borset")
    await _start(borset, tmp_path)

    write_version(tmp_path, "2026-11", "2026-11-01", "Borset, renamed")
    opened = await _open(borset, await _start(borset, tmp_path), 1, JUNE)

    assert opened.protocol_version == "2026-11"


async def test_a_version_that_neither_a_file_nor_the_store_has_is_said_to_be_missing(
    borset: Store, tmp_path: Path
) -> None:
    write_version(tmp_path, "2026-11", "2026-11-01", "Borset")
    transfer = await _open(borset, _book(tmp_path), 1, JUNE)
    async with borset.write() as tx:
        await tx.connection.exec_driver_sql("DELETE FROM protocol_versions")
    (tmp_path / "borset.toml").unlink()

    with pytest.raises(NoSuchVersion, match=r"^borset 2026-11$"):
        await _send(borset, _book(tmp_path), transfer, JUNE)
