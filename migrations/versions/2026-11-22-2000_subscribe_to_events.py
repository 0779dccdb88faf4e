"""Subscribe to events."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_2000"
down_revision = "2026_11_22_1920"

INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(length=32), "sqlite")
EVENT = sa.text("kind = 'event'")


def upgrade() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("authority", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("secret", sa.String(length=1000), nullable=False),
        sa.Column("previous_secret", sa.String(length=1000)),
        sa.Column("previous_until", INSTANT),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=100), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_subscriptions"),
        sa.ForeignKeyConstraint(
            ["authority"], ["authorities.code"], name="fk_subscriptions_authority"
        ),
    )
    op.create_index("ix_subscriptions_authority_id", "subscriptions", ["authority", "id"])
    op.create_table(
        "subscription_events",
        sa.Column("subscription", sa.String(length=36), nullable=False),
        sa.Column("event", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("subscription", "event", name="pk_subscription_events"),
        sa.ForeignKeyConstraint(
            ["subscription"], ["subscriptions.id"], name="fk_subscription_events_subscription"
        ),
    )
    with op.batch_alter_table("deliveries") as deliveries:
        deliveries.alter_column("destination", type_=sa.String(60), existing_nullable=False)
        deliveries.alter_column("transfer", existing_type=sa.String(36), nullable=True)
    op.create_index(
        "ix_deliveries_events",
        "deliveries",
        ["destination", "id"],
        sqlite_where=EVENT,
        postgresql_where=EVENT,
    )


def downgrade() -> None:
    op.drop_index("ix_deliveries_events", "deliveries")
    op.execute("DELETE FROM deliveries WHERE kind = 'event'")
    with op.batch_alter_table("deliveries") as deliveries:
        deliveries.alter_column("transfer", existing_type=sa.String(36), nullable=False)
        deliveries.alter_column("destination", type_=sa.String(20), existing_nullable=False)
    op.drop_table("subscription_events")
    op.drop_table("subscriptions")
