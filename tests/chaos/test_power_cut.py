"""`make chaos`: the power fails while SQLite writes, at every byte of a commit."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from chaos.crowd import opening
from chaos.cut_wal import FRAME_HEADER, HEADER, Commit, Cuttable, cuttable, log_of, seen_in
from service import Api, in_process, settings_for

pytestmark = pytest.mark.chaos
TRANSFERS = 12
SOUND_EVERY = 101
STEP = 4096
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@asynccontextmanager
async def _service(url: str, key: Path) -> AsyncIterator[Api]:
    api = in_process(settings_for(url, key))
    async with api.client:
        yield api
    await api.store.close()


async def _commits(api: Api, file: Path) -> list[Commit]:
    """Open and finalise, one after the other; how long the log was after each answer."""
    worker = api.as_("op.worker")
    first = await worker.post("/v1/transfers", opening("step_up", "DUR999"))
    assert first.status_code == 201, first.text
    kept = [Commit(log_of(file).stat().st_size, seen_in(file))]
    for number in range(TRANSFERS):
        opened = await worker.post("/v1/transfers", opening("step_up", f"DUR{number}"))
        kept.append(Commit(log_of(file).stat().st_size, seen_in(file)))
        path = f"/v1/transfers/{opened.json()['id']}/finalise"
        sent = await worker.post(path, version=1)
        assert (opened.status_code, sent.status_code) == (201, 200)
        kept.append(Commit(log_of(file).stat().st_size, seen_in(file)))
    return kept


async def _written(url: str, key: Path, folder: Path) -> tuple[list[Commit], Cuttable]:
    """Commits in a log, and a copy of it as it was while the service ran."""
    file = Path(url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    async with _service(url, key) as api:
        kept = await _commits(api, file)
        with cuttable(file, folder) as copy:
            return kept, copy


@pytest.fixture
def written(stocked_url: str, issuer_key: Path, tmp_path: Path) -> tuple[list[Commit], Cuttable]:
    """Every commit of a service, and its log."""
    return asyncio.run(_written(stocked_url, issuer_key, tmp_path))


def _state_at(kept: list[Commit], length: int) -> tuple[Any, ...]:
    """What the last commit that is whole at that length left behind."""
    return [commit.seen for commit in kept if commit.length <= length][-1]


@on_sqlite
def test_every_acknowledged_commit_lengthens_the_log_and_changes_what_is_seen(
    written: tuple[list[Commit], Cuttable],
) -> None:
    kept, _ = written

    lengths = [commit.length for commit in kept]
    assert lengths == sorted(set(lengths))
    assert len({commit.seen for commit in kept}) == len(kept) == 2 * TRANSFERS + 1


@on_sqlite
def test_h04_a_log_cut_at_any_byte_of_a_commit_shows_the_state_before_it_or_after_it(
    written: tuple[list[Commit], Cuttable],
) -> None:
    kept, copy = written
    before, after = min(pairwise(kept), key=lambda pair: pair[1].length - pair[0].length)
    offsets = range(after.length, before.length - 1, -1)

    sound = cuts = 0
    for length, seen in copy.cut(offsets):
        assert seen == (after.seen if length == after.length else before.seen), length
        cuts += 1
        at_frame = (length - HEADER) % (copy.page() + FRAME_HEADER) in (0, 1, FRAME_HEADER)
        if at_frame or length % SOUND_EVERY == 0:
            assert copy.is_sound(), length
            sound += 1

    print(f"\nPower cuts: {cuts:,} offsets of one commit, {sound:,} checked whole")  # noqa: T201
    assert cuts == after.length - before.length + 1


@on_sqlite
@pytest.mark.parametrize("lost", [b"", bytes(STEP), b"\xff" * STEP], ids=["cut", "zeros", "noise"])
def test_h04_a_log_cut_anywhere_keeps_every_commit_before_the_cut(
    written: tuple[list[Commit], Cuttable], lost: bytes
) -> None:
    kept, copy = written
    ends = {commit.length for commit in kept} | {commit.length - 1 for commit in kept}
    last, first = kept[-1].length, kept[0].length
    offsets = sorted({*ends, *range(first, last, STEP)} - {first - 1}, reverse=True)

    cuts = 0
    for length, seen in copy.cut(offsets, lost=lost):
        assert seen == _state_at(kept, length), length
        assert copy.is_sound(), length
        cuts += 1

    assert cuts == len(offsets) > len(kept)
