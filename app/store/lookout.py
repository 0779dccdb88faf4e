"""A relay's lookout: it shows that the relay lives, sees which have died, and what has come in.

It has a connection of its own, besides the store's. The sign of life ends with the process,
whatever ends that: a session's advisory lock on PostgreSQL (never through a pooler of
transactions), a locked file beside the database on SQLite. The lease is the backstop where a sign
tells nothing.
"""

import socket
from os import getpid
from secrets import token_hex
from typing import Literal, Protocol

from app.store.lookout_postgres import PostgresLookout
from app.store.lookout_sqlite import SqliteLookout
from app.store.urls import is_sqlite

WakeUp = Literal["poll", "notify"]


class Lookout(Protocol):
    """What a relay asks of it. Every call raises StoreUnavailable where the database is away."""

    async def keep(self) -> None:
        """Show that this relay lives, again where the sign was lost."""

    async def news(self, seconds: float) -> bool:
        """Wait so long, or less; whether deliveries may have come in meanwhile."""

    async def dead(self) -> frozenset[str]:
        """The workers with leases of which there is no sign of life, now and when asked before."""

    async def close(self) -> None:
        """Take the sign away."""


def worker_name() -> str:
    """A name that no other relay ever had: host, process, and the number of its sign of life."""
    return f"{socket.gethostname()[:70]}:{getpid()}:{token_hex(4)}"


def lookout(url: str, worker: str, wake_up: WakeUp) -> Lookout:
    """The lookout of the relay of that name on that database."""
    if is_sqlite(url):
        return SqliteLookout(url, worker)
    return PostgresLookout(url, worker, listens=wake_up == "notify")
