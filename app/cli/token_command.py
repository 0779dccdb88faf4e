"""`transfers token --as PERSON`, for trying the service out."""

import click

from app import dev_issuer
from app.cli.development import adopt_development
from app.cli.opening import open_settings


@click.command()
@click.option("--as", "person", required=True, help="The subject, as the directory knows it")
def token(person: str) -> None:
    """Print a token of the development issuer: a service in production never takes it."""
    adopt_development()
    settings = open_settings()
    if settings.environment != "development" or settings.dev_issuer_key is None:
        raise click.ClickException(
            "there is no development issuer here: `transfers serve` makes one, or set "
            "TRANSFERS_ENVIRONMENT=development and TRANSFERS_DEV_ISSUER_KEY"
        )
    click.echo(dev_issuer.token(settings.dev_issuer_key, person, settings.clock()))
