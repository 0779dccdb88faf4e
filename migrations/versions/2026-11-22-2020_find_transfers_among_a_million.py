"""Find open reviews, alerts, deliveries and disputes among a million by whose they are."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_2020"
down_revision = "2026_11_22_2010"

UNDELIVERED: dict[str, Any] = {
    "sqlite_where": sa.text("state != 'delivered'"),
    "postgresql_where": sa.text("state != 'delivered'"),
}
IS_REVIEW: dict[str, Any] = {
    "sqlite_where": sa.text("review IS 1"),
    "postgresql_where": sa.text("review IS true"),
}
UNRESOLVED: dict[str, Any] = {
    "sqlite_where": sa.text("resolved_at IS NULL"),
    "postgresql_where": sa.text("resolved_at IS NULL"),
}
IS_OPEN: dict[str, Any] = {
    "sqlite_where": sa.text("open IS 1"),
    "postgresql_where": sa.text("open IS true"),
}
OPEN_BY = (["team"], ["authority", "series"], ["authority"])
PLACE = ["due_at", "transfer", "code"]
REVIEWS_BY = (["team"], ["other_team"], ["authority", "series"], ["authority"])
MEANT_FOR = ["authority", "recipient_team", "stage", "opened_at", "id", "pathway"]
RECIPIENTS = "ix_transfers_recipient_stage"
OF_TRANSFERS = """
UPDATE disagreements SET
    authority = (SELECT authority FROM transfers WHERE transfers.id = disagreements.transfer)
"""


def upgrade() -> None:
    _list_open([*PLACE, "paused_at"])
    _list_reviews(["open", *PLACE, "paused_at"])
    op.drop_index("ix_alerts_team", table_name="alerts")
    op.create_index("ix_alerts_team_id", "alerts", ["team", "id"])
    op.create_index("ix_alerts_authority_id", "alerts", ["authority", "id"])
    op.drop_index("ix_deliveries_state", table_name="deliveries")
    op.create_index("ix_deliveries_authority_id", "deliveries", ["authority", "id"])
    op.create_index(RECIPIENTS, "transfers", MEANT_FOR)
    columns = ["state", "authority", "id"]
    op.create_index("ix_deliveries_undelivered", "deliveries", columns, **UNDELIVERED)
    op.drop_index("ix_disagreements_open", table_name="disagreements", **UNRESOLVED)
    op.add_column("disagreements", sa.Column("authority", sa.String(length=100), nullable=True))
    op.execute(OF_TRANSFERS)
    with op.batch_alter_table("disagreements") as table:
        table.alter_column("authority", existing_type=sa.String(length=100), nullable=False)
    _list_disputes(["authority", "transfer"])


def downgrade() -> None:
    op.drop_index("ix_disagreements_open", table_name="disagreements", **UNRESOLVED)
    with op.batch_alter_table("disagreements") as table:
        table.drop_column("authority")
    _list_disputes(["transfer"])
    op.drop_index("ix_deliveries_undelivered", table_name="deliveries", **UNDELIVERED)
    op.drop_index("ix_deliveries_authority_id", table_name="deliveries")
    op.drop_index(RECIPIENTS, table_name="transfers")
    op.create_index("ix_deliveries_state", "deliveries", ["state", "id"])
    op.drop_index("ix_alerts_authority_id", table_name="alerts")
    op.drop_index("ix_alerts_team_id", table_name="alerts")
    op.create_index("ix_alerts_team", "alerts", ["team"])
    _list_reviews(PLACE)
    _list_open(PLACE)


def _list_open(by: list[str]) -> None:
    for whose in OPEN_BY:
        name = f"ix_clocks_open_by_{whose[-1]}"
        op.drop_index(name, table_name="clocks", **IS_OPEN)
        op.create_index(name, "clocks", [*whose, *by], **IS_OPEN)


def _list_reviews(by: list[str]) -> None:
    for whose in REVIEWS_BY:
        name = f"ix_clocks_reviews_by_{whose[-1]}"
        op.drop_index(name, table_name="clocks", **IS_REVIEW)
        op.create_index(name, "clocks", [*whose, *by], **IS_REVIEW)


def _list_disputes(columns: list[str]) -> None:
    op.create_index("ix_disagreements_open", "disagreements", columns, **UNRESOLVED)
