"""People's rights: what was asked for, what is held back from disposal, what is left after it.

None of these refers to a transfer's row: a tombstone is what there is instead of one, and a hold or
a request stands on a child, whatever transfers there are.
"""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, LargeBinary, String, Table

from app.store.column_types import Instant, Json
from app.store.tables.base import Code, Id, metadata

legal_holds = Table(
    "legal_holds",
    metadata,
    Column("id", Id, primary_key=True),
    Column("authority", Code, ForeignKey("authorities.code"), nullable=False),
    Column("transfer", Id),
    Column("child_id", Code),
    Column("reason", Code, nullable=False),
    Column("placed_by", Code, nullable=False),
    Column("placed_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    Column("lifted_by", Code),
    Column("lifted_at", Instant),
    Column("lifted_reason", Code),
    Index(None, "authority", "id"),
    Index(None, "authority", "child_id"),
    Index(None, "transfer"),
)

subject_access = Table(
    "subject_access",
    metadata,
    Column("id", Id, primary_key=True),
    Column("authority", Code, ForeignKey("authorities.code"), nullable=False),
    Column("child_id", Code, nullable=False),
    Column("applicant", Code, nullable=False),
    Column("received_on", Date, nullable=False),
    Column("requested_by", Code, nullable=False),
    Column("requested_at", Instant, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("state", Code, nullable=False),
    Column("version", Integer, nullable=False),
    Column("extended_on", Date),
    Column("extended_because", Code),
    Column("reviewed_by", Code),
    Column("decided_at", Instant),
    Column("refused_because", Code),
    Column("third_parties", Code, nullable=False),
    Column("withheld", Json, nullable=False),
    Index(None, "authority", "child_id"),
    Index(None, "authority", "due_on", "id"),
    Index(None, "decided_at"),
)

subject_access_exports = Table(
    "subject_access_exports",
    metadata,
    Column("request", Id, ForeignKey("subject_access.id"), primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
)

disposed_transfers = Table(
    "disposed_transfers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("authority", Code, ForeignKey("authorities.code"), nullable=False),
    Column("pathway", String(20), nullable=False),
    Column("route", Code, nullable=False),
    Column("protocol", Code, nullable=False),
    Column("protocol_version", Code, nullable=False),
    Column("stage", String(30), nullable=False),
    Column("kind", Code, nullable=False),
    Column("reason", Code),
    Column("origin_team", Code, nullable=False),
    Column("sent_to", Code),
    Column("children", Integer, nullable=False),
    Column("outcomes", Json, nullable=False),
    Column("last_changed_at", Instant, nullable=False),
    Column("disposed_at", Instant, nullable=False),
    Index(None, "authority", "disposed_at"),
)
