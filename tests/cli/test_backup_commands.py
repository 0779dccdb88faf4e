"""`transfers backup` and `restore`, and what the audit's checkpoints say of a restored database."""

import asyncio
from pathlib import Path

import pytest
from cli.test_audit_command import record, tick
from cli.test_commands import Run, run

__all__ = ("run",)
one_store = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@one_store
def test_a_backup_and_a_restore_say_what_they_did_and_why_they_did_not(
    run: Run, database_url: str, tmp_path: Path
) -> None:
    copy, new = str(tmp_path / "copy"), f"sqlite:///{tmp_path / 'new.sqlite3'}"

    answers = [
        run("backup", copy, database_url=database_url),
        run("backup", copy, database_url=database_url),
        run("restore", copy, database_url=new),
        run("restore", copy, database_url=new),
        run("backup", copy, database_url="postgresql://127.0.0.1/transfers"),
    ]

    assert [answer.output for answer in answers] == [
        "Backed up and checked: 0 transfers\n",
        "Error: not backed up: copy is there already\n",
        "Restored: 0 transfers. Run `transfers migrate` next\n",
        "Error: not restored: move what is there aside first: new.sqlite3\n",
        "Error: not backed up: for PostgreSQL use its own programs: docs/backup.md\n",
    ]
    assert [answer.exit_code for answer in answers] == [0, 1, 0, 1, 1]


@one_store
def test_h17_checkpoints_signed_since_the_backup_say_that_the_database_is_behind_them(
    run: Run, database_url: str, tmp_path: Path
) -> None:
    signed, begun, key = tmp_path / "signed", tmp_path / "begun", tmp_path / "key.json"
    signed.mkdir()
    begun.mkdir()
    run("audit", "key", str(key))
    restored = f"sqlite:///{tmp_path / 'restored.sqlite3'}"
    asyncio.run(record(database_url, 3))
    asyncio.run(tick(database_url, signed, key))
    run("backup", str(tmp_path / "copy"), database_url=database_url)
    asyncio.run(record(database_url, 2))
    asyncio.run(tick(database_url, signed, key))

    run("restore", str(tmp_path / "copy"), database_url=restored)
    verify = ("audit", "verify", "--public-key", str(key), "--checkpoints")
    old = run(*verify, str(signed), database_url=restored)
    asyncio.run(record(restored, 1))
    asyncio.run(tick(restored, begun, key))
    new = run(*verify, str(begun), database_url=restored)

    assert (old.exit_code, new.exit_code) == (1, 0)
    assert "durham: link 4: truncated" in old.output
    assert "durham: 4 links hold" in new.output
