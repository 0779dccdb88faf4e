"""`python -m app.cli` is the `transfers` command."""

from app.cli import transfers

transfers()
