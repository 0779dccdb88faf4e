"""`transfers serve`: the service to be tried out."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import click

from app.cli.development import FOLDER, development_environment
from app.cli.opening import open_settings
from app.store.migrate import migrate as run_migrations

SAMPLES = Path(__file__).parent / "demo" / "directories"
"""A made-up directory for each council whose protocol ships."""


@click.command()
@click.option("--port", default=8000, show_default=True, help="Port of the API")
def serve(port: int) -> None:
    """Try the service out: API and relay on SQLite, with a development issuer."""
    environment = development_environment(FOLDER, api_port=port)
    os.environ.update(environment)
    run_migrations(open_settings().database_url)
    transfers = [sys.executable, "-m", "app.cli"]
    samples = map(str, sorted(SAMPLES.glob("*.toml")))
    subprocess.run([*transfers, "directory", "load", *samples], check=True)  # noqa: S603
    click.echo(f"API docs:   http://127.0.0.1:{port}/docs")
    click.echo("A token:    .venv/bin/transfers token --as op.worker")
    click.echo("Mock LCS:   .venv/bin/transfers mock lcs    (http://127.0.0.1:8101/)")
    click.echo("Mock EHM:   .venv/bin/transfers mock ehm    (http://127.0.0.1:8102/)")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # it ends both, as Ctrl-C does
    click.echo("Ctrl-C ends it. What it keeps is in .transfers/")
    with subprocess.Popen([*transfers, "relay"]) as relaying:  # noqa: S603
        try:
            subprocess.run([*transfers, "api", "--port", str(port)], check=False)  # noqa: S603
        except KeyboardInterrupt:
            click.echo("Stopping")
        finally:
            relaying.terminate()
