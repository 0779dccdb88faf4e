"""Subject-access requests and their exports in and out of their rows."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import sha256

from sqlalchemy import RowMapping, delete, insert, select, tuple_, update

from app.domain.subject_access import (
    OPEN_STATES,
    Applicant,
    ExtensionReason,
    Part,
    RefusalReason,
    RequestState,
    SubjectAccess,
    ThirdParties,
    WithholdReason,
)
from app.store.engine import Transaction
from app.store.legal_holds import is_child_held
from app.store.tables import subject_access, subject_access_exports


@dataclass(frozen=True, slots=True)
class Export:
    """What was released: JSON in UTF-8, and the SHA-256 of it."""

    request: str
    content: bytes
    digest: str
    expires_at: datetime


async def insert_request(tx: Transaction, found: SubjectAccess) -> None:
    """A new request."""
    await tx.connection.execute(insert(subject_access).values(_row(found)))


async def update_request(tx: Transaction, found: SubjectAccess) -> None:
    """A request that this transaction has read to change."""
    await tx.connection.execute(
        update(subject_access).where(subject_access.c.id == found.id).values(_row(found))
    )


async def load_request(
    tx: Transaction, request_id: str, *, to_change: bool = False
) -> SubjectAccess | None:
    """The request of that id, or None; `to_change` keeps its row for this transaction."""
    query = select(subject_access).where(subject_access.c.id == request_id)
    found = await tx.connection.execute(query.with_for_update() if to_change else query)
    row = found.mappings().one_or_none()
    return _request(row) if row else None


async def list_requests(
    tx: Transaction, authority: str, after: tuple[date, str] | None, limit: int
) -> list[SubjectAccess]:
    """Requests of the authority past that key, what is due first."""
    of = subject_access.c
    query = select(subject_access).where(of.authority == authority)
    if after is not None:
        query = query.where(tuple_(of.due_on, of.id) > tuple_(*after))
    found = await tx.connection.execute(query.order_by(of.due_on, of.id).limit(limit))
    return [_request(row) for row in found.mappings()]


async def is_requested(tx: Transaction, authority: str, children: Collection[str]) -> bool:
    """Whether a request of one of these children is open."""
    of = subject_access.c
    query = select(of.id).where(
        of.authority == authority,
        of.child_id.in_(children),
        of.state.in_([state.value for state in OPEN_STATES]),
    )
    return (await tx.connection.execute(query.limit(1))).first() is not None


async def keep_export(
    tx: Transaction, request_id: str, content: bytes, expires_at: datetime
) -> Export:
    """Keep what is released."""
    made = Export(request_id, content, sha256(content).hexdigest(), expires_at)
    await tx.connection.execute(insert(subject_access_exports).values(asdict(made)))
    return made


async def load_export(tx: Transaction, request_id: str, now: datetime) -> Export | None:
    """What was released, while it is kept."""
    of = subject_access_exports.c
    query = select(subject_access_exports).where(of.request == request_id, of.expires_at > now)
    row = (await tx.connection.execute(query)).mappings().one_or_none()
    return Export(**row) if row else None


async def forget_requests(tx: Transaction, authority: str, child_id: str) -> None:
    """Delete the decided requests of a child, with their exports."""
    of = subject_access.c
    theirs = select(of.id).where(of.authority == authority, of.child_id == child_id)
    decided = theirs.where(of.decided_at.is_not(None))
    await _delete(tx, list((await tx.connection.execute(decided)).scalars()))


async def forget_old_requests(
    tx: Transaction, decided_before: datetime, limit: int
) -> list[SubjectAccess]:
    """Delete requests that were decided before that and are not held, with exports; which."""
    of = subject_access.c
    old = select(subject_access).where(of.decided_at < decided_before, ~is_child_held())
    old = old.order_by(of.decided_at).limit(limit).with_for_update()
    found = [_request(row) for row in (await tx.connection.execute(old)).mappings()]
    await _delete(tx, [one.id for one in found])
    return found


async def _delete(tx: Transaction, ids: Collection[str]) -> None:
    exports = subject_access_exports
    await tx.connection.execute(delete(exports).where(exports.c.request.in_(ids)))
    await tx.connection.execute(delete(subject_access).where(subject_access.c.id.in_(ids)))


def _row(found: SubjectAccess) -> dict[str, object]:
    withheld = {part.value: why.value for part, why in found.withheld.items()}
    return asdict(found) | {"withheld": withheld}


def _request(row: RowMapping) -> SubjectAccess:
    extended, refused = row["extended_because"], row["refused_because"]
    coded = {
        "applicant": Applicant(row["applicant"]),
        "state": RequestState(row["state"]),
        "extended_because": ExtensionReason(extended) if extended else None,
        "refused_because": RefusalReason(refused) if refused else None,
        "third_parties": ThirdParties(row["third_parties"]),
        "withheld": {
            part: WithholdReason(row["withheld"][part]) for part in Part if part in row["withheld"]
        },
    }
    return SubjectAccess(**{**row, **coded})
