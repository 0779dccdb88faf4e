"""Say who belongs to a series of meetings, and find the transfers that are booked into it."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_1350"
down_revision = "2026_11_22_1300"


NAME = "ix_transfers_authority_meeting_series_opened_at_id"


def upgrade() -> None:
    op.add_column("memberships", sa.Column("meeting", sa.String(length=100), nullable=True))
    columns = ["authority", "meeting_series", "opened_at", "id"]
    op.create_index(NAME, "transfers", columns, unique=False)


def downgrade() -> None:
    op.drop_index(NAME, table_name="transfers")
    op.drop_column("memberships", "meeting")
