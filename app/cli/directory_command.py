"""`transfers directory load FILE...`."""

import asyncio
from pathlib import Path

import click

from app.cli.directory_file import read_directory
from app.cli.opening import open_settings
from app.protocols.shelf import Protocols, load_protocols
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
        for series in unknown_series(one, load_protocols(settings.protocols_folder)):
            click.echo(f"Warning: no protocol has a series of meetings {series}", err=True)


def unknown_series(one: Directory, protocols: Protocols) -> list[str]:
    """The series that memberships name and no version of their council's protocol has.

    A warning only: a version that brings the series may come later. Where the file does not name
    the council, any protocol's series is known.
    """
    of_council = {authority.code: authority.protocol for authority in one.authorities}
    of_person = {person.id: of_council.get(person.authority) for person in one.people}
    known = {(kept.protocol.code, name) for kept in protocols for name in kept.protocol.meetings}
    anywhere = {name for _, name in known}
    named = {(of_person.get(m.person), m.meeting) for m in one.memberships if m.meeting is not None}
    lost = {
        name
        for council, name in named
        if name not in anywhere or (council is not None and (council, name) not in known)
    }
    return sorted(lost)


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
