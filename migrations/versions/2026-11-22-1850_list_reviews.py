"""List clocks by whoever sees the transfer, and reviews also while they wait.

`transfers rewind-clocks` afterwards marks the reviews of transfers that are there already.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_1850"
down_revision = "2026_11_22_1800"

INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(length=32), "sqlite")
PLACE = ["due_at", "transfer", "code"]
SERIES = ["authority", "series"]
IS_OPEN: dict[str, Any] = {
    "sqlite_where": sa.text("open IS 1"),
    "postgresql_where": sa.text("open IS true"),
}
IS_REVIEW: dict[str, Any] = {
    "sqlite_where": sa.text("review IS 1"),
    "postgresql_where": sa.text("review IS true"),
}
REVIEWS_BY = (["team"], ["other_team"], SERIES, ["authority"])
SEEN_BY = """
UPDATE clocks SET
    review = false,
    series = (SELECT meeting_series FROM transfers WHERE transfers.id = clocks.transfer),
    other_team = (
        SELECT CASE WHEN team = origin_team THEN nullif(sent_to, team) ELSE origin_team END
        FROM transfers WHERE transfers.id = clocks.transfer
    )
"""


def upgrade() -> None:
    op.add_column("clocks", sa.Column("other_team", sa.String(length=100), nullable=True))
    op.add_column("clocks", sa.Column("series", sa.String(length=100), nullable=True))
    op.add_column("clocks", sa.Column("review", sa.Boolean(), nullable=True))
    op.execute(SEEN_BY)
    with op.batch_alter_table("clocks") as table:
        table.alter_column("review", existing_type=sa.Boolean(), nullable=False)
        table.alter_column("started_at", existing_type=INSTANT, nullable=True)
    op.create_index("ix_clocks_open_by_series", "clocks", [*SERIES, *PLACE], **IS_OPEN)
    for whose in REVIEWS_BY:
        name = f"ix_clocks_reviews_by_{whose[-1]}"
        op.create_index(name, "clocks", [*whose, *PLACE], **IS_REVIEW)


def downgrade() -> None:
    for whose in REVIEWS_BY:
        op.drop_index(f"ix_clocks_reviews_by_{whose[-1]}", table_name="clocks", **IS_REVIEW)
    op.drop_index("ix_clocks_open_by_series", table_name="clocks", **IS_OPEN)
    op.execute("DELETE FROM clocks WHERE started_at IS NULL")
    with op.batch_alter_table("clocks") as table:
        table.alter_column("started_at", existing_type=INSTANT, nullable=False)
    for column in ("review", "series", "other_team"):
        op.drop_column("clocks", column)
