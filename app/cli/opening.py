"""Opening the settings on the command line, with words instead of a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import click
from pydantic import ValidationError
from pydantic_settings import SettingsError

from app.protocols.reader import ProtocolError
from app.protocols.shelf import load_protocols
from app.settings import Settings
from app.settings_files import SettingsFileError
from app.store.engine import Store
from app.store.failures import StoreError
from app.store.protocol_versions import VersionChanged
from app.store.urls import faults_of
from app.unsafe_settings import UnsafeSettings, refuse_if_unsafe
from app.usecases.keep_protocols import keep_protocols


def open_settings() -> Settings:
    """The settings of the environment.

    Raises:
        click.ClickException: a setting is not valid; the text names it, never its value.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        words = [f"TRANSFERS_{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}"
                 for e in error.errors()]  # fmt: skip
        raise click.ClickException("; ".join(words)) from None
    except SettingsFileError as error:
        raise click.ClickException(str(error)) from None
    except SettingsError as error:  # it names the field
        raise click.ClickException(f"{error}: no JSON such as this setting takes") from None
    if faults := faults_of(settings.database_url):
        raise click.ClickException(f"TRANSFERS_DATABASE_URL: {'; '.join(faults)}")
    return settings


def open_safe_settings() -> Settings:
    """The settings of the environment, fit to serve with.

    Raises:
        click.ClickException: a setting is not valid, or must not be so in production.
    """
    settings = open_settings()
    try:
        refuse_if_unsafe(settings)
    except UnsafeSettings as error:
        raise click.ClickException(f"these settings are not safe: {error}") from None
    return settings


@contextmanager
def protocols_in_words() -> Iterator[None]:
    """Say in words what is wrong with the protocols.

    Raises:
        click.ClickException: a file is not sound, or was changed without a new version.
    """
    try:
        yield
    except ProtocolError as error:
        raise click.ClickException(str(error)) from None
    except VersionChanged as error:
        raise click.ClickException(
            f"transfers were opened under another text of these protocols: {error}; "
            "put the old text back and give the new one a version of its own"
        ) from None


async def check_protocols(settings: Settings) -> None:
    """Hold the protocols against those in use; a database that cannot serve is waited for later.

    Raises:
        VersionChanged, ProtocolError: see keep_protocols.
    """
    protocols, store = load_protocols(settings.protocols_folder), Store(settings.database_url)
    try:
        with suppress(StoreError):
            async with store.read() as tx:
                await keep_protocols(tx, protocols)
    finally:
        await store.close()
