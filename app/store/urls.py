"""Database URLs: an operator names a database, the code chooses the driver."""

from sqlalchemy.engine import URL, make_url

SERVICE = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
TOOLS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}


def service_url(url: str) -> URL:
    """For the service itself: asynchronous drivers. `sslmode` is what asyncpg calls `ssl`.

    Raises:
        ValueError: neither SQLite nor PostgreSQL.
    """
    chosen = _with(url, SERVICE)
    query = {"ssl" if name == "sslmode" else name: value for name, value in chosen.query.items()}
    return chosen.set(query=query)


def tool_url(url: str) -> URL:
    """For migrations and tools: blocking drivers.

    Raises:
        ValueError: neither SQLite nor PostgreSQL.
    """
    return _with(url, TOOLS)


def is_sqlite(url: str) -> bool:
    """Whether the database is an SQLite file."""
    return make_url(url).get_backend_name() == "sqlite"


def _with(url: str, drivers: dict[str, str]) -> URL:
    parsed = make_url(url)
    name = parsed.get_backend_name()
    if name not in drivers:
        raise ValueError(f"the database is {name}; it must be sqlite or postgresql")
    return parsed.set(drivername=drivers[name])
