"""Find transfers among a million."""

revision = "2026_11_22_2020"
down_revision = "2026_11_22_2010"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
