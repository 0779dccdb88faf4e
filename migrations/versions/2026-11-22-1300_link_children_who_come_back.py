"""Keep who led at the origin, and after which step down a child came back."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_1300"
down_revision = "2026_11_22_1200"

LINKED: dict[str, Any] = {
    "sqlite_where": sa.text("re_referral_of IS NOT NULL"),
    "postgresql_where": sa.text("re_referral_of IS NOT NULL"),
}
NAME, COLUMNS = "ix_transfers_re_referrals", ["authority", "opened_at", "id"]


def upgrade() -> None:
    op.add_column("transfers", sa.Column("origin_lead", sa.String(length=200), nullable=True))
    op.add_column("transfers", sa.Column("re_referral_of", sa.String(length=36), nullable=True))
    op.create_index(NAME, "transfers", COLUMNS, unique=False, **LINKED)


def downgrade() -> None:
    op.drop_index(NAME, table_name="transfers", **LINKED)
    op.drop_column("transfers", "re_referral_of")
    op.drop_column("transfers", "origin_lead")
