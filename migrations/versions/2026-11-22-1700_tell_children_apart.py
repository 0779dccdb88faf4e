"""Tell apart what became of each child, and whose hands a transfer is in."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_1700"
down_revision = "2026_11_22_1600"

INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(length=32), "sqlite")
TAKEN = """
UPDATE transfer_children SET outcome = 'taken', outcome_at = record_created_at
WHERE record_id IS NOT NULL
"""
OPENED = """
UPDATE milestones SET
    team = (SELECT origin_team FROM transfers WHERE transfers.id = milestones.transfer),
    person = (SELECT origin_lead FROM transfers WHERE transfers.id = milestones.transfer)
WHERE name = 'opened'
"""
WORKER = ["authority", "worker", "opened_at", "id"]
AUTHOR = ["authority", "author", "opened_at", "id"]


def upgrade() -> None:
    op.add_column("transfer_children", sa.Column("outcome", sa.String(length=20), nullable=True))
    op.add_column(
        "transfer_children", sa.Column("outcome_reason", sa.String(length=100), nullable=True)
    )
    op.add_column("transfer_children", sa.Column("outcome_at", INSTANT, nullable=True))
    op.execute(TAKEN)
    op.execute(OPENED)
    op.add_column("transfers", sa.Column("worker", sa.String(length=100), nullable=True))
    op.execute("UPDATE transfers SET worker = author")
    with op.batch_alter_table("transfers") as table:
        table.alter_column("worker", existing_type=sa.String(length=100), nullable=False)
    op.drop_index("ix_transfers_authority_author_opened_at_id", table_name="transfers")
    op.create_index("ix_transfers_authority_worker_opened_at_id", "transfers", WORKER)


def downgrade() -> None:
    op.drop_index("ix_transfers_authority_worker_opened_at_id", table_name="transfers")
    op.create_index("ix_transfers_authority_author_opened_at_id", "transfers", AUTHOR)
    op.drop_column("transfers", "worker")
    op.execute("UPDATE milestones SET team = NULL, person = NULL WHERE name = 'opened'")
    for column in ("outcome_at", "outcome_reason", "outcome"):
        op.drop_column("transfer_children", column)
