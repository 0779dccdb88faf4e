"""Withdraw consents, and keep other bases for sharing."""

from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_1500"
down_revision = "2026_11_22_1400"

INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(length=32), "sqlite")
NEW: dict[str, Any] = {
    "expires_on": sa.Date(),
    "withdrawn_at": INSTANT,
    "withdrawn_by": sa.String(length=100),
    "withdrawn_comment": sa.Text(),
    "decision": sa.String(length=10),
    "decided_at": INSTANT,
    "decided_by": sa.String(length=100),
    "decided_comment": sa.Text(),
}


def upgrade() -> None:
    op.add_column("consents", sa.Column("id", sa.String(length=100), nullable=True))
    _name_those_that_are_there()
    with op.batch_alter_table("consents") as consents:
        consents.alter_column("id", existing_type=sa.String(length=100), nullable=False)
        for name, kind in NEW.items():
            consents.add_column(sa.Column(name, kind, nullable=True))
    op.create_table(
        "sharing_bases",
        sa.Column("transfer", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("scope", sa.String(length=100), nullable=False),
        sa.Column("basis", sa.String(length=100), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.String(length=100), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["transfer"], ["transfers.id"], name=op.f("fk_sharing_bases_transfer")
        ),
        sa.PrimaryKeyConstraint("transfer", "position", name=op.f("pk_sharing_bases")),
    )


def downgrade() -> None:
    op.drop_table("sharing_bases")
    with op.batch_alter_table("consents") as consents:
        for name in (*reversed(NEW), "id"):
            consents.drop_column(name)


def _name_those_that_are_there() -> None:
    """Give each consent an id to be withdrawn by."""
    connection = op.get_bind()
    key = sa.table("consents", sa.column("transfer"), sa.column("position"), sa.column("id"))
    for transfer, position in connection.execute(sa.select(key.c.transfer, key.c.position)).all():
        this = (key.c.transfer == transfer) & (key.c.position == position)
        connection.execute(sa.update(key).where(this).values(id=str(uuid4())))
