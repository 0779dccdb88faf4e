"""Keep what people ask to see, what is held back from disposal, and what was disposed of."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_22_2050"
down_revision = "2026_11_22_2040"

INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(length=32), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
ID, CODE = sa.String(36), sa.String(100)
TO_MINIMISE = sa.text(
    "kind = 'deliver_task' AND state IN ('delivered', 'cancelled') AND payload_digest IS NULL"
)


def upgrade() -> None:
    with op.batch_alter_table("deliveries") as table:
        table.add_column(sa.Column("payload_digest", sa.String(64)))
    op.create_index(
        "ix_deliveries_to_minimise",
        "deliveries",
        ["settled_at"],
        sqlite_where=TO_MINIMISE,
        postgresql_where=TO_MINIMISE,
    )
    op.create_index("ix_inbox_received_at", "inbox", ["received_at"])
    op.create_index("ix_alerts_raised_at", "alerts", ["raised_at"])
    op.create_table(
        "legal_holds",
        sa.Column("id", ID, nullable=False),
        sa.Column("authority", CODE, nullable=False),
        sa.Column("transfer", ID, nullable=True),
        sa.Column("child_id", CODE, nullable=True),
        sa.Column("reason", CODE, nullable=False),
        sa.Column("placed_by", CODE, nullable=False),
        sa.Column("placed_at", INSTANT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("lifted_by", CODE, nullable=True),
        sa.Column("lifted_at", INSTANT, nullable=True),
        sa.Column("lifted_reason", CODE, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_legal_holds"),
        sa.ForeignKeyConstraint(
            ["authority"], ["authorities.code"], name="fk_legal_holds_authority"
        ),
    )
    op.create_index("ix_legal_holds_authority_id", "legal_holds", ["authority", "id"])
    op.create_index("ix_legal_holds_authority_child_id", "legal_holds", ["authority", "child_id"])
    op.create_index("ix_legal_holds_transfer", "legal_holds", ["transfer"])
    op.create_table(
        "subject_access",
        sa.Column("id", ID, nullable=False),
        sa.Column("authority", CODE, nullable=False),
        sa.Column("child_id", CODE, nullable=False),
        sa.Column("applicant", CODE, nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("requested_by", CODE, nullable=False),
        sa.Column("requested_at", INSTANT, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("extended_on", sa.Date(), nullable=True),
        sa.Column("extended_because", CODE, nullable=True),
        sa.Column("reviewed_by", CODE, nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("refused_because", CODE, nullable=True),
        sa.Column("third_parties", CODE, nullable=False),
        sa.Column("withheld", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_subject_access"),
        sa.ForeignKeyConstraint(
            ["authority"], ["authorities.code"], name="fk_subject_access_authority"
        ),
    )
    op.create_index(
        "ix_subject_access_authority_child_id", "subject_access", ["authority", "child_id"]
    )
    op.create_index(
        "ix_subject_access_authority_due_on_id", "subject_access", ["authority", "due_on", "id"]
    )
    op.create_index("ix_subject_access_decided_at", "subject_access", ["decided_at"])
    op.create_table(
        "subject_access_exports",
        sa.Column("request", ID, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("request", name="pk_subject_access_exports"),
        sa.ForeignKeyConstraint(
            ["request"], ["subject_access.id"], name="fk_subject_access_exports_request"
        ),
    )
    op.create_index(
        "ix_subject_access_exports_expires_at", "subject_access_exports", ["expires_at"]
    )
    op.create_table(
        "disposed_transfers",
        sa.Column("id", ID, nullable=False),
        sa.Column("authority", CODE, nullable=False),
        sa.Column("pathway", sa.String(20), nullable=False),
        sa.Column("route", CODE, nullable=False),
        sa.Column("protocol", CODE, nullable=False),
        sa.Column("protocol_version", CODE, nullable=False),
        sa.Column("stage", sa.String(30), nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("reason", CODE, nullable=True),
        sa.Column("origin_team", CODE, nullable=False),
        sa.Column("sent_to", CODE, nullable=True),
        sa.Column("children", sa.Integer(), nullable=False),
        sa.Column("outcomes", JSON, nullable=False),
        sa.Column("last_changed_at", INSTANT, nullable=False),
        sa.Column("disposed_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_disposed_transfers"),
        sa.ForeignKeyConstraint(
            ["authority"], ["authorities.code"], name="fk_disposed_transfers_authority"
        ),
    )
    op.create_index(
        "ix_disposed_transfers_authority_disposed_at",
        "disposed_transfers",
        ["authority", "disposed_at"],
    )


def downgrade() -> None:
    for table in (
        *("disposed_transfers", "subject_access_exports", "subject_access", "legal_holds"),
    ):
        op.drop_table(table)
    op.drop_index("ix_alerts_raised_at", table_name="alerts")
    op.drop_index("ix_inbox_received_at", table_name="inbox")
    op.drop_index("ix_deliveries_to_minimise", table_name="deliveries")
    with op.batch_alter_table("deliveries") as deliveries:
        deliveries.drop_column("payload_digest")
