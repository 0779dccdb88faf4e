"""`transfers api`."""

import asyncio

import click
import uvicorn

from app import logs
from app.cli.listening import host
from app.cli.opening import check_protocols, open_safe_settings, protocols_in_words
from app.main import create_app


@click.command()
@host
@click.option("--port", default=8000, show_default=True, help="Port to listen on")
def api(host: str, port: int) -> None:
    """Serve the HTTP API."""
    settings = open_safe_settings()
    logs.configure(settings.log_level)
    with protocols_in_words():
        asyncio.run(check_protocols(settings))
        app = create_app(settings)
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=15,
        h11_max_incomplete_event_size=32_768,
    )
