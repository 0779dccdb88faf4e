"""At start: no process serves under a protocol that was changed behind its transfers' backs."""

from app.protocols.shelf import NoSuchVersion, Protocols
from app.store.engine import Transaction
from app.store.protocol_versions import VersionChanged, kept_digests
from app.usecases.protocol_of import protocol_of


async def keep_protocols(tx: Transaction, protocols: Protocols) -> None:
    """Hold the files against the versions that transfers were opened under.

    A version whose file is gone is put on the shelf from the store.

    Raises:
        VersionChanged: a file differs from its version as it was used; the text names every one.
        ProtocolError: the text of a version that was used can be read no more.
    """
    changed = []
    for (code, version), digest in sorted((await kept_digests(tx)).items()):
        try:
            if protocols.kept(code, version).digest != digest:
                changed.append(f"{code} {version}")
        except NoSuchVersion:
            await protocol_of(tx, protocols, code, version)
    if changed:
        raise VersionChanged(", ".join(changed))
