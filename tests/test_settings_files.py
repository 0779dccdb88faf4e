"""Secrets from files: what they mean, what is refused, and that they are never shown."""

import json
import os
from pathlib import Path

import pytest
from cli.test_commands import Run, run
from safe_settings import ENVIRONMENT

from app.settings import Settings
from app.settings_files import LARGEST, SettingsFileError

__all__ = ("run",)
CANARY = "Quetzalcoatl-of-the-gateway"


def _file(folder: Path, name: str, text: str, mode: int = 0o400) -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    file.chmod(mode)
    return file


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.upper().startswith("TRANSFERS_")]:
        monkeypatch.delenv(name)


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_secret_is_read_from_the_file_that_is_named_without_the_line_s_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    file = _file(tmp_path, "secret", f" {CANARY} {end}")
    monkeypatch.setenv("TRANSFERS_LCS_CLIENT_SECRET_FILE", str(file))

    assert Settings().lcs_client_secret.get_secret_value() == f" {CANARY} "


def test_a_list_of_secrets_in_a_file_is_json_as_in_a_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = _file(tmp_path, "secrets", json.dumps([CANARY, "another"]))
    monkeypatch.setenv("TRANSFERS_EHM_CALLBACK_SECRETS_FILE", str(file))

    found = [secret.get_secret_value() for secret in Settings().ehm_callback_secrets]

    assert found == [CANARY, "another"]


@pytest.mark.parametrize("name", ["TRANSFERS_DATABASE_URL", "transfers_database_url"])
def test_a_folder_holds_a_file_for_each_setting_in_capitals_or_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    folder = tmp_path / "run-secrets"
    folder.mkdir()
    _file(folder, name, "postgresql://a:b@127.0.0.1/c\n")
    _file(folder, "of_another_service", "whatever")
    monkeypatch.setenv("TRANSFERS_SECRETS_FOLDER", str(folder))

    assert Settings().database_url == "postgresql://a:b@127.0.0.1/c"


@pytest.mark.parametrize("folder", ["nowhere", "file"])
def test_a_folder_that_is_none_is_refused_rather_than_every_default_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    _file(tmp_path, "file", CANARY)
    monkeypatch.setenv("TRANSFERS_SECRETS_FOLDER", str(tmp_path / folder))

    with pytest.raises(SettingsFileError, match="TRANSFERS_SECRETS_FOLDER is no folder"):
        Settings()


def test_dot_env_may_name_the_file_as_well(tmp_path: Path) -> None:
    file = _file(tmp_path, "secret", CANARY)
    (tmp_path / ".env").write_text(f"TRANSFERS_EHM_CLIENT_SECRET_FILE={file}\n", encoding="utf-8")

    assert Settings().ehm_client_secret.get_secret_value() == CANARY


@pytest.mark.parametrize(
    "also",
    [
        {"TRANSFERS_LCS_CLIENT_SECRET": "other"},
        {"TRANSFERS_LCS_CLIENT_SECRET": ""},
        {"TRANSFERS_SECRETS_FOLDER": "folder"},
    ],
)
def test_a_setting_that_is_set_twice_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, also: dict[str, str]
) -> None:
    (tmp_path / "folder").mkdir()
    _file(tmp_path / "folder", "TRANSFERS_LCS_CLIENT_SECRET", CANARY)
    for name, value in also.items():
        monkeypatch.setenv(name, value)
    file = _file(tmp_path, "secret", CANARY)
    monkeypatch.setenv("TRANSFERS_LCS_CLIENT_SECRET_FILE", str(file))

    with pytest.raises(SettingsFileError) as refused:
        Settings()

    assert str(refused.value) == "TRANSFERS_LCS_CLIENT_SECRET is set twice, once in a file"


def test_files_that_cannot_be_used_are_all_named_at_once_and_what_they_hold_is_not(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "binary").write_bytes(b"\xff" + CANARY.encode())

    answer = run(
        "migrate",
        lcs_client_secret_file=str(_file(tmp_path, "open", CANARY, 0o666)),
        lcs_callback_secrets_file=str(tmp_path / "binary"),
        ehm_client_secret_file=str(tmp_path / "nowhere"),
        ehm_callback_secrets_file=str(_file(tmp_path, "large", CANARY * LARGEST)),
        database_url_file=str(tmp_path),
    )

    assert answer.exit_code == 1
    assert answer.output == (
        "Error: the file of TRANSFERS_DATABASE_URL cannot be used: IsADirectoryError; "
        "the file of TRANSFERS_LCS_CLIENT_SECRET cannot be used: everybody can write it; "
        "the file of TRANSFERS_LCS_CALLBACK_SECRETS cannot be used: it is not UTF-8; "
        "the file of TRANSFERS_EHM_CLIENT_SECRET cannot be used: FileNotFoundError; "
        f"the file of TRANSFERS_EHM_CALLBACK_SECRETS cannot be used: "
        f"it is larger than {LARGEST} bytes\n"
    )


@pytest.mark.parametrize(
    "name",
    ["database_url", "lcs_client_secret", "lcs_callback_secrets", "webhook_sealing_keys"],
)
@pytest.mark.parametrize(
    "value",
    [
        f"postgresql://a:{CANARY}@127.0.0.1:x/c",
        f"postgresql://a:b@c:{CANARY}@127.0.0.1/d",
        f'["{CANARY}"]',
    ],
)
@pytest.mark.parametrize("process", ["api", "relay", "migrate"])
def test_whatever_is_wrong_at_the_start_no_secret_is_shown(
    run: Run, tmp_path: Path, process: str, name: str, value: str
) -> None:
    file = _file(tmp_path, "secret", value)
    given = {key: text for key, text in ENVIRONMENT.items() if key != name}
    if name != "database_url":
        given["database_url"] = f"postgresql://nobody:{CANARY}@127.0.0.1:1/nothing?sslmode=bad"

    from_file = run(process, **given, **{f"{name}_file": str(file)})
    from_variable = run(process, **given, **{name: value})

    for answer in (from_file, from_variable):
        assert answer.exit_code == 1
        assert CANARY not in answer.output
        assert CANARY not in str(answer.exception)


def test_settings_do_not_show_what_is_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LCS_CLIENT_SECRET", "EHM_CLIENT_SECRET"):
        monkeypatch.setenv(f"TRANSFERS_{name}_FILE", str(_file(tmp_path, name, CANARY)))
    monkeypatch.setenv("TRANSFERS_DATABASE_URL", f"postgresql://a:{CANARY}@127.0.0.1/c")

    settings = Settings()

    assert CANARY not in f"{settings!r}{settings}{settings.gateways}"
