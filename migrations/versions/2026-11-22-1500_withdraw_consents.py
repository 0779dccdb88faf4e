"""Withdraw consents, and keep other bases for sharing."""

revision = "2026_11_22_1500"
down_revision = "2026_11_22_1400"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
