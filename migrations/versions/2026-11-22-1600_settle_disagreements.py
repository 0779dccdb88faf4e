"""Keep disagreements and how they were settled."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_22_1600"
down_revision = "2026_11_22_1500"

INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(length=32), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "disagreements",
        sa.Column("transfer", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kinds", JSON, nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("raised_by", sa.String(length=100), nullable=False),
        sa.Column("raised_at", INSTANT, nullable=False),
        sa.Column("steps", JSON, nullable=False),
        sa.Column("outcome", sa.String(length=100), nullable=True),
        sa.Column("rationale", sa.Text(), nullable=True),
        sa.Column("resolved_by", sa.String(length=100), nullable=True),
        sa.Column("resolved_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["transfer"], ["transfers.id"], name=op.f("fk_disagreements_transfer")
        ),
        sa.PrimaryKeyConstraint("transfer", "position", name=op.f("pk_disagreements")),
    )


def downgrade() -> None:
    op.drop_table("disagreements")
