"""Bringing a database to the tables that this code needs."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.exc import DatabaseError, OperationalError

from app.store.failures import StoreUnavailable, translated
from app.store.urls import tool_url

ALEMBIC_INI = Path(__file__).parents[2] / "alembic.ini"


def migrate(url: str, revision: str = "head") -> None:
    """Upgrade the database at `url`.

    Raises:
        StoreUnavailable: it cannot be reached.
    """
    try:
        command.upgrade(_config(url), revision)
    except OperationalError as error:
        raise StoreUnavailable(type(error.orig).__name__) from error
    except DatabaseError as error:
        known = translated(error)
        if known is None:
            raise
        raise known from error


def migrate_back(url: str, revision: str = "base") -> None:
    """Downgrade the database at `url`; with `base`, nothing is left."""
    command.downgrade(_config(url), revision)


def is_current(url: str) -> bool:
    """Whether the database is at the newest revision."""
    engine = create_engine(tool_url(url))
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    engine.dispose()
    return current == ScriptDirectory.from_config(_config(url)).get_current_head()


def knows(revision: str) -> bool:
    """Whether this code has that revision, and so can bring a database on from it."""
    scripts = ScriptDirectory.from_config(Config(ALEMBIC_INI)).walk_revisions()
    return revision in {script.revision for script in scripts}


def _config(url: str) -> Config:
    config = Config(ALEMBIC_INI)
    config.attributes["url"] = url
    return config
