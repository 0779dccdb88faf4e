"""Hold meetings: their cases, actions and attendance, and who belongs to a series."""

revision = "2026_11_22_1400"
down_revision = "2026_11_22_1350"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
