"""Settings that are kept in files: TRANSFERS_X_FILE names one, TRANSFERS_SECRETS_FOLDER many.

What a file holds is what the variable would; a line's end at its end is not part of it. This is
how Docker, Kubernetes and systemd hand over secrets, which an environment would show to many.
"""

import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource

PREFIX = "transfers_"
FOLDER = f"{PREFIX}secrets_folder"
LARGEST = 64 * 1024


class SettingsFileError(ValueError):
    """Files of settings that cannot be used; the text names each, and never what it holds."""


class SettingsFiles(EnvSettingsSource):
    """Reads each setting as its variable would be read, from the files that are named."""

    def __init__(
        self, settings: type[BaseSettings], *variables: PydanticBaseSettingsSource
    ) -> None:
        """`variables`: the environment and .env, which name the files.

        Raises:
            SettingsFileError: a file cannot be read, can be written by everybody, or holds what
                is also set otherwise.
        """
        super().__init__(settings)
        given: dict[str, str] = {}
        for source in reversed(variables):
            if isinstance(source, EnvSettingsSource):
                given |= {name: text for name, text in source.env_vars.items() if text is not None}
        names = [f"{PREFIX}{field}" for field in settings.model_fields]
        folder = given.get(FOLDER)
        if folder is not None and not Path(folder).is_dir():
            raise SettingsFileError(f"{FOLDER.upper()} is no folder that can be read")
        texts, faults = _read(_named(names, given), given)
        if faults:
            raise SettingsFileError("; ".join(faults))
        self.env_vars: Mapping[str, str | None] = texts


def _named(names: list[str], given: Mapping[str, str]) -> Iterator[tuple[str, Path]]:
    """Each file that is named or lies in the folder, with the variable it stands for."""
    folder = given.get(FOLDER)
    for name in names:
        if f"{name}_file" in given:
            yield name, Path(given[f"{name}_file"])
        if folder is not None:
            found = (Path(folder, name.upper()), Path(folder, name))
            yield from ((name, file) for file in found if file.exists())


def _read(
    named: Iterator[tuple[str, Path]], given: Mapping[str, str]
) -> tuple[dict[str, str | None], list[str]]:
    texts: dict[str, str | None] = {}
    faults = []
    for name, file in named:
        variable = name.upper()
        if name in given or name in texts:
            faults.append(f"{variable} is set twice, once in a file")
        try:
            texts[name] = _text(file)
        except (OSError, ValueError) as error:
            faults.append(f"the file of {variable} cannot be used: {_words(error)}")
    return texts, faults


def _text(file: Path) -> str:
    with file.open("rb") as opened:
        if stat.S_IMODE(file.stat().st_mode) & stat.S_IWOTH:
            raise SettingsFileError("everybody can write it")
        content = opened.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise SettingsFileError(f"it is larger than {LARGEST} bytes")
    return content.decode().removesuffix("\n").removesuffix("\r")


def _words(error: OSError | ValueError) -> str:
    if isinstance(error, SettingsFileError):
        return str(error)
    return "it is not UTF-8" if isinstance(error, ValueError) else type(error).__name__
