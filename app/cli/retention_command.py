"""`transfers retention due` and `transfers retention run`."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeVar

import click

from app.cli.opening import open_settings, protocols_in_words
from app.protocols.shelf import load_protocols
from app.relay.keeper import Keeper, Kept
from app.settings import Settings
from app.store.engine import Store
from app.store.failures import StoreError
from app.usecases.call import Rulebook
from app.usecases.dispose import Due, what_is_due

Result = TypeVar("Result")


@click.group()
def retention() -> None:
    """What the council keeps no longer."""


@retention.command()
def due() -> None:
    """Count what a run would dispose of now, and why the rest stays; change nothing."""

    async def look(settings: Settings, store: Store) -> Due:
        return await what_is_due(store, settings.retention, _now())

    found = _with_store(look)
    for kind, many in sorted(found.transfers.items()):
        click.echo(f"{many} {kind} transfers are due")
    for kind, many in sorted(found.rows.items()):
        click.echo(f"{many} {kind} are old")
    if found.unknown_children:
        click.echo(f"{found.unknown_children} children are named by the audit alone")
    for why, many in sorted(found.kept.items()):
        click.echo(f"{many} transfers past their time are kept: {why}")
    if not found.transfers:
        click.echo("No transfer is due")


@retention.command()
def run() -> None:
    """Dispose of what is due now, as the relay does once an hour."""

    async def keep(settings: Settings, store: Store) -> Kept:
        with protocols_in_words():
            book = Rulebook(load_protocols(settings.protocols_folder), settings.calendar)
        return await Keeper(store, book, settings.retention, _now).run()

    done = _with_store(keep)
    click.echo(f"Disposed of {done.disposed} transfers, cancelled {done.cancelled} stale drafts")


def _with_store(work: Callable[[Settings, Store], Awaitable[Result]]) -> Result:
    settings = open_settings()

    async def opened() -> Result:
        store = Store(settings.database_url)
        try:
            return await work(settings, store)
        finally:
            await store.close()

    try:
        return asyncio.run(opened())
    except StoreError as error:
        raise click.ClickException(f"the database cannot serve: {error}") from None


def _now() -> datetime:
    return datetime.now(UTC)
