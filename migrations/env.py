"""Runs the migrations on the database that the caller names in the `url` attribute."""

from alembic import context
from sqlalchemy import create_engine

from app.store.tables import metadata
from app.store.urls import tool_url


def run() -> None:
    """Upgrade or downgrade in one transaction."""
    engine = create_engine(tool_url(context.config.attributes["url"]))
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=connection.dialect.name == "sqlite",
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
