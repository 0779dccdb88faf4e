"""Finalise fast."""

revision = "2026_11_22_2030"
down_revision = "2026_11_22_2020"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
