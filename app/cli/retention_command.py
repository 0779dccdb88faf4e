"""`transfers retention due`, `run` and `disposed`."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeVar

import click

from app.cli.opening import open_settings, protocols_in_words
from app.domain.disposal import Tombstone
from app.domain.instants import start_of_day
from app.domain.london import local_date
from app.protocols.shelf import load_protocols
from app.relay.keeper import Keeper, Kept
from app.settings import Settings
from app.store.engine import Store
from app.store.failures import StoreError
from app.usecases.call import Rulebook
from app.usecases.dispose import Due, what_is_due
from app.usecases.list_disposed import list_disposed

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


@retention.command()
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Only what was disposed of on that day and later.",
)
def disposed(since: datetime | None) -> None:
    """List what was disposed of, when, and what it was kept as; a line for each transfer."""
    start = start_of_day(since.date()) if since else None

    async def tell(settings: Settings, store: Store) -> int:
        del settings
        many = 0
        async for stone in list_disposed(store, start):
            click.echo(_line(stone))
            many += 1
        return many

    if not _with_store(tell):
        click.echo("Nothing was disposed of")


def _line(stone: Tombstone) -> str:
    """What was it, whose, and from when; nobody is named."""
    kept_as = f"{stone.kind} ({stone.reason})" if stone.reason else f"{stone.kind}"
    teams = f"{stone.origin_team} to {stone.sent_to}" if stone.sent_to else stone.origin_team
    return (
        f"{local_date(stone.disposed_at)}  {stone.authority}  {stone.id}  {kept_as}, last changed"
        f" {local_date(stone.last_changed_at)}: {stone.pathway}, {stone.route}, {teams},"
        f" children: {stone.children}"
    )


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
