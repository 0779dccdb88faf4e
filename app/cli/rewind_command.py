"""`transfers rewind-clocks`."""

import asyncio
from datetime import UTC, datetime

import click

from app.cli.opening import open_settings, protocols_in_words
from app.protocols.shelf import NoSuchVersion, load_protocols
from app.settings import Settings
from app.store.engine import Store
from app.store.failures import StoreError
from app.usecases import rewind_clocks as rewinding
from app.usecases.call import Rulebook


@click.command()
def rewind_clocks() -> None:
    """Compute every clock anew, after a change of the bank holidays."""
    settings = open_settings()
    try:
        with protocols_in_words():
            asyncio.run(_rewind(settings))
    except StoreError as error:
        raise click.ClickException(f"the database cannot serve: {error}") from None
    except NoSuchVersion as error:
        raise click.ClickException(f"a transfer's protocol is missing: {error}") from None
    click.echo("Every clock is as the calendar now says")


async def _rewind(settings: Settings) -> None:
    book = Rulebook(load_protocols(settings.protocols_folder), settings.calendar)
    store = Store(settings.database_url)
    last: str | None = ""
    try:
        while last is not None:
            async with store.write() as tx:
                last = await rewinding.rewind_clocks(tx, book, datetime.now(UTC), last)
    finally:
        await store.close()
