"""`transfers retention`: what goes, and what is left to show of what went."""

import asyncio
import os
from dataclasses import replace
from datetime import timedelta

import pytest
from builders import DIRECTORY_FILE, NOW, TRANSFER_ID
from click.testing import CliRunner, Result

from app.cli import transfers
from app.domain.disposal import Tombstone
from app.domain.retention import RecordKind
from app.store.engine import Store
from app.store.tombstones import keep_tombstone
from app.usecases import list_disposed

STONE = Tombstone(
    TRANSFER_ID, "durham", "step_up", "meeting", "durham", "1", "cancelled", RecordKind.CANCELLED,
    "family_declined", "op-bishop", "ff-bishop", 2, {}, NOW - timedelta(days=2191), NOW,
)  # fmt: skip


@pytest.fixture
def url(database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    for name in [name for name in os.environ if name.startswith("TRANSFERS_")]:
        monkeypatch.delenv(name)
    env = {"TRANSFERS_DATABASE_URL": database_url}
    CliRunner().invoke(transfers, ["directory", "load", str(DIRECTORY_FILE)], env=env)
    return database_url


def _disposed(url: str, *words: str) -> Result:
    env = {"TRANSFERS_DATABASE_URL": url}
    return CliRunner().invoke(transfers, ["retention", "disposed", *words], env=env)


def _keep(url: str, *stones: Tombstone) -> None:
    async def keep() -> None:
        store = Store(url)
        async with store.write() as tx:
            for stone in stones:
                await keep_tombstone(tx, stone)
        await store.close()

    asyncio.run(keep())


def test_what_was_disposed_of_is_told_with_when_and_as_what_it_was_kept(url: str) -> None:
    before = _disposed(url)
    _keep(url, STONE)

    after = _disposed(url)

    assert (before.exit_code, before.output) == (0, "Nothing was disposed of\n")
    assert after.exit_code == 0
    assert after.output == (
        f"2026-11-20  durham  {TRANSFER_ID}  cancelled (family_declined), last changed 2020-11-20:"
        " step_up, meeting, op-bishop to ff-bishop, children: 2\n"
    )


def test_all_that_was_disposed_of_since_a_day_is_told_in_order_page_after_page(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_disposed, "MOST_AT_ONCE", 2)
    at = [NOW - timedelta(days=40), *(NOW + timedelta(days=day) for day in (1, 0, 0, 2))]
    _keep(url, *(replace(STONE, id=f"t{n}", disposed_at=day) for n, day in enumerate(at)))

    told = _disposed(url, "--since", "2026-11-20").output.splitlines()

    assert [line.split()[2] for line in told] == ["t2", "t3", "t1", "t4"]
    assert len(_disposed(url).output.splitlines()) == 5
