"""Opening the settings on the command line, with words instead of a traceback."""

import click
from pydantic import ValidationError

from app.settings import Settings, UnsafeSettings


def open_settings() -> Settings:
    """The settings of the environment.

    Raises:
        click.ClickException: a setting is not valid; the text names it, never its value.
    """
    try:
        return Settings()
    except ValidationError as error:
        words = [f"TRANSFERS_{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}"
                 for e in error.errors()]  # fmt: skip
        raise click.ClickException("; ".join(words)) from None


def open_safe_settings() -> Settings:
    """The settings of the environment, fit to serve with.

    Raises:
        click.ClickException: a setting is not valid, or must not be so in production.
    """
    settings = open_settings()
    try:
        settings.refuse_if_unsafe()
    except UnsafeSettings as error:
        raise click.ClickException(f"these settings are not safe in production: {error}") from None
    return settings
