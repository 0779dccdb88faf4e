"""Chain the audit; events that are there already are sealed by the relay's first ticks."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_2040"
down_revision = "2026_11_22_2030"

INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(length=32), "sqlite")
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NO_READ: dict[str, Any] = {
    "sqlite_where": sa.text("action != 'read'"),
    "postgresql_where": sa.text("action != 'read'"),
}


def upgrade() -> None:
    op.drop_index("ix_audit_events_transfer", table_name="audit_events")
    with op.batch_alter_table("audit_events") as table:
        # The audit outlives what it tells of, and a read does not lock the transfer's row.
        table.drop_constraint("fk_audit_events_transfer", type_="foreignkey")
        table.alter_column("transfer", existing_type=sa.String(36), type_=sa.String(100))
    op.create_index("ix_audit_events_history", "audit_events", ["transfer", "id"], **NO_READ)
    op.create_table(
        "audit_handles",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(100), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_handles"),
        sa.UniqueConstraint("subject", "kind", name="uq_audit_handles_subject_kind"),
        sa.UniqueConstraint("digest", name="uq_audit_handles_digest"),
    )
    op.create_table(
        "audit_mentions",
        sa.Column("handle", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("handle", "event", name="pk_audit_mentions"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "audit_chain",
        sa.Column("authority", sa.String(100), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.BigInteger(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("authority", "sequence", name="pk_audit_chain"),
        sa.UniqueConstraint("event", name="uq_audit_chain_event"),
    )
    op.create_index(
        "ix_audit_chain_authority_at_event", "audit_chain", ["authority", "at", "event"]
    )
    op.create_table(
        "audit_streams",
        sa.Column("authority", sa.String(100), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("checkpoint_sequence", sa.BigInteger(), nullable=False),
        sa.Column("checkpoint_at", INSTANT, nullable=False),
        sa.Column("checkpoint_failing_since", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("authority", name="pk_audit_streams"),
    )
    op.create_table(
        "audit_sweep",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reached", sa.BigInteger(), nullable=False),
        sa.Column("marked", sa.BigInteger(), nullable=False),
        sa.Column("marked_at", INSTANT, nullable=False),
        sa.Column("swept", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_sweep"),
    )


def downgrade() -> None:
    op.drop_table("audit_sweep")
    op.drop_table("audit_streams")
    op.drop_index("ix_audit_chain_authority_at_event", table_name="audit_chain")
    op.drop_table("audit_chain")
    op.drop_table("audit_mentions")
    op.drop_table("audit_handles")
    op.drop_index("ix_audit_events_history", table_name="audit_events", **NO_READ)
    op.execute("UPDATE audit_events SET transfer = NULL WHERE transfer LIKE '#%'")  # was erased
    with op.batch_alter_table("audit_events") as table:
        table.alter_column("transfer", existing_type=sa.String(100), type_=sa.String(36))
        table.create_foreign_key("fk_audit_events_transfer", "transfers", ["transfer"], ["id"])
    op.create_index("ix_audit_events_transfer", "audit_events", ["transfer"])
