"""`transfers directory load FILE...`."""

import asyncio
from pathlib import Path

import click

from app.cli.directory_file import read_directory
from app.cli.opening import open_settings
from app.store.engine import Store
from app.store.failures import StoreError
from app.store.migrate import is_current
from app.usecases.load_directory import Directory, DirectoryError, load_directory


@click.group()
def directory() -> None:
    """Councils, teams, people and memberships."""


@directory.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
def load(files: tuple[Path, ...]) -> None:
    """Load directory FILES (TOML, or CSV by its ending) into the database, all or none."""
    settings = open_settings()
    try:
        found = [read_directory(file) for file in files]
        asyncio.run(_load(settings.database_url, found))
    except DirectoryError as error:
        raise click.ClickException(str(error)) from None
    except StoreError as error:
        raise click.ClickException(f"the database cannot serve: {error}") from None
    for one in found:
        click.echo(
            f"Loaded {len(one.authorities)} authorities, {len(one.teams)} teams, "
            f"{len(one.people)} people and {len(one.memberships)} memberships"
        )


async def _load(url: str, found: list[Directory]) -> None:
    store = Store(url)
    try:
        await store.check()
        if not is_current(url):
            raise DirectoryError("the database is not up to date: run `transfers migrate` first")
        async with store.write() as tx:
            for one in found:
                await load_directory(tx, one)
    finally:
        await store.close()
