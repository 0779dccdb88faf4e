"""`transfers backup` and `transfers restore`, for SQLite."""

from pathlib import Path

import click

from app.cli.opening import open_settings
from app.store.backup import BackupError, back_up
from app.store.backup import restore as put_in_place


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Copy the SQLite database to a new FILE, while the service runs."""
    try:
        transfers = back_up(open_settings().database_url, file)
    except BackupError as error:
        raise click.ClickException(f"not backed up: {error}") from None
    click.echo(f"Backed up and checked: {transfers} transfers")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def restore(file: Path) -> None:
    """Put the backup FILE in the place of an SQLite database that was moved aside."""
    try:
        transfers = put_in_place(file, open_settings().database_url)
    except BackupError as error:
        raise click.ClickException(f"not restored: {error}") from None
    click.echo(f"Restored: {transfers} transfers. Run `transfers migrate` next")
