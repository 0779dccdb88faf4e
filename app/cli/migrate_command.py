"""`transfers migrate`."""

import click

from app.cli.opening import open_settings
from app.store.failures import StoreError
from app.store.migrate import migrate as run_migrations


@click.command()
def migrate() -> None:
    """Bring the database to the tables that this version needs."""
    try:
        run_migrations(open_settings().database_url)
    except StoreError as error:
        raise click.ClickException(f"the database cannot serve: {error}") from None
    click.echo("The database is up to date")
