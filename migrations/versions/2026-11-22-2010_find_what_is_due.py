"""Find what is due to be delivered."""

revision = "2026_11_22_2010"
down_revision = "2026_11_22_2000"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
