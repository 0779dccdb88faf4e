"""Keep how the origin closed, the reviews, and what families say."""

revision = "2026_11_22_1800"
down_revision = "2026_11_22_1700"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
