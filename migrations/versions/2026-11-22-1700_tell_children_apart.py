"""Tell apart what became of each child, and whose hands a transfer is in."""

revision = "2026_11_22_1700"
down_revision = "2026_11_22_1600"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
