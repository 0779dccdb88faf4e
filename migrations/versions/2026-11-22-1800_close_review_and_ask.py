"""Keep how the origin closed, the reviews, and what families say."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_22_1800"
down_revision = "2026_11_22_1700"

INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(length=32), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "closings",
        sa.Column("transfer", sa.String(length=36), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=100), nullable=False),
        sa.Column("proposed", sa.String(length=100), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("unchecked", JSON, nullable=False),
        sa.ForeignKeyConstraint(["transfer"], ["transfers.id"], name=op.f("fk_closings_transfer")),
        sa.PrimaryKeyConstraint("transfer", name=op.f("pk_closings")),
    )
    op.create_table(
        "reviews",
        sa.Column("transfer", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("review", sa.String(length=100), nullable=False),
        sa.Column("outcome", sa.String(length=100), nullable=True),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("outcomes_achieved", sa.Text(), nullable=True),
        sa.Column("held_at", INSTANT, nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["transfer"], ["transfers.id"], name=op.f("fk_reviews_transfer")),
        sa.PrimaryKeyConstraint("transfer", "position", name=op.f("pk_reviews")),
    )
    op.create_table(
        "feedback",
        sa.Column("transfer", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("said_by", sa.String(length=100), nullable=False),
        sa.Column("about", sa.String(length=100), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("how", sa.String(length=100), nullable=False),
        sa.Column("recorded_by", sa.String(length=100), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("child_id", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(["transfer"], ["transfers.id"], name=op.f("fk_feedback_transfer")),
        sa.PrimaryKeyConstraint("transfer", "position", name=op.f("pk_feedback")),
    )


def downgrade() -> None:
    for table in ("feedback", "reviews", "closings"):
        op.drop_table(table)
