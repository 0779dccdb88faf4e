"""Keep what people ask to see, what is held back from disposal, and what was disposed of."""

revision = "2026_11_22_2050"
down_revision = "2026_11_22_2040"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
