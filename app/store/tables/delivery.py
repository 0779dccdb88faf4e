"""What goes to the case systems and comes from them, and the answers that are kept."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    and_,
    literal_column,
)

from app.store.column_types import Instant, Json
from app.store.tables.base import Code, Id, Name, Serial, metadata

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("key", String(255), nullable=False, unique=True),
    Column("authority", Code, nullable=False),
    Column("transfer", Id, ForeignKey("transfers.id")),
    Column("destination", String(60), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("revision", String(40), nullable=False),
    Column("payload", Json, nullable=False),
    Column("immediate_risk", Boolean, nullable=False),
    Column("alert_team", Code, nullable=False),
    Column("state", String(20), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("claims", Integer, nullable=False),
    Column("ambiguous", Boolean, nullable=False),
    Column("next_attempt_at", Instant, nullable=False),
    Column("leased_by", Code),
    Column("leased_until", Instant),
    Column("outcome", String(500)),
    Column("created_at", Instant, nullable=False),
    Column("settled_at", Instant),
    Column("payload_digest", String(64)),
    Index(None, "transfer", "destination", "id"),
    Index(None, "authority", "id"),
)
_open_delivery = deliveries.c.state.in_(("pending", "leased"))
Index(
    "ix_deliveries_due",
    deliveries.c.destination,
    deliveries.c.next_attempt_at,
    deliveries.c.id,
    sqlite_where=_open_delivery,
    postgresql_where=_open_delivery,
)
_leased = deliveries.c.state == "leased"
Index(
    "ix_deliveries_leased", deliveries.c.leased_by, sqlite_where=_leased, postgresql_where=_leased
)
_undelivered = deliveries.c.state != literal_column("'delivered'")
Index(
    "ix_deliveries_undelivered",
    *(deliveries.c.state, deliveries.c.authority, deliveries.c.id),
    sqlite_where=_undelivered,
    postgresql_where=_undelivered,
)
_event = deliveries.c.kind == "event"
Index(
    "ix_deliveries_events",
    deliveries.c.destination,
    deliveries.c.id,
    sqlite_where=_event,
    postgresql_where=_event,
)
_to_minimise = and_(
    deliveries.c.kind == literal_column("'deliver_task'"),
    deliveries.c.state.in_((literal_column("'delivered'"), literal_column("'cancelled'"))),
    deliveries.c.payload_digest.is_(None),
)
Index(
    "ix_deliveries_to_minimise",
    deliveries.c.settled_at,
    sqlite_where=_to_minimise,
    postgresql_where=_to_minimise,
)

inbox = Table(
    "inbox",
    metadata,
    Column("system", String(10), primary_key=True),
    Column("message_id", String(255), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("transfer", Id, index=True),
    Column("kind", Code, nullable=False),
    Column("received_at", Instant, nullable=False, index=True),
    Column("status", Integer, nullable=False),
    Column("answer", Json, nullable=False),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("subject", Name, primary_key=True),
    Column("method", String(10), primary_key=True),
    Column("route", Name, primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("status", Integer),
    Column("headers", Json),
    Column("body", LargeBinary),
    Column("created_at", Instant, nullable=False, index=True),
)
