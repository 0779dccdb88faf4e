"""Database URLs: an operator names a database, the code chooses the driver.

A PostgreSQL database that fails over is named by all its hosts, as psql takes them:
`postgresql://user:password@one:5432,two:5432/transfers`.
"""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

SERVICE = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
TOOLS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}
PRIMARY = {"target_session_attrs": "read-write"}
PORT = "5432"
PORTS = range(1, 65_536)
TAKEN = {
    "sslmode": ("disable", "allow", "prefer", "require", "verify-ca", "verify-full"),
    "target_session_attrs": ("any", "read-write", "primary", "prefer-standby"),
}
"""What a PostgreSQL URL may ask for besides: what the service's driver and the tools' both take."""


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


def sqlite_file(url: str) -> Path:
    """The file that an SQLite URL names; in it %3F stands for ?, %23 for # and %25 for %."""
    return Path(make_url(url).database or "")


def read_only(file: Path) -> str:
    """An SQLite file as sqlite3 takes it to be read alone, whatever is in its name."""
    return f"{file.resolve().as_uri()}?mode=ro"


def faults_of(url: str) -> list[str]:
    """What is wrong with a database's URL, in words that hold nothing of it; none where nothing."""
    try:
        parsed = _parsed(url)
        if is_sqlite(url):
            return list(_faults_of_file(parsed))
        return list(_faults_of_server(parsed))
    except (ArgumentError, ValueError):
        return ["it is no database's address: a host's port is a number, each part in its place"]


def _faults_of_file(parsed: URL) -> Iterator[str]:
    if not parsed.database:
        yield "it names no file"
    if parsed.query:
        yield "nothing may follow a ?; for one that is part of the file's name write %3F"


def _faults_of_server(parsed: URL) -> Iterator[str]:
    if not parsed.database:
        yield "it names no database"
    asked = parsed.query.get("host", ())
    several = (asked,) if isinstance(asked, str) else asked
    ports = [int(host.rpartition(":")[2]) for host in several if not host.startswith("/")]
    ports += [parsed.port] if parsed.port is not None else []
    if any(port not in PORTS for port in ports):
        yield f"a port is from {PORTS[0]} to {PORTS[-1]}"
    for name, value in parsed.query.items():
        if name in TAKEN and value not in TAKEN[name]:
            yield f"{name} is one of {', '.join(TAKEN[name])}"
        elif name not in TAKEN and name != "host":
            yield f"after ? it takes {' and '.join(TAKEN)} alone"


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
