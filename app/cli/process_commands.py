"""The processes: api, relay, both together for trying out, and the migrations before them."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import click
import uvicorn

from app import logs
from app.cli.development import FOLDER, development_environment
from app.cli.opening import open_safe_settings, open_settings
from app.main import create_app
from app.relay import run_relay
from app.store.failures import StoreError
from app.store.migrate import migrate as run_migrations

host = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on")


@click.command()
@host
@click.option("--port", default=8000, show_default=True, help="Port to listen on")
def api(host: str, port: int) -> None:
    """Serve the HTTP API."""
    settings = open_safe_settings()
    logs.configure(settings.log_level)
    uvicorn.run(
        create_app(settings),
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=15,
        h11_max_incomplete_event_size=32_768,
    )


@click.command()
def relay() -> None:
    """Push messages to LCS and EHM until stopped."""
    settings = open_safe_settings()
    logs.configure(settings.log_level)
    asyncio.run(run_relay(settings))


@click.command()
def migrate() -> None:
    """Bring the database to the tables that this version needs."""
    try:
        run_migrations(open_settings().database_url)
    except StoreError as error:
        raise click.ClickException(f"the database cannot serve: {error}") from None
    click.echo("The database is up to date")


@click.command()
@click.option("--port", default=8000, show_default=True, help="Port of the API")
def serve(port: int) -> None:
    """Try the service out: API and relay on SQLite, with a development issuer."""
    environment = development_environment(FOLDER, api_port=port)
    os.environ.update(environment)
    run_migrations(open_settings().database_url)
    transfers = [sys.executable, "-m", "app.cli"]
    sample = Path(__file__).parent / "demo" / "directory.toml"
    subprocess.run([*transfers, "directory", "load", str(sample)], check=True)  # noqa: S603
    click.echo(f"API docs:   http://127.0.0.1:{port}/docs")
    click.echo("A token:    .venv/bin/transfers token --as op.worker")
    click.echo("Mock LCS:   .venv/bin/transfers mock lcs    (http://127.0.0.1:8101/)")
    click.echo("Mock EHM:   .venv/bin/transfers mock ehm    (http://127.0.0.1:8102/)")
    click.echo("Ctrl-C ends it. What it keeps is in .transfers/")
    with subprocess.Popen([*transfers, "relay"]) as relaying:  # noqa: S603
        try:
            subprocess.run([*transfers, "api", "--port", str(port)], check=False)  # noqa: S603
        except KeyboardInterrupt:
            click.echo("Stopping")
        finally:
            relaying.terminate()
