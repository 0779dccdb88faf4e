"""Find what is due to be delivered, by destination, and what each relay has leased."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_2010"
down_revision = "2026_11_22_2000"

OPEN = sa.text("state IN ('pending', 'leased')")
LEASED = sa.text("state = 'leased'")


def upgrade() -> None:
    op.drop_index("ix_deliveries_due", table_name="deliveries")
    _index("ix_deliveries_due", ["destination", "next_attempt_at", "id"], OPEN)
    _index("ix_deliveries_leased", ["leased_by"], LEASED)


def downgrade() -> None:
    op.drop_index("ix_deliveries_leased", table_name="deliveries")
    op.drop_index("ix_deliveries_due", table_name="deliveries")
    _index("ix_deliveries_due", ["next_attempt_at"], OPEN)


def _index(name: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, "deliveries", columns, sqlite_where=where, postgresql_where=where)
