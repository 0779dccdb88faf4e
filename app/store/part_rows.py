"""What gathers around a transfer, one row each: from milestones to disagreements."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Table, exists, select

from app.domain.consent import Consent, How, WithdrawalDecision
from app.domain.disagreement import Disagreement, Step
from app.domain.feedback import About, Feedback, Heard, Voice
from app.domain.pauses import Pause
from app.domain.restriction import Restriction, RestrictionKind, RestrictionReason
from app.domain.review import Review
from app.domain.sharing_basis import Basis, SharingBasis
from app.domain.team_around import Member
from app.domain.transfer import Milestone, Transfer
from app.store.engine import Transaction
from app.store.rows import change_rows, insert_rows, of_several, one_of_ids
from app.store.statement import Statement
from app.store.tables import (
    clock_pauses,
    consents,
    disagreements,
    feedback,
    milestones,
    restrictions,
    reviews,
    sharing_bases,
    team_members,
)

_NO_PART = ("position", "authority")


def _flat(part: Any) -> dict[str, Any]:  # noqa: ANN401 - any of them
    """What asdict gives, without copying what cannot change."""
    return {field.name: getattr(part, field.name) for field in fields(part)}


@dataclass(frozen=True, slots=True)
class _Part:
    """A field of a transfer, in the order of which its rows have their positions."""

    field: str
    table: Table
    of: Callable[..., Any]
    as_row: Callable[[Any], dict[str, Any]] = _flat


def _consent(how: str, decision: str | None, **columns: Any) -> Consent:  # noqa: ANN401 - a row
    decided = WithdrawalDecision(decision) if decision is not None else None
    return Consent(how=How(how), decision=decided, **columns)


def _basis(basis: str, **columns: Any) -> SharingBasis:  # noqa: ANN401 - a row's columns
    return SharingBasis(basis=Basis(basis), **columns)


_steps = TypeAdapter(tuple[Step, ...])


def _disagreement(kinds: list[str], steps: Any, **columns: Any) -> Disagreement:  # noqa: ANN401 - a row's columns
    return Disagreement(kinds=tuple(kinds), steps=_steps.validate_python(steps), **columns)


def _of_disagreement(found: Disagreement) -> dict[str, Any]:
    return asdict(found) | {"steps": _steps.dump_python(found.steps, mode="json")}


def _feedback(said_by: str, about: str, how: str, **columns: Any) -> Feedback:  # noqa: ANN401
    return Feedback(Voice(said_by), About(about), how=Heard(how), **columns)


def _restriction(kind: str, reason: str, **columns: Any) -> Restriction:  # noqa: ANN401 - a row
    return Restriction(RestrictionKind(kind), reason=RestrictionReason(reason), **columns)


_PARTS = (
    _Part("milestones", milestones, Milestone),
    _Part("consents", consents, _consent),
    _Part("sharing_bases", sharing_bases, _basis),
    _Part("team_around", team_members, Member),
    _Part("pauses", clock_pauses, Pause),
    _Part("disagreements", disagreements, _disagreement, _of_disagreement),
    _Part("reviews", reviews, Review),
    _Part("feedback", feedback, _feedback),
    _Part("restrictions", restrictions, _restriction),
)


_THERE_ARE = Statement(
    lambda dialect: select(
        *(
            exists().where(one_of_ids(dialect, part.table.c.transfer)).label(part.field)
            for part in _PARTS
        )
    )
)


async def load_parts(tx: Transaction, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The parts of transfers by the name of their field; one query a table that has any.

    Which there are is asked once the transfers' rows are locked, and not with them: that query
    would not see what a rival wrote while it waited for the lock.
    """
    (there,) = await tx.rows(_THERE_ARE, {"ids": ids})
    parts: dict[str, dict[str, Any]] = {transfer: {} for transfer in ids}
    for part in _PARTS:
        if there[part.field]:
            for transfer, found in (await _load(tx, part, ids)).items():
                parts[transfer][part.field] = tuple(found)
    return parts


async def keep_parts(tx: Transaction, changes: Sequence[tuple[Transfer | None, Transfer]]) -> None:
    """Write the parts that are new or changed since then; no part is ever taken away."""
    for part in _PARTS:
        changed, added = [], []
        for before, after in changes:
            known = getattr(before, part.field) if before else ()
            now = getattr(after, part.field)
            if now is known:
                continue
            pairs = enumerate(zip(known, now, strict=False))
            changed += [_row(part, after, place) for place, (old, new) in pairs if old != new]
            added += [_row(part, after, place) for place in range(len(known), len(now))]
        await change_rows(tx, part.table, changed)
        await insert_rows(tx, part.table, added)


async def _load(tx: Transaction, part: _Part, ids: Sequence[str]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in await tx.rows(_of_transfers(part.table), {"ids": ids}):
        found[row.pop("transfer")].append(part.of(**row))
    return found


@cache
def _of_transfers(table: Table) -> Statement:
    columns = [column for column in table.c if column.name not in _NO_PART]
    return of_several(table.c.transfer, select(*columns).order_by(table.c.position))


def _row(part: _Part, transfer: Transfer, place: int) -> dict[str, Any]:
    row = part.as_row(getattr(transfer, part.field)[place])
    if "authority" in part.table.c:
        row["authority"] = transfer.authority
    return {"transfer": transfer.id, "position": place, **row}
