"""`transfers api`."""

import asyncio
import gc
from contextlib import suppress

import click

from app import logs
from app.api.key_file import KeyFileError
from app.cli.listening import host
from app.cli.opening import check_protocols, open_safe_settings, protocols_in_words
from app.cli.web_server import WebServer
from app.main import create_app
from app.settings import Settings
from app.store.failures import StoreUnavailable
from app.store.sole import AnotherIsThere, sole


@click.command()
@host
@click.option("--port", default=8000, show_default=True, help="Port to listen on")
def api(host: str, port: int) -> None:
    """Serve the HTTP API."""
    settings = open_safe_settings()
    logs.configure(settings.log_level)
    try:
        with sole(settings.database_url):
            _serve(settings, host, port)
    except AnotherIsThere:
        raise click.ClickException(
            "another `transfers api` serves on this SQLite file: several need PostgreSQL"
        ) from None
    except StoreUnavailable as error:
        raise click.ClickException(f"the database cannot serve: {error}") from None


def _serve(settings: Settings, host: str, port: int) -> None:
    try:
        with protocols_in_words():
            asyncio.run(check_protocols(settings))
            app = create_app(settings)
    except KeyFileError as error:
        raise click.ClickException(str(error)) from None
    gc.collect()
    gc.freeze()  # what stays for good is not looked through again, tens of milliseconds each time
    server = WebServer(app, host, port, drain=settings.api_drain)
    logs.keep_last_words()
    with suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        raise click.ClickException("the API could not start")
