"""Call a meeting off."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_1920"
down_revision = "2026_11_22_1910"

INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(length=32), "sqlite")


def upgrade() -> None:
    op.add_column("meetings", sa.Column("called_off_at", INSTANT))
    op.add_column("meetings", sa.Column("called_off_by", sa.String(length=100)))
    op.add_column("meetings", sa.Column("called_off_reason", sa.Text()))


def downgrade() -> None:
    for name in ("called_off_reason", "called_off_by", "called_off_at"):
        op.drop_column("meetings", name)
