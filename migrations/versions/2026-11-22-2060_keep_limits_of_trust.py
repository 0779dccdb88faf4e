"""Keep what else trust needs."""

revision = "2026_11_22_2060"
down_revision = "2026_11_22_2050"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
