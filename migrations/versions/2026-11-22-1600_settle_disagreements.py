"""Keep disagreements and how they were settled."""

revision = "2026_11_22_1600"
down_revision = "2026_11_22_1500"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
