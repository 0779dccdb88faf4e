"""`transfers audit`: a key is made, a relay signs, and verify says what holds by its exit code."""

import asyncio
import json
from pathlib import Path

import pytest
from cli.test_commands import Run, run
from service import settings_for
from sqlalchemy import text
from store.auditing import TRANSFER, events

from app.relay.relay import Relay
from app.store.engine import Store
from app.store.unit_of_work import record_events

__all__ = ["run"]


async def record(url: str, many: int) -> None:
    store = Store(url)
    async with store.write() as tx:
        await record_events(tx, "durham", TRANSFER, events(many))
    await store.close()


async def tick(url: str, folder: Path, key: Path) -> None:
    settings = settings_for(
        url, key, audit_checkpoints=folder, audit_signing_key=key, audit_checkpoint_events=1
    )
    relay = Relay(settings)
    await relay.ticks.tick()
    await relay.close()


async def alter(url: str) -> None:
    store = Store(url)
    async with store.write() as tx:
        await tx.connection.execute(text("UPDATE audit_events SET actor = 'b' WHERE id = 3"))
    await store.close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_h17_verify_says_what_holds_and_names_the_first_event_that_does_not(
    run: Run, database_url: str, tmp_path: Path
) -> None:
    folder, file = tmp_path / "elsewhere", tmp_path / "key.json"
    folder.mkdir()
    made = run("audit", "key", str(file))
    (tmp_path / "public.json").write_text(made.output)
    asyncio.run(record(database_url, 5))
    asyncio.run(tick(database_url, folder, file))
    asyncio.run(record(database_url, 2))
    where = ("--checkpoints", str(folder), "--public-key", str(tmp_path / "public.json"))

    sealed = run("audit", "seal", database_url=database_url)
    good = run("audit", "verify", *where, database_url=database_url)
    alone = run("audit", "verify", "--authority", "durham", database_url=database_url)
    mistyped = run("audit", "verify", "--authority", "durhm", database_url=database_url)
    asyncio.run(alter(database_url))
    bad = run("audit", "verify", *where, database_url=database_url)

    assert (made.exit_code, sealed.exit_code, good.exit_code, alone.exit_code) == (0, 0, 0, 0)
    assert (mistyped.exit_code, "no chain of durhm" in mistyped.output) == (1, True)
    assert "d" not in json.loads(made.output)
    assert file.stat().st_mode & 0o077 == 0
    assert good.output.splitlines()[0] == "durham: 7 links hold, 1 checkpoints agree"
    assert "Without checkpoints: a chain cut short or written anew" in alone.output
    assert bad.exit_code == 1
    assert bad.output.splitlines()[0] == (
        "durham: link 3, event 3: salt: a person in it has no salt, though nobody was erased there"
    )


def test_a_key_is_never_overwritten_and_what_is_no_key_is_said(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "key.json"
    run("audit", "key", str(file))
    before = file.read_bytes()
    (tmp_path / "no.json").write_text("{}")

    again = run("audit", "key", str(file))
    where = ("--checkpoints", str(tmp_path), "--public-key", str(tmp_path / "no.json"))
    no_key = run("audit", "verify", *where)
    unnamed = run("audit", "verify", "--checkpoints", str(tmp_path))

    assert (again.exit_code, file.read_bytes()) == (1, before)
    assert no_key.exit_code == 1
    assert "holds no key" in no_key.output
    assert "--public-key" in unnamed.output
