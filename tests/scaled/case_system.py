"""A mock LCS for processes to deliver to, and waiting until they have."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from journeys.mock_system import MockSystem
from serving import CALLBACK_SECRETS, CLIENT_SECRETS, mock_app, served
from sqlalchemy import Row, select

from app.store.engine import Store
from app.store.tables import deliveries

TRAY = "FF-BISHOP"


@contextmanager
def mock_lcs() -> Iterator[MockSystem]:
    """A mock LCS that sends no callbacks."""
    with served(mock_app("lcs")) as url:
        mock = MockSystem("lcs", url)
        yield mock
        mock.close()


def told_of(lcs: MockSystem) -> dict[str, str]:
    """The settings of a service that delivers to it, with short leases."""
    return {
        "lcs_url": lcs.url,
        "relay_lease": "2",
        "relay_call_deadline": "1",
        **{f"{name}_client_secret": secret for name, secret in CLIENT_SECRETS.items()},
        **{f"{name}_callback_secrets": f'["{key}"]' for name, key in CALLBACK_SECRETS.items()},
    }


def in_tray(lcs: MockSystem) -> list[str]:
    """The references of the tasks that its tray has."""
    return [task["reference"] for task in lcs.tray(TRAY)]


async def settled(store: Store) -> Sequence[Row[Any]]:
    """Every delivery, when none is left to be made."""
    async with asyncio.timeout(120):
        while True:
            async with store.read() as tx:
                rows = (await tx.connection.execute(select(deliveries))).all()
            if all(row.settled_at for row in rows):
                return rows
            await asyncio.sleep(0.05)
