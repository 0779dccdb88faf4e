"""Protocols as transfers were opened under them: a version, once used, never changes."""

from datetime import datetime

from sqlalchemy import Connection, inspect, select

from app.store.engine import Transaction
from app.store.rows import insert_once
from app.store.tables import protocol_versions


class VersionChanged(Exception):
    """A protocol file was changed without a new version after transfers were opened under it.

    The text names the codes and versions.
    """


async def keep_version(  # noqa: PLR0913 - a row has as many columns
    tx: Transaction, code: str, version: str, *, digest: str, text: str, now: datetime
) -> None:
    """Keep the text of a version that a transfer is opened under.

    Raises:
        VersionChanged: that version was used with another text.
    """
    known = await _digest(tx, code, version)
    if known is None:
        await tx.connection.execute(
            insert_once(tx, protocol_versions)
            .values(code=code, version=version, digest=digest, text=text, kept_at=now)
            .on_conflict_do_nothing()
        )
        known = await _digest(tx, code, version)
    if known != digest:
        raise VersionChanged(f"{code} {version}")


async def kept_text(tx: Transaction, code: str, version: str) -> str | None:
    """The text of a version that was used, or None."""
    table = protocol_versions.c
    query = select(table.text).where(table.code == code, table.version == version)
    text: str | None = (await tx.connection.execute(query)).scalar_one_or_none()
    return text


async def kept_digests(tx: Transaction) -> dict[tuple[str, str], str]:
    """The SHA-256 of every version that was used, by code and version.

    None before the first migration: a process may start before its database is brought up.
    """
    if not await tx.connection.run_sync(_is_there):
        return {}
    table = protocol_versions.c
    found = await tx.connection.execute(select(table.code, table.version, table.digest))
    return {(code, version): digest for code, version, digest in found}


def _is_there(connection: Connection) -> bool:
    return inspect(connection).has_table(protocol_versions.name)


async def _digest(tx: Transaction, code: str, version: str) -> str | None:
    table = protocol_versions.c
    query = select(table.digest).where(table.code == code, table.version == version)
    digest: str | None = (await tx.connection.execute(query)).scalar_one_or_none()
    return digest
