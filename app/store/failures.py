"""What a store can refuse, in words that the layers above can tell apart.

StoreError
├── StoreUnavailable   the database cannot serve now: nothing was kept, safe to retry
└── StoreContended     another transaction holds the row too long: try again shortly
"""

import sqlite3

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

CONTENDED = frozenset({"55P03", "40001", "40P01"})
UNAVAILABLE = ("08", "53", "57", "58", "25006", "25P03", "0A000", "42P01")
"""Classes and codes: no connection, no room, shut down, broken; a standby; idle for too long;
prepared before a migration, which a new connection is not; and not migrated at all.
"""
SQLITE_UNAVAILABLE = (
    *("locked", "busy", "full", "readonly", "disk i/o", "unable to open"),
    *("not a database", "malformed", "no such table"),
)


class StoreError(Exception):
    """The root of the store's refusals."""


class StoreUnavailable(StoreError):
    """The database cannot serve now; nothing of the transaction was kept."""


class StoreContended(StoreError):
    """Another transaction holds what this one needs."""


def translated(error: BaseException) -> StoreError | None:
    """The store's own word for a driver's failure, wrapped by SQLAlchemy or bare; else None."""
    if isinstance(error, StoreError):
        return error
    if isinstance(error, DBAPIError):
        if error.connection_invalidated or error.orig is None:
            return StoreUnavailable(type(error.orig).__name__)
        return translated(error.orig.__cause__ or error.orig)  # asyncpg's own, where it is wrapped
    state: str | None = getattr(error, "sqlstate", None)
    if state in CONTENDED:
        return StoreContended(state)
    if state is not None:
        return StoreUnavailable(state) if state.startswith(UNAVAILABLE) else None
    return StoreUnavailable(type(error).__name__) if _is_out_of_service(error) else None


def _is_out_of_service(error: BaseException) -> bool:
    """By what a driver says where it has no SQLSTATE."""
    words = str(error).lower()
    if isinstance(error, sqlite3.Error):
        return any(word in words for word in SQLITE_UNAVAILABLE)
    if isinstance(error, asyncpg.InterfaceError):
        return "closed" in words or isinstance(error, asyncpg.ClientConfigurationError)
    lost_its_way = asyncpg.InternalClientError  # the connection ended between two of its states
    return isinstance(error, OSError | PoolTimeout | TimeoutError | lost_its_way)
