"""Chain the audit."""

revision = "2026_11_22_2040"
down_revision = "2026_11_22_2030"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
