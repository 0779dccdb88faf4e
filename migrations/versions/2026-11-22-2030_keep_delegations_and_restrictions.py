"""Keep delegations, restricted records and who broke the glass."""

revision = "2026_11_22_2030"
down_revision = "2026_11_22_2020"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
