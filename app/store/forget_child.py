"""Forgetting a child whom no record of the council names: lifted holds, and their id in the audit.

A child is known while a transfer or a subject-access request is theirs, or a legal hold stands on
them. A hold that was lifted keeps nobody known.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, literal, or_, select

from app.domain.audit_handles import HandleKind, child_subject
from app.domain.retention import RETENTION
from app.store.audit_forget import forget_subject
from app.store.engine import Transaction
from app.store.tables import legal_holds, subject_access, transfer_children

Text = ColumnElement[str]


def in_transfer(authority: Text, child_id: Text) -> ColumnElement[bool]:
    """Whether the authority has a transfer of the child, open or ended."""
    there = transfer_children.c
    return exists().where(there.authority == authority, there.child_id == child_id)


def is_known(authority: Text, child_id: Text) -> ColumnElement[bool]:
    """Whether a transfer, a request or a standing hold of the authority names the child."""
    asked, holds = subject_access.c, legal_holds.c
    return or_(
        in_transfer(authority, child_id),
        exists().where(asked.authority == authority, asked.child_id == child_id),
        exists().where(
            and_(holds.authority == authority, holds.child_id == child_id),
            holds.lifted_at.is_(None),
        ),
    )


async def is_in_transfer(tx: Transaction, authority: str, child_id: str) -> bool:
    """The same of one child."""
    query = select(in_transfer(literal(authority), literal(child_id)))
    return bool((await tx.connection.execute(query)).scalar_one())


async def is_known_child(tx: Transaction, authority: str, child_id: str) -> bool:
    """The same of one child."""
    query = select(is_known(literal(authority), literal(child_id)))
    return bool((await tx.connection.execute(query)).scalar_one())


async def forget_child(
    tx: Transaction, authority: str, child_id: str, now: datetime, codes: tuple[str, ...]
) -> None:
    """Delete the child's lifted holds and erase them from the audit; `codes` say there why."""
    holds = legal_holds.c
    theirs = (holds.authority == authority, holds.child_id == child_id)
    await tx.connection.execute(delete(legal_holds).where(*theirs, holds.lifted_at.is_not(None)))
    await forget_subject(
        tx,
        authority=authority,
        kind=HandleKind.CHILD,
        subject=child_subject(authority, child_id),
        actor=RETENTION,
        now=now,
        codes=codes,
    )
