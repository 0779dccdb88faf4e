"""What a store can refuse, in words that the layers above can tell apart.

StoreError
├── StoreUnavailable   the database cannot serve now: nothing was kept, safe to retry
└── StoreContended     another transaction holds the row too long: try again shortly
"""

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

CONTENDED = frozenset({"55P03", "40001", "40P01"})
UNAVAILABLE = ("08", "53", "57", "58", "25006", "25P03")
"""Classes and codes: no connection, no room, shut down, broken; a standby; idle for too long."""
SQLITE_UNAVAILABLE = ("locked", "busy", "full", "readonly", "disk i/o", "unable to open")


class StoreError(Exception):
    """The root of the store's refusals."""


class StoreUnavailable(StoreError):
    """The database cannot serve now; nothing of the transaction was kept."""


class StoreContended(StoreError):
    """Another transaction holds what this one needs."""


def translated(error: BaseException) -> StoreError | None:
    """The store's own word for a driver's failure; None for what is not one."""
    if isinstance(error, OSError | PoolTimeout | TimeoutError):
        return StoreUnavailable(type(error).__name__)
    if not isinstance(error, DBAPIError):
        return None
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        if state in CONTENDED:
            return StoreContended(state)
        return StoreUnavailable(state) if state.startswith(UNAVAILABLE) else None
    words = str(error.orig).lower()
    if error.connection_invalidated or any(word in words for word in SQLITE_UNAVAILABLE):
        return StoreUnavailable(type(error.orig).__name__)
    return None
