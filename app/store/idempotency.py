"""Kept answers: a repeated Idempotency-Key gets the first answer again.

The claim is a row without an answer, in the same transaction as the effect: a twin that runs at
the same time waits for that transaction, and finds either the answer or nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.sql.elements import ColumnElement

from app.store.engine import Transaction
from app.store.failures import StoreContended, translated
from app.store.statement import Statement, insert_into
from app.store.tables import idempotency_keys as keys

KEPT = timedelta(days=7)
_SCOPE = ("subject", "method", "route", "key")
_CLAIM = Statement(
    lambda dialect: insert_into(dialect, keys).on_conflict_do_nothing().returning(keys.c.key),
    (*_SCOPE, "fingerprint", "created_at"),
)
_KEEP = Statement(
    update(keys).where(*(keys.c[name] == bindparam(f"its_{name}") for name in _SCOPE)),
    ("status", "headers", "body"),
)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a key is unique in: who, with which method, on which route."""

    subject: str
    method: str
    route: str
    key: str


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """The first answer to a key, and the fingerprint of what was asked."""

    fingerprint: str
    status: int
    headers: dict[str, str]
    body: bytes


class KeyInUse(Exception):
    """The same key is being worked on at this moment and did not end in time."""


async def claim_key(
    tx: Transaction, scope: Scope, fingerprint: str, now: datetime
) -> KeptAnswer | None:
    """Claim a key for this transaction (None), or give the answer that is kept under it.

    An answer that is kept no longer makes way for the claim.

    Raises:
        KeyInUse: a twin holds the key and did not end in time.
    """
    asked = {"fingerprint": fingerprint, "created_at": now}
    try:
        claimed = await tx.row(_CLAIM, _columns(scope) | asked)
    except Exception as error:
        if isinstance(translated(error), StoreContended):
            raise KeyInUse(scope.key) from error
        raise
    if claimed is not None:
        return None
    found = (await tx.connection.execute(select(keys).where(_in(scope)))).one_or_none()
    if found is not None and found.created_at >= now - KEPT:
        # A write, so that this commit waits for the disk and the standby as the first one had to.
        await tx.connection.execute(update(keys).where(_in(scope)).values(key=scope.key))
        return KeptAnswer(found.fingerprint, found.status, found.headers, found.body)
    await tx.connection.execute(delete(keys).where(_in(scope), keys.c.created_at < now - KEPT))
    return await claim_key(tx, scope, fingerprint, now)


async def keep_answer(
    tx: Transaction, scope: Scope, status: int, headers: dict[str, str], body: bytes
) -> None:
    """Keep the answer under the key that this transaction claimed."""
    answer = {"status": status, "headers": headers, "body": body}
    its = {f"its_{name}": value for name, value in _columns(scope).items()}
    await tx.change(_KEEP, answer | its)


async def forget_old_answers(tx: Transaction, now: datetime) -> None:
    """Delete the answers that are kept no longer."""
    await tx.connection.execute(delete(keys).where(keys.c.created_at < now - KEPT))


def _columns(scope: Scope) -> dict[str, object]:
    return {name: getattr(scope, name) for name in _SCOPE}


def _in(scope: Scope) -> ColumnElement[bool]:
    return (
        (keys.c.subject == scope.subject)
        & (keys.c.method == scope.method)
        & (keys.c.route == scope.route)
        & (keys.c.key == scope.key)
    )
