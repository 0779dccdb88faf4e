"""Connecting to whichever host of a PostgreSQL database writes now.

asyncpg asks one host after the other within one time limit, so that a dead machine, which does not
even refuse, would use up the time of the host that took over. Here all are asked at once and the
first that will do is taken.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial

import asyncpg

from app.store.failures import StoreUnavailable


async def connect(
    host: str | list[str] | None = None,
    port: int | Sequence[int] | None = None,
    **given: object,
) -> asyncpg.Connection:
    """A connection to the host, or to the first of several that will do.

    Raises:
        StoreUnavailable: none lets us in, or none that does will do.
    """
    try:
        if isinstance(host, list) and isinstance(port, Sequence):
            return await _first(list(zip(host, port, strict=True)), given)
        return await asyncpg.connect(host=host, port=port, **given)
    except (OSError, asyncpg.PostgresError, asyncpg.InternalClientError) as error:
        raise StoreUnavailable(getattr(error, "sqlstate", type(error).__name__)) from error


async def _first(
    hosts: Sequence[tuple[str, int]], given: Mapping[str, object]
) -> asyncpg.Connection:
    """The first connection that is made; without any, what the first host died of is raised."""
    tries = [
        asyncio.create_task(asyncpg.connect(host=host, port=port, **given)) for host, port in hosts
    ]
    chosen = None
    try:
        for answer in asyncio.as_completed(tries):
            with suppress(Exception):
                chosen = await answer
                return chosen
        return tries[0].result()
    finally:
        for one in tries:
            one.cancel()
            one.add_done_callback(partial(_let_go, chosen=chosen))


def _let_go(one: asyncio.Task[asyncpg.Connection], chosen: asyncpg.Connection | None) -> None:
    """End what was connected besides, and hear what the others died of."""
    if not one.cancelled() and one.exception() is None and one.result() is not chosen:
        one.result().terminate()
