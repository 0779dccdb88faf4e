"""The version of a protocol that a transfer was opened under, wherever it is kept."""

from app.domain.protocol import CouncilProtocol
from app.protocols.shelf import NoSuchVersion, Protocols, keep
from app.store.engine import Transaction
from app.store.protocol_versions import kept_text


async def protocol_of(
    tx: Transaction, protocols: Protocols, code: str, version: str
) -> CouncilProtocol:
    """From the files, or from the store, where its file is gone or another process read it.

    Raises:
        NoSuchVersion: neither has it.
    """
    try:
        return protocols.kept(code, version).protocol
    except NoSuchVersion:
        text = await kept_text(tx, code, version)
        if text is None:
            raise
    found = keep(text, f"{code} {version}")
    protocols.add(found)
    return found.protocol
