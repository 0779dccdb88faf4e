"""The transfers, and their children with the records created for them."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table

from app.store.column_types import Instant, Json
from app.store.tables.base import Code, Id, Name, metadata

transfers = Table(
    "transfers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("authority", Code, ForeignKey("authorities.code"), nullable=False),
    Column("pathway", String(20), nullable=False),
    Column("route", Code, nullable=False),
    Column("protocol", Code, nullable=False),
    Column("protocol_version", Code, nullable=False),
    Column("stage", String(30), nullable=False),
    Column("version", Integer, nullable=False),
    Column("dispatch", Integer, nullable=False),
    Column("origin_kind", Code, nullable=False),
    Column("origin_stage_record_id", Code),
    Column("origin_record_id", Code, nullable=False),
    Column("origin_record_started_on", Date, nullable=False),
    Column("origin_record_active", Boolean, nullable=False),
    Column("origin_team", Code, ForeignKey("teams.id"), nullable=False),
    Column("recipient_team", Code, ForeignKey("teams.id")),
    Column("sent_to", Code, ForeignKey("teams.id")),
    Column("form", Json, nullable=False),
    Column("author", Code, nullable=False),
    Column("last_editor", Code, nullable=False),
    Column("worker", Code, nullable=False),
    Column("submitter", Code),
    Column("authorised_by", Code),
    Column("holder", Name),
    Column("lead_professional", Name),
    Column("origin_lead", Name),
    Column("re_referral_of", Id),
    Column("meeting_series", Code),
    Column("meeting_at", Instant),
    Column("opened_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Index(None, "authority", "opened_at", "id"),
    Index(None, "authority", "changed_at"),
    *(
        Index(None, "authority", by, "opened_at", "id")
        for by in (
            *("origin_team", "sent_to", "recipient_team"),
            *("worker", "holder", "lead_professional", "meeting_series"),
        )
    ),
    Index(None, "authority", "stage", "opened_at", "id", "pathway"),
    *(
        Index(None, "authority", by, "stage", "opened_at", "id", "pathway")
        for by in ("origin_team", "sent_to")
    ),
    Index(
        "ix_transfers_recipient_stage",
        *("authority", "recipient_team", "stage", "opened_at", "id", "pathway"),
    ),
    Index(None, "stage", "changed_at"),
)

Index(
    "ix_transfers_re_referrals",
    transfers.c.authority,
    transfers.c.opened_at,
    transfers.c.id,
    sqlite_where=transfers.c.re_referral_of.is_not(None),
    postgresql_where=transfers.c.re_referral_of.is_not(None),
)

transfer_children = Table(
    "transfer_children",
    metadata,
    Column("transfer", Id, ForeignKey("transfers.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("authority", Code, nullable=False),
    Column("child_id", Code, nullable=False),
    Column("name", Name, nullable=False),
    Column("date_of_birth", Date, nullable=False),
    Column("nhs_number", String(10)),
    Column("upn", String(13)),
    Column("upn_unknown", String(3)),
    Column("open", Boolean, nullable=False),
    Column("outcome", String(20)),
    Column("outcome_reason", Code),
    Column("outcome_at", Instant),
    Column("record_id", Code, index=True),
    Column("record_created_at", Instant),
    Column("record_dated", Date),
    Column("record_dated_now", Date),
    Column("record_manual", Boolean),
    Column("record_standing", String(20)),
    Column("record_corrections", Integer),
    Column("record_allocated_to", Name),
    Index(None, "authority", "child_id"),
)
ONE_OPEN_TRANSFER = Index(
    "uq_one_open_transfer_per_child",
    transfer_children.c.authority,
    transfer_children.c.child_id,
    unique=True,
    sqlite_where=transfer_children.c.open.is_(True),
    postgresql_where=transfer_children.c.open.is_(True),
)
