"""Keep what is done for each child who was not taken when the origin closes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_22_1900"
down_revision = "2026_11_22_1850"

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("closings", sa.Column("remaining", JSON, nullable=True))
    op.execute("UPDATE closings SET remaining = '[]'")
    with op.batch_alter_table("closings") as table:
        table.alter_column("remaining", existing_type=JSON, nullable=False)


def downgrade() -> None:
    op.drop_column("closings", "remaining")
