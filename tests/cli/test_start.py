"""Starting the processes: under sound protocols, which are those that transfers know."""

import asyncio
from pathlib import Path

import pytest
from builders import NOW
from cli.test_commands import Run, run
from protocols.borset import write_version

from app.protocols.shelf import keep
from app.store.engine import Store
from app.store.protocol_versions import keep_version

__all__ = ("run",)


async def _use(url: str, text: str) -> None:
    """Keep the text of a protocol, as opening a transfer does."""
    kept = keep(text, "borset.toml")
    store = Store(url)
    async with store.write() as tx:
        code, version = kept.protocol.code, kept.protocol.version
        await keep_version(tx, code, version, digest=kept.digest, text=text, now=NOW)
    await store.close()


@pytest.mark.parametrize("process", ["api", "relay"])
def test_a_protocol_that_was_changed_under_its_version_is_refused_in_words(
    run: Run, process: str, database_url: str, tmp_path: Path
) -> None:
    file = write_version(tmp_path, "2026-11", "2026-11-01", "Borset")
    text = file.read_text(encoding="utf-8")
    asyncio.run(_use(database_url, text))
    file.write_text(text + "\n# a word more\n", encoding="utf-8")

    answer = run(
        process,
        environment="development",
        database_url=database_url,
        protocols_folder=str(tmp_path),
    )

    assert answer.exit_code == 1
    assert answer.stderr.splitlines()[-1] == (
        "Error: transfers were opened under another text of these protocols: borset 2026-11; "
        "put the old text back and give the new one a version of its own"
    )
    assert "Traceback" not in answer.output


@pytest.mark.parametrize("process", ["api", "relay"])
def test_a_protocol_that_is_not_sound_is_refused_with_its_line(
    run: Run, process: str, tmp_path: Path
) -> None:
    write_version(tmp_path, "2026-11", "2026-11-01", "Borset")
    (tmp_path / "broken.toml").write_text('code = "broken', encoding="utf-8")

    answer = run(process, environment="development", protocols_folder=str(tmp_path))

    assert answer.exit_code == 1
    assert answer.stderr.splitlines()[-1].startswith("Error: broken.toml:1:")
    assert "Traceback" not in answer.output
