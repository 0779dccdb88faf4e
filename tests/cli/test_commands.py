"""The commands as people and service managers call them."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from builders import DIRECTORY_FILE, NOW
from cli.test_directory_files import as_csv
from click.testing import CliRunner, Result
from safe_settings import ENVIRONMENT as SAFE

from app.cli import transfers
from app.cli.development import development_environment
from app.dev_issuer import make_key
from app.store.directory import actor_of_subject
from app.store.engine import Store
from app.store.migrate import is_current

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run a command in an empty folder, with these settings and no others."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("TRANSFERS_")]:
        monkeypatch.delenv(name)

    def run_it(*words: str, **settings: str) -> Result:
        given = {f"TRANSFERS_{name.upper()}": value for name, value in settings.items()}
        return CliRunner().invoke(transfers, words, env=given)

    return run_it


def test_migrating_is_said_and_changes_nothing_the_second_time(run: Run, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'own.sqlite3'}"

    answers = [run("migrate", database_url=url) for _ in range(2)]

    assert [(a.exit_code, a.output) for a in answers] == [(0, "The database is up to date\n")] * 2
    assert is_current(url)


@pytest.mark.parametrize("ending", ["toml", "csv"])
def test_a_directory_is_loaded_from_a_file_of_either_kind(
    run: Run, database_url: str, tmp_path: Path, ending: str
) -> None:
    text = DIRECTORY_FILE.read_text(encoding="utf-8")
    file = tmp_path / f"directory.{ending}"
    file.write_text(text if ending == "toml" else as_csv(text), encoding="utf-8")

    answers = [run("directory", "load", str(file), database_url=database_url) for _ in range(2)]

    said = "Loaded 1 authorities, 9 teams, 17 people and 19 memberships\n"
    assert [(a.exit_code, a.output) for a in answers] == [(0, said)] * 2
    assert asyncio.run(_knows(database_url, "op.worker"))


async def _knows(url: str, subject: str) -> bool:
    store = Store(url)
    async with store.read() as tx:
        found = await actor_of_subject(tx, subject, NOW)
    await store.close()
    return found is not None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[teams]", "Error: directory.toml: Expected"),
        (
            '[[people]]\nid = "p"\nauthority = "atlantis"\nname = "P"',
            "Error: there is no authority atlantis",
        ),
    ],
)
def test_a_faulty_directory_is_refused_in_words_and_loads_nothing(
    run: Run, migrated: dict[str, str], tmp_path: Path, text: str, says: str
) -> None:
    own = tmp_path / "own.sqlite3"
    own.write_bytes(Path(migrated["sqlite"].removeprefix("sqlite:///")).read_bytes())
    file = tmp_path / "directory.toml"
    file.write_text(text, encoding="utf-8")

    answer = run("directory", "load", str(file), database_url=f"sqlite:///{own}")

    assert (answer.exit_code, answer.output[: len(says)]) == (1, says)
    with closing(sqlite3.connect(own)) as database:
        assert database.execute("SELECT count(*) FROM people").fetchone() == (0,)


@pytest.mark.parametrize("command", ["api", "relay", "migrate", "audit verify", "retention due"])
def test_a_database_s_url_that_no_driver_takes_is_refused_by_name(run: Run, command: str) -> None:
    url = "postgresql://a:hunter2@b/c?sslmod=require"

    answer = run(*command.split(), environment="development", database_url=url)

    assert answer.exit_code == 1
    assert answer.output.startswith("Error: TRANSFERS_DATABASE_URL: after ? it takes sslmode")
    assert "hunter2" not in answer.output


@pytest.mark.parametrize("command", ["migrate", "audit verify", "retention due"])
def test_a_file_that_is_no_database_is_told_in_words(
    run: Run, tmp_path: Path, command: str
) -> None:
    file = tmp_path / "junk.sqlite3"
    file.write_bytes(b"junk" * 1000)

    answer = run(*command.split(), database_url=f"sqlite:///{file}")

    assert answer.exit_code == 1
    assert answer.output == "Error: the database cannot serve: DatabaseError\n"


def test_an_api_whose_database_s_folder_is_not_there_says_so(run: Run, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/nowhere/transfers.sqlite3"

    answer = run("api", environment="development", database_url=url)

    assert answer.exit_code == 1
    assert answer.output == (
        "Error: the database cannot serve: its folder: No such file or directory\n"
    )


@pytest.mark.parametrize(
    ("holds", "says"),
    [(None, "cannot be read: No such file"), (b"{", "holds no JWK set"), (b"", "holds no JWK set")],
)
def test_an_api_whose_key_file_cannot_be_used_says_which(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, holds: bytes | None, says: str
) -> None:
    file = tmp_path / "keys.json"
    if holds is not None:
        file.write_bytes(holds)
    monkeypatch.setenv("TRANSFERS_DEV_ISSUER_KEY", str(file))

    url = f"sqlite:///{tmp_path}/a.sqlite3"

    answer = run("api", "--port", "8399", environment="development", database_url=url)

    assert answer.exit_code == 1
    assert answer.output.startswith(f"Error: keys.json {says}")


def test_a_database_that_is_not_migrated_or_not_there_is_told_in_words(run: Run) -> None:
    not_migrated = run("directory", "load", str(DIRECTORY_FILE))
    not_there = run(
        "directory", "load", str(DIRECTORY_FILE), database_url="postgresql://a:b@127.0.0.1:1/c"
    )

    assert (not_migrated.exit_code, not_there.exit_code) == (1, 1)
    assert "run `transfers migrate` first" in not_migrated.output
    assert not_there.output == "Error: the database cannot serve: ConnectionRefusedError\n"


def test_a_token_is_made_in_development_alone(run: Run, tmp_path: Path) -> None:
    key = tmp_path / "key.json"
    make_key(key)

    made = run("token", "--as", "op.worker", environment="development", dev_issuer_key=str(key))
    refused = [
        run("token", "--as", "op.worker"),
        run("token", "--as", "op.worker", environment="production", dev_issuer_key=str(key)),
        run("token", "--as", "op.worker", environment="development"),
    ]

    assert (made.exit_code, made.output.count(".")) == (0, 2)
    assert [answer.exit_code for answer in refused] == [1, 1, 1]
    assert all("there is no development issuer here" in answer.output for answer in refused)


@pytest.mark.parametrize("process", ["api", "relay"])
def test_unsafe_settings_are_refused_with_every_reason_at_once(
    run: Run, process: str, tmp_path: Path
) -> None:
    answer = run(process, dev_issuer_key=str(tmp_path / "key.json"))

    assert answer.exit_code == 1
    assert answer.output == (
        "Error: these settings are not safe: "
        "TRANSFERS_DEV_ISSUER_KEY is for development alone; "
        "TRANSFERS_JWT_ISSUER and TRANSFERS_JWT_AUDIENCE must be set; "
        "set TRANSFERS_OIDC_DISCOVERY_URL or TRANSFERS_JWKS_FILE; "
        "TRANSFERS_LCS_CLIENT_SECRET must be set; "
        "TRANSFERS_LCS_CALLBACK_SECRETS must be set; "
        "TRANSFERS_EHM_CLIENT_SECRET must be set; "
        "TRANSFERS_EHM_CALLBACK_SECRETS must be set\n"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("missing", SAFE)
def test_each_setting_that_production_needs_is_asked_for_by_name(run: Run, missing: str) -> None:
    given = {name: value for name, value in SAFE.items() if name != missing}

    answer = run("relay", **given)

    assert answer.exit_code == 1
    assert f"TRANSFERS_{missing.upper()}" in answer.output
    assert answer.output.count(";") == 0


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"relay_lease": "30", "relay_call_deadline": "30"}, "relay_lease must be longer"),
        ({"relay_batch": "0"}, "TRANSFERS_RELAY_BATCH"),
        ({"relay_poll": "secret"}, "TRANSFERS_RELAY_POLL"),
        ({"database_url": "mysql://secret"}, "TRANSFERS_DATABASE_URL"),
        ({"lcs_url": "secret"}, "TRANSFERS_LCS_URL"),
        ({"environment": "secret"}, "TRANSFERS_ENVIRONMENT"),
    ],
)
def test_a_setting_that_is_not_valid_is_named_and_its_value_never(
    run: Run, settings: dict[str, str], name: str
) -> None:
    answer = run("migrate", **settings)

    assert answer.exit_code == 1
    assert name in answer.output
    assert "secret" not in answer.output


def test_the_relay_as_a_process_ends_by_itself_on_sigterm(tmp_path: Path) -> None:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("TRANSFERS_")},
        **development_environment(tmp_path / "kept"),
    }
    transfers_ = [sys.executable, "-m", "app.cli"]
    subprocess.run([*transfers_, "migrate"], env=environment, cwd=tmp_path, check=True)  # noqa: S603

    with subprocess.Popen(  # noqa: S603
        [*transfers_, "relay"],
        env=environment,
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
    ) as relay:
        assert relay.stderr is not None
        started = relay.stderr.readline()
        relay.send_signal(signal.SIGTERM)
        rest = relay.stderr.read()
        code = relay.wait(10)

    assert "relay started" in started
    assert "relay stopped" in rest
    assert code == 0
