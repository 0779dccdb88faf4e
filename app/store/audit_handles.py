"""The salts of those whom the audit names: made when first named, destroyed when erased."""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from app.domain.audit_handles import SALT_BYTES, Handle, HandleKind, digest
from app.store.engine import Transaction
from app.store.rows import insert_rows, of_several
from app.store.tables import audit_handles

_OF_SUBJECTS = of_several(audit_handles.c.subject, select(audit_handles))


@dataclass(frozen=True, slots=True)
class KnownHandle:
    """A handle's number, its salt, and the digest that was made with it."""

    id: int
    salt: bytes
    digest: str


async def known_handles(tx: Transaction, named: Collection[Handle]) -> dict[Handle, KnownHandle]:
    """Those of the handles that have a salt."""
    subjects = sorted({handle.subject for handle in named})
    rows = await tx.rows(_OF_SUBJECTS, {"ids": subjects}) if subjects else []
    found = {
        Handle(HandleKind(row["kind"]), row["subject"]): KnownHandle(
            row["id"], bytes(row["salt"] or b""), row["digest"]
        )
        for row in rows
    }
    return {handle: known for handle, known in found.items() if handle in named}


async def handles_for(tx: Transaction, named: Collection[Handle]) -> Mapping[Handle, KnownHandle]:
    """All of the handles; who has no salt yet gets one. One sealer at a time may ask."""
    known = await known_handles(tx, named)
    missing = sorted(set(named) - known.keys(), key=lambda x: (x.kind, x.subject))
    if not missing:
        return known
    rows = []
    for handle in missing:
        salt = secrets.token_bytes(SALT_BYTES)
        made = digest(salt, handle)
        rows.append({"kind": handle.kind, "subject": handle.subject, "salt": salt, "digest": made})
    await insert_rows(tx, audit_handles, rows)
    return known | await known_handles(tx, missing)
