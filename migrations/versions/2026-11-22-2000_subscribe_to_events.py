"""Subscribe to events."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_2000"
down_revision = "2026_11_22_1920"


def upgrade() -> None:
    with op.batch_alter_table("deliveries") as deliveries:
        deliveries.alter_column("destination", type_=sa.String(60), existing_nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("deliveries") as deliveries:
        deliveries.alter_column("destination", type_=sa.String(20), existing_nullable=False)
