"""`transfers relay`."""

import asyncio

import click

from app import logs
from app.cli.opening import open_safe_settings, protocols_in_words
from app.relay import run_relay


@click.command()
def relay() -> None:
    """Push messages to LCS and EHM until stopped."""
    settings = open_safe_settings()
    logs.configure(settings.log_level)
    logs.keep_last_words()
    with protocols_in_words():
        asyncio.run(run_relay(settings))
