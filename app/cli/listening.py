"""Where a process listens: the same option for all of them."""

import click

host = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on")
