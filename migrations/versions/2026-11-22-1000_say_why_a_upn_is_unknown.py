"""Keep the census's reason for a child's UPN that is not known."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_1000"
down_revision = "2026_11_22_0900"


def upgrade() -> None:
    op.add_column("transfer_children", sa.Column("upn_unknown", sa.String(length=3), nullable=True))


def downgrade() -> None:
    op.drop_column("transfer_children", "upn_unknown")
