"""What a caller is told, and what a process does, while a protocol file is not as it was used."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from protocols.borset import write_version
from service import Api, FrozenClock, Person, in_process, settings_for
from store.kept import counted

from app.api import examples
from app.store.directory import Authority, save_authority
from app.store.engine import Store
from app.store.protocol_versions import VersionChanged

TRANSFERS = "/v1/transfers"


def _api(database_url: str, issuer_key: Path, folder: Path) -> Api:
    """The API that a process has which starts now."""
    settings = settings_for(database_url, issuer_key, protocols_folder=folder)
    clock = FrozenClock()
    clock.now = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
    return in_process(settings, clock)


async def _opened_once(api: Api) -> str:
    """A transfer of the example, under Borset's protocol; its path."""
    async with api.store.write() as tx:
        await save_authority(tx, Authority("durham", "Borset", "borset"))
    answer = await _worker(api).post(TRANSFERS, examples.STEP_UP)
    assert answer.status_code == 201
    return f"{TRANSFERS}/{answer.json()['id']}"


def _worker(api: Api) -> Person:
    return api.as_("op.worker")


async def test_a_changed_file_opens_nothing_and_the_refusal_says_so(
    store: Store, database_url: str, issuer_key: Path, tmp_path: Path
) -> None:
    file = write_version(tmp_path, "2026-11", "2026-11-01", "Borset")
    first = _api(database_url, issuer_key, tmp_path)
    await _opened_once(first)
    file.write_text(file.read_text(encoding="utf-8") + "\n# a word more\n", encoding="utf-8")
    second = _api(database_url, issuer_key, tmp_path)
    before = await counted(store)

    sibling = {**examples.STEP_UP["children"][0], "child_id": "DUR77"}
    answer = await _worker(second).post(TRANSFERS, examples.STEP_UP | {"children": [sibling]})
    after = await counted(store)
    with pytest.raises(VersionChanged):
        await _start(second.app)
    for opened in (first, second):
        await opened.store.close()

    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/protocol-changed")
    assert after["transfers"] == before["transfers"] == 1


async def test_a_transfer_whose_version_is_nowhere_is_answered_with_a_problem(
    store: Store, database_url: str, issuer_key: Path, tmp_path: Path
) -> None:
    file = write_version(tmp_path, "2026-11", "2026-11-01", "Borset")
    first = _api(database_url, issuer_key, tmp_path)
    path = await _opened_once(first)
    async with store.write() as tx:
        await tx.connection.exec_driver_sql("DELETE FROM protocol_versions")
    file.unlink()
    second = _api(database_url, issuer_key, tmp_path)

    answer = await _worker(second).post(f"{path}/finalise", version=1)
    for opened in (first, second):
        await opened.store.close()

    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/protocol-missing")


async def test_a_process_starts_without_its_database_or_its_tables(
    issuer_key: Path, tmp_path: Path
) -> None:
    nowhere, empty = tmp_path / "no-such-folder" / "x.sqlite3", tmp_path / "empty.sqlite3"

    for file in (nowhere, empty):
        await _start(_api(f"sqlite:///{file}", issuer_key, tmp_path).app)

    assert empty.exists()
    assert not nowhere.exists()


async def _start(app: FastAPI) -> None:
    """Start and stop the process, as its server does."""
    async with app.router.lifespan_context(app):
        pass
