"""Find transfers by whose they are and where they stand, each list the range of one index."""

from alembic import op

revision = "2026_11_22_1200"
down_revision = "2026_11_22_1100"

PAGE = ("opened_at", "id")
NEW = (
    ("authority", "changed_at"),
    *(
        ("authority", by, *PAGE)
        for by in (
            *("origin_team", "sent_to", "recipient_team"),
            *("author", "holder", "lead_professional"),
        )
    ),
    ("authority", "stage", *PAGE, "pathway"),
    *(("authority", by, "stage", *PAGE, "pathway") for by in ("origin_team", "sent_to")),
)
OLD = tuple((by, *PAGE) for by in ("origin_team", "recipient_team", "sent_to"))


def upgrade() -> None:
    _change(OLD, NEW)


def downgrade() -> None:
    _change(NEW, OLD)


def _change(gone: tuple[tuple[str, ...], ...], come: tuple[tuple[str, ...], ...]) -> None:
    for columns in gone:
        op.drop_index(_name(columns), table_name="transfers")
    for columns in come:
        op.create_index(_name(columns), "transfers", columns, unique=False)


def _name(columns: tuple[str, ...]) -> str:
    return f"ix_transfers_{'_'.join(columns)}"
