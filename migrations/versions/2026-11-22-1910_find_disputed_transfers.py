"""Find the transfers on which a disagreement is open."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_1910"
down_revision = "2026_11_22_1900"

OPEN = sa.text("resolved_at IS NULL")


def upgrade() -> None:
    op.create_index(
        "ix_disagreements_open",
        "disagreements",
        ["transfer"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    op.drop_index("ix_disagreements_open", table_name="disagreements")
