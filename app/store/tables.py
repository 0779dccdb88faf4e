"""Every table of the service. Migrations are held against this page by a test."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from app.store.column_types import Instant, Json

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_Serial = BigInteger().with_variant(Integer(), "sqlite")
_Id = String(36)
_Name = String(200)
_Code = String(100)

authorities = Table(
    "authorities",
    metadata,
    Column("code", _Code, primary_key=True),
    Column("name", _Name, nullable=False),
    Column("protocol", _Code, nullable=False),
)

teams = Table(
    "teams",
    metadata,
    Column("id", _Code, primary_key=True),
    Column("authority", _Code, ForeignKey("authorities.code"), nullable=False, index=True),
    Column("name", _Name, nullable=False),
    Column("kind", _Code, nullable=False),
    Column("service", _Name, nullable=False),
    Column("locality", _Name, nullable=False),
    Column("case_system", String(10), nullable=False),
    Column("tray", _Code, nullable=False),
    Column("active", Boolean, nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("id", _Code, primary_key=True),
    Column("authority", _Code, ForeignKey("authorities.code"), nullable=False),
    Column("name", _Name, nullable=False),
    Column("subject", _Name, nullable=False, unique=True),
)

memberships = Table(
    "memberships",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("person", _Code, ForeignKey("people.id"), nullable=False, index=True),
    Column("role", _Code, nullable=False),
    Column("team", _Code, ForeignKey("teams.id"), index=True),
    Column("from_date", Date, nullable=False),
    Column("to_date", Date),
)

transfers = Table(
    "transfers",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("authority", _Code, ForeignKey("authorities.code"), nullable=False),
    Column("pathway", String(20), nullable=False),
    Column("route", _Code, nullable=False),
    Column("protocol", _Code, nullable=False),
    Column("protocol_version", _Code, nullable=False),
    Column("stage", String(30), nullable=False),
    Column("version", Integer, nullable=False),
    Column("dispatch", Integer, nullable=False),
    Column("origin_kind", _Code, nullable=False),
    Column("origin_stage_record_id", _Code),
    Column("origin_record_id", _Code, nullable=False),
    Column("origin_record_started_on", Date, nullable=False),
    Column("origin_record_active", Boolean, nullable=False),
    Column("origin_team", _Code, ForeignKey("teams.id"), nullable=False),
    Column("recipient_team", _Code, ForeignKey("teams.id")),
    Column("sent_to", _Code, ForeignKey("teams.id")),
    Column("form", Json, nullable=False),
    Column("author", _Code, nullable=False),
    Column("last_editor", _Code, nullable=False),
    Column("submitter", _Code),
    Column("authorised_by", _Code),
    Column("holder", _Name),
    Column("lead_professional", _Name),
    Column("origin_lead", _Name),
    Column("re_referral_of", _Id),
    Column("meeting_series", _Code),
    Column("meeting_at", Instant),
    Column("opened_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Index(None, "authority", "opened_at", "id"),
    Index(None, "authority", "changed_at"),
    *(
        Index(None, "authority", by, "opened_at", "id")
        for by in (
            *("origin_team", "sent_to", "recipient_team"),
            *("author", "holder", "lead_professional"),
        )
    ),
    Index(None, "authority", "stage", "opened_at", "id", "pathway"),
    *(
        Index(None, "authority", by, "stage", "opened_at", "id", "pathway")
        for by in ("origin_team", "sent_to")
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
    Column("transfer", _Id, ForeignKey("transfers.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("authority", _Code, nullable=False),
    Column("child_id", _Code, nullable=False),
    Column("name", _Name, nullable=False),
    Column("date_of_birth", Date, nullable=False),
    Column("nhs_number", String(10)),
    Column("upn", String(13)),
    Column("upn_unknown", String(3)),
    Column("open", Boolean, nullable=False),
    Column("record_id", _Code, index=True),
    Column("record_created_at", Instant),
    Column("record_dated", Date),
    Column("record_dated_now", Date),
    Column("record_manual", Boolean),
    Column("record_standing", String(20)),
    Column("record_corrections", Integer),
    Column("record_allocated_to", _Name),
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

milestones = Table(
    "milestones",
    metadata,
    Column("transfer", _Id, ForeignKey("transfers.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("name", _Code, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", _Code, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("inferred", Boolean, nullable=False),
    Column("person", _Name),
    Column("team", _Code),
    Column("reason", _Code),
    Column("note", Text),
    Column("outcome", _Code),
    Column("until", Instant),
)

consents = Table(
    "consents",
    metadata,
    Column("transfer", _Id, ForeignKey("transfers.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("scope", _Code, nullable=False),
    Column("given_by", _Name, nullable=False),
    Column("given_on", Date, nullable=False),
    Column("how", String(10), nullable=False),
    Column("informed", Boolean, nullable=False),
    Column("explicit", Boolean, nullable=False),
    Column("recorded_by", _Code, nullable=False),
    Column("recorded_at", Instant, nullable=False),
)

team_members = Table(
    "team_members",
    metadata,
    Column("transfer", _Id, ForeignKey("transfers.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("id", _Code, nullable=False),
    Column("name", _Name, nullable=False),
    Column("agency", _Name, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("stepped_in_at", Instant, nullable=False),
    Column("stepped_out_at", Instant),
)

clock_pauses = Table(
    "clock_pauses",
    metadata,
    Column("transfer", _Id, ForeignKey("transfers.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("clock", _Code, nullable=False),
    Column("begun_at", Instant, nullable=False),
    Column("by", _Code, nullable=False),
    Column("reason", _Code, nullable=False),
    Column("comment", Text, nullable=False),
    Column("ended_at", Instant),
    Column("ended_by", _Code),
    Column("ended_reason", _Code),
    Column("ended_comment", Text),
)

clocks = Table(
    "clocks",
    metadata,
    Column("transfer", _Id, ForeignKey("transfers.id"), primary_key=True),
    Column("code", _Code, primary_key=True),
    Column("authority", _Code, nullable=False),
    Column("team", _Code, ForeignKey("teams.id"), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("nearly_late_at", Instant),
    Column("due_at", Instant),
    Column("met_at", Instant),
    Column("stopped_at", Instant),
    Column("paused_at", Instant),
    Column("alert_at", Instant),
    Column("open", Boolean, nullable=False),
)
for _whose in (clocks.c.team, clocks.c.authority):
    Index(
        f"ix_clocks_open_by_{_whose.name}",
        _whose,
        clocks.c.due_at,
        clocks.c.transfer,
        clocks.c.code,
        sqlite_where=clocks.c.open.is_(True),
        postgresql_where=clocks.c.open.is_(True),
    )
Index(
    "ix_clocks_alert_at",
    clocks.c.alert_at,
    sqlite_where=clocks.c.alert_at.is_not(None),
    postgresql_where=clocks.c.alert_at.is_not(None),
)

protocol_versions = Table(
    "protocol_versions",
    metadata,
    Column("code", _Code, primary_key=True),
    Column("version", _Code, primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("kept_at", Instant, nullable=False),
)

audit_events = Table(
    "audit_events",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("authority", _Code, nullable=False),
    Column("transfer", _Id, ForeignKey("transfers.id"), index=True),
    Column("action", _Code, nullable=False),
    Column("actor", _Code, nullable=False),
    Column("at", Instant, nullable=False),
    Column("from_stage", String(30)),
    Column("to_stage", String(30)),
    Column("version", Integer),
    Column("codes", Json, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("key", String(255), nullable=False, unique=True),
    Column("authority", _Code, nullable=False),
    Column("transfer", _Id, ForeignKey("transfers.id"), nullable=False),
    Column("destination", String(20), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("revision", String(40), nullable=False),
    Column("payload", Json, nullable=False),
    Column("immediate_risk", Boolean, nullable=False),
    Column("alert_team", _Code, nullable=False),
    Column("state", String(20), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("claims", Integer, nullable=False),
    Column("ambiguous", Boolean, nullable=False),
    Column("next_attempt_at", Instant, nullable=False),
    Column("leased_by", _Code),
    Column("leased_until", Instant),
    Column("outcome", String(500)),
    Column("created_at", Instant, nullable=False),
    Column("settled_at", Instant),
    Index(None, "transfer", "destination", "id"),
)
_open_delivery = deliveries.c.state.in_(("pending", "leased"))
Index(
    "ix_deliveries_due",
    deliveries.c.next_attempt_at,
    sqlite_where=_open_delivery,
    postgresql_where=_open_delivery,
)
Index("ix_deliveries_state", deliveries.c.state, deliveries.c.id)

inbox = Table(
    "inbox",
    metadata,
    Column("system", String(10), primary_key=True),
    Column("message_id", String(255), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("transfer", _Id, index=True),
    Column("kind", _Code, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("status", Integer, nullable=False),
    Column("answer", Json, nullable=False),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("subject", _Name, primary_key=True),
    Column("method", String(10), primary_key=True),
    Column("route", _Name, primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("status", Integer),
    Column("headers", Json),
    Column("body", LargeBinary),
    Column("created_at", Instant, nullable=False, index=True),
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("key", String(400), nullable=False),
    Column("authority", _Code, nullable=False),
    Column("transfer", _Id, ForeignKey("transfers.id"), index=True),
    Column("team", _Code, nullable=False, index=True),
    Column("kind", _Code, nullable=False),
    Column("says", String(500), nullable=False),
    Column("raised_at", Instant, nullable=False),
    UniqueConstraint("key"),
)
