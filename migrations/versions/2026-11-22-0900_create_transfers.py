"""Create the tables of transfers, people, deliveries and their records."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_22_0900"
down_revision = None

INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(length=32), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "authorities",
        sa.Column("code", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("protocol", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_authorities")),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("route", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", JSON, nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint(
            "subject", "method", "route", "key", name=op.f("pk_idempotency_keys")
        ),
    )
    op.create_index(
        op.f("ix_idempotency_keys_created_at"), "idempotency_keys", ["created_at"], unique=False
    )

    op.create_table(
        "inbox",
        sa.Column("system", sa.String(length=10), nullable=False),
        sa.Column("message_id", sa.String(length=255), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("transfer", sa.String(length=36), nullable=True),
        sa.Column("kind", sa.String(length=100), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer", JSON, nullable=False),
        sa.PrimaryKeyConstraint("system", "message_id", name=op.f("pk_inbox")),
    )
    op.create_index(op.f("ix_inbox_transfer"), "inbox", ["transfer"], unique=False)

    op.create_table(
        "people",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("authority", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority"], ["authorities.code"], name=op.f("fk_people_authority")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("subject", name=op.f("uq_people_subject")),
    )
    op.create_table(
        "teams",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("authority", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=100), nullable=False),
        sa.Column("service", sa.String(length=200), nullable=False),
        sa.Column("locality", sa.String(length=200), nullable=False),
        sa.Column("case_system", sa.String(length=10), nullable=False),
        sa.Column("tray", sa.String(length=100), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority"], ["authorities.code"], name=op.f("fk_teams_authority")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
    )
    op.create_index(op.f("ix_teams_authority"), "teams", ["authority"], unique=False)

    op.create_table(
        "memberships",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("person", sa.String(length=100), nullable=False),
        sa.Column("role", sa.String(length=100), nullable=False),
        sa.Column("team", sa.String(length=100), nullable=True),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("to_date", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_memberships_person")),
        sa.ForeignKeyConstraint(["team"], ["teams.id"], name=op.f("fk_memberships_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
    )
    op.create_index(op.f("ix_memberships_person"), "memberships", ["person"], unique=False)
    op.create_index(op.f("ix_memberships_team"), "memberships", ["team"], unique=False)

    op.create_table(
        "transfers",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("authority", sa.String(length=100), nullable=False),
        sa.Column("pathway", sa.String(length=20), nullable=False),
        sa.Column("route", sa.String(length=100), nullable=False),
        sa.Column("protocol", sa.String(length=100), nullable=False),
        sa.Column("protocol_version", sa.String(length=100), nullable=False),
        sa.Column("stage", sa.String(length=30), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("dispatch", sa.Integer(), nullable=False),
        sa.Column("origin_kind", sa.String(length=100), nullable=False),
        sa.Column("origin_stage_record_id", sa.String(length=100), nullable=True),
        sa.Column("origin_record_id", sa.String(length=100), nullable=False),
        sa.Column("origin_record_started_on", sa.Date(), nullable=False),
        sa.Column("origin_record_active", sa.Boolean(), nullable=False),
        sa.Column("origin_team", sa.String(length=100), nullable=False),
        sa.Column("recipient_team", sa.String(length=100), nullable=True),
        sa.Column("sent_to", sa.String(length=100), nullable=True),
        sa.Column("form", JSON, nullable=False),
        sa.Column("author", sa.String(length=100), nullable=False),
        sa.Column("last_editor", sa.String(length=100), nullable=False),
        sa.Column("submitter", sa.String(length=100), nullable=True),
        sa.Column("authorised_by", sa.String(length=100), nullable=True),
        sa.Column("holder", sa.String(length=200), nullable=True),
        sa.Column("lead_professional", sa.String(length=200), nullable=True),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["authority"], ["authorities.code"], name=op.f("fk_transfers_authority")
        ),
        sa.ForeignKeyConstraint(
            ["origin_team"], ["teams.id"], name=op.f("fk_transfers_origin_team")
        ),
        sa.ForeignKeyConstraint(
            ["recipient_team"], ["teams.id"], name=op.f("fk_transfers_recipient_team")
        ),
        sa.ForeignKeyConstraint(["sent_to"], ["teams.id"], name=op.f("fk_transfers_sent_to")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfers")),
    )
    op.create_index(
        op.f("ix_transfers_authority_opened_at_id"),
        "transfers",
        ["authority", "opened_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_transfers_origin_team_opened_at_id"),
        "transfers",
        ["origin_team", "opened_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_transfers_recipient_team_opened_at_id"),
        "transfers",
        ["recipient_team", "opened_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_transfers_sent_to_opened_at_id"),
        "transfers",
        ["sent_to", "opened_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_transfers_stage_changed_at"), "transfers", ["stage", "changed_at"], unique=False
    )

    op.create_table(
        "alerts",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("key", sa.String(length=400), nullable=False),
        sa.Column("authority", sa.String(length=100), nullable=False),
        sa.Column("transfer", sa.String(length=36), nullable=True),
        sa.Column("team", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=100), nullable=False),
        sa.Column("says", sa.String(length=500), nullable=False),
        sa.Column("raised_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["transfer"], ["transfers.id"], name=op.f("fk_alerts_transfer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.UniqueConstraint("key", name=op.f("uq_alerts_key")),
    )
    op.create_index(op.f("ix_alerts_team"), "alerts", ["team"], unique=False)
    op.create_index(op.f("ix_alerts_transfer"), "alerts", ["transfer"], unique=False)

    op.create_table(
        "audit_events",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("authority", sa.String(length=100), nullable=False),
        sa.Column("transfer", sa.String(length=36), nullable=True),
        sa.Column("action", sa.String(length=100), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("from_stage", sa.String(length=30), nullable=True),
        sa.Column("to_stage", sa.String(length=30), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("codes", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["transfer"], ["transfers.id"], name=op.f("fk_audit_events_transfer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_events")),
    )
    op.create_index(op.f("ix_audit_events_transfer"), "audit_events", ["transfer"], unique=False)

    op.create_table(
        "deliveries",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("authority", sa.String(length=100), nullable=False),
        sa.Column("transfer", sa.String(length=36), nullable=False),
        sa.Column("destination", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("revision", sa.String(length=40), nullable=False),
        sa.Column("payload", JSON, nullable=False),
        sa.Column("immediate_risk", sa.Boolean(), nullable=False),
        sa.Column("alert_team", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("ambiguous", sa.Boolean(), nullable=False),
        sa.Column("next_attempt_at", INSTANT, nullable=False),
        sa.Column("leased_by", sa.String(length=100), nullable=True),
        sa.Column("leased_until", INSTANT, nullable=True),
        sa.Column("outcome", sa.String(length=500), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["transfer"], ["transfers.id"], name=op.f("fk_deliveries_transfer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("key", name=op.f("uq_deliveries_key")),
    )
    op.create_index(
        "ix_deliveries_due",
        "deliveries",
        ["next_attempt_at"],
        unique=False,
        sqlite_where=sa.text("state IN ('pending', 'leased')"),
        postgresql_where=sa.text("state IN ('pending', 'leased')"),
    )
    op.create_index("ix_deliveries_state", "deliveries", ["state", "id"], unique=False)
    op.create_index(
        op.f("ix_deliveries_transfer_destination_id"),
        "deliveries",
        ["transfer", "destination", "id"],
        unique=False,
    )

    op.create_table(
        "milestones",
        sa.Column("transfer", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("inferred", sa.Boolean(), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=True),
        sa.Column("team", sa.String(length=100), nullable=True),
        sa.Column("reason", sa.String(length=100), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["transfer"], ["transfers.id"], name=op.f("fk_milestones_transfer")
        ),
        sa.PrimaryKeyConstraint("transfer", "position", name=op.f("pk_milestones")),
    )
    op.create_table(
        "transfer_children",
        sa.Column("transfer", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("authority", sa.String(length=100), nullable=False),
        sa.Column("child_id", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("date_of_birth", sa.Date(), nullable=False),
        sa.Column("nhs_number", sa.String(length=10), nullable=True),
        sa.Column("upn", sa.String(length=13), nullable=True),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("record_id", sa.String(length=100), nullable=True),
        sa.Column("record_created_at", INSTANT, nullable=True),
        sa.Column("record_dated", sa.Date(), nullable=True),
        sa.Column("record_dated_now", sa.Date(), nullable=True),
        sa.Column("record_manual", sa.Boolean(), nullable=True),
        sa.Column("record_standing", sa.String(length=20), nullable=True),
        sa.Column("record_corrections", sa.Integer(), nullable=True),
        sa.Column("record_allocated_to", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["transfer"], ["transfers.id"], name=op.f("fk_transfer_children_transfer")
        ),
        sa.PrimaryKeyConstraint("transfer", "position", name=op.f("pk_transfer_children")),
    )
    op.create_index(
        op.f("ix_transfer_children_authority_child_id"),
        "transfer_children",
        ["authority", "child_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_transfer_children_record_id"), "transfer_children", ["record_id"], unique=False
    )
    op.create_index(
        "uq_one_open_transfer_per_child",
        "transfer_children",
        ["authority", "child_id"],
        unique=True,
        sqlite_where=sa.text("open IS 1"),
        postgresql_where=sa.text("open IS true"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_one_open_transfer_per_child",
        table_name="transfer_children",
        sqlite_where=sa.text("open IS 1"),
        postgresql_where=sa.text("open IS true"),
    )
    op.drop_index(op.f("ix_transfer_children_record_id"), table_name="transfer_children")
    op.drop_index(op.f("ix_transfer_children_authority_child_id"), table_name="transfer_children")

    op.drop_table("transfer_children")
    op.drop_table("milestones")
    op.drop_index(op.f("ix_deliveries_transfer_destination_id"), table_name="deliveries")
    op.drop_index("ix_deliveries_state", table_name="deliveries")
    op.drop_index(
        "ix_deliveries_due",
        table_name="deliveries",
        sqlite_where=sa.text("state IN ('pending', 'leased')"),
        postgresql_where=sa.text("state IN ('pending', 'leased')"),
    )

    op.drop_table("deliveries")
    op.drop_index(op.f("ix_audit_events_transfer"), table_name="audit_events")

    op.drop_table("audit_events")
    op.drop_index(op.f("ix_alerts_transfer"), table_name="alerts")
    op.drop_index(op.f("ix_alerts_team"), table_name="alerts")

    op.drop_table("alerts")
    op.drop_index(op.f("ix_transfers_stage_changed_at"), table_name="transfers")
    op.drop_index(op.f("ix_transfers_sent_to_opened_at_id"), table_name="transfers")
    op.drop_index(op.f("ix_transfers_recipient_team_opened_at_id"), table_name="transfers")
    op.drop_index(op.f("ix_transfers_origin_team_opened_at_id"), table_name="transfers")
    op.drop_index(op.f("ix_transfers_authority_opened_at_id"), table_name="transfers")

    op.drop_table("transfers")
    op.drop_index(op.f("ix_memberships_team"), table_name="memberships")
    op.drop_index(op.f("ix_memberships_person"), table_name="memberships")

    op.drop_table("memberships")
    op.drop_index(op.f("ix_teams_authority"), table_name="teams")

    op.drop_table("teams")
    op.drop_table("people")
    op.drop_index(op.f("ix_inbox_transfer"), table_name="inbox")

    op.drop_table("inbox")
    op.drop_index(op.f("ix_idempotency_keys_created_at"), table_name="idempotency_keys")

    op.drop_table("idempotency_keys")
    op.drop_table("authorities")
