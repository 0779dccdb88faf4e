"""Say who belongs to a series of meetings."""

revision = "2026_11_22_1350"
down_revision = "2026_11_22_1300"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
