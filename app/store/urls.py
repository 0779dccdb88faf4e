"""Database URLs: an operator names a database, the code chooses the driver.

A PostgreSQL database that fails over is named by all its hosts, as psql takes them:
`postgresql://user:password@one:5432,two:5432/transfers`.
"""

from sqlalchemy.engine import URL, make_url

SERVICE = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
TOOLS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}
PRIMARY = {"target_session_attrs": "read-write"}
PORT = "5432"


def service_url(url: str) -> URL:
    """For the service itself: asynchronous drivers. `sslmode` is what asyncpg calls `ssl`.

    Raises:
        ValueError: neither SQLite nor PostgreSQL.
    """
    chosen = _with(url, SERVICE)
    query = {"ssl" if name == "sslmode" else name: value for name, value in chosen.query.items()}
    return chosen.set(query=query)


def tool_url(url: str) -> URL:
    """For migrations and tools: blocking drivers, which wait 5 s for each of several hosts.

    Raises:
        ValueError: neither SQLite nor PostgreSQL.
    """
    chosen = _with(url, TOOLS)
    if "host" not in chosen.query:
        return chosen
    return chosen.set(query={"connect_timeout": "5", **chosen.query})


def is_sqlite(url: str) -> bool:
    """Whether the database is an SQLite file."""
    return url.startswith("sqlite")


def _with(url: str, drivers: dict[str, str]) -> URL:
    parsed = _parsed(url)
    name = parsed.get_backend_name()
    if name not in drivers:
        raise ValueError(f"the database is {name}; it must be sqlite or postgresql")
    return parsed.set(drivername=drivers[name])


def _parsed(url: str) -> URL:
    """The URL; several hosts become what SQLAlchemy takes, and only the one that writes will do."""
    scheme, _, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    user, at, hosts = authority.rpartition("@")
    if "," not in hosts:
        return make_url(url)
    several = [host if ":" in host else f"{host}:{PORT}" for host in hosts.split(",")]
    if not all(name and port.isdigit() for name, _, port in (h.partition(":") for h in several)):
        raise ValueError("each host of the database is a name or an IPv4 address, and its port")
    parsed = make_url(f"{scheme}://{user}{at}{slash}{path}")
    return parsed.set(query={**PRIMARY, **parsed.query, "host": several})
