"""Connecting to the host that writes, whatever the other hosts do meanwhile."""

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from postgres_server import PostgresServer

from app.store import primary
from app.store.engine import Store
from app.store.failures import StoreUnavailable
from app.store.migrate import is_current

pytestmark = pytest.mark.long


@pytest.fixture
def url(migrated: dict[str, str], postgres: PostgresServer) -> str:
    return postgres.create_database(like=migrated["postgresql"])


@pytest.fixture
def mute() -> Iterator[str]:
    """A host that takes a connection and never says a word, as a frozen machine."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"127.0.0.1:{listener.getsockname()[1]}"


def _with_hosts(url: str, *hosts: str, **query: str) -> str:
    parts = urlsplit(url)
    user, _, host = parts.netloc.rpartition("@")
    several = ",".join(host if name == "here" else name for name in hosts)
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return urlunsplit(parts._replace(netloc=f"{user}@{several}", query=asked))


async def test_a_host_that_is_frozen_or_gone_does_not_delay_the_one_that_writes(
    url: str, mute: str
) -> None:
    store = Store(_with_hosts(url, mute, "127.0.0.1:1", "here"), pool_size=2)

    await store.check()
    await store.close()


async def test_the_system_watches_for_a_machine_that_is_gone_without_a_word(url: str) -> None:
    parts = urlsplit(url)
    connection = await primary.connect(
        parts.hostname, parts.port, user=parts.username, password=parts.password
    )
    its_socket = connection._transport.get_extra_info("socket")  # noqa: SLF001 - as primary has it
    set_to = {
        name: its_socket.getsockopt(socket.IPPROTO_TCP, getattr(socket, name))
        for name in primary.WATCH
    }
    watched = its_socket.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
    await connection.close()

    assert watched == 1
    assert set_to == primary.WATCH


def test_migrations_go_to_the_host_that_writes(url: str) -> None:
    assert is_current(_with_hosts(url, "127.0.0.1:1", "here"))


async def test_a_database_that_only_reads_is_unavailable(url: str) -> None:
    name = urlsplit(url).path.removeprefix("/")
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    one, several = Store(url), Store(_with_hosts(url, "here", "127.0.0.1:1"))

    for store in (one, several):
        with pytest.raises(StoreUnavailable):
            async with store.write() as tx:
                await tx.connection.exec_driver_sql("DELETE FROM teams")
        await store.close()


@pytest.mark.parametrize("fault", ["password", "database"])
async def test_a_database_that_does_not_let_us_in_is_unavailable(url: str, fault: str) -> None:
    parts = urlsplit(url)
    wrong = {
        "password": parts._replace(netloc=f"postgres:wrong@{parts.hostname}:{parts.port}"),
        "database": parts._replace(path="/nowhere"),
    }
    store = Store(urlunsplit(wrong[fault]))

    with pytest.raises(StoreUnavailable):
        await store.check()
    await store.close()
