"""Keep clocks, consents, the team around the family, pauses and the protocols that were used."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_1100"
down_revision = "2026_11_22_1000"

INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(length=32), "sqlite")
IS_OPEN: dict[str, Any] = {
    "sqlite_where": sa.text("open IS 1"),
    "postgresql_where": sa.text("open IS true"),
}
TO_ALERT: dict[str, Any] = {
    "sqlite_where": sa.text("alert_at IS NOT NULL"),
    "postgresql_where": sa.text("alert_at IS NOT NULL"),
}


def upgrade() -> None:
    op.add_column("milestones", sa.Column("outcome", sa.String(length=100), nullable=True))
    op.add_column("milestones", sa.Column("until", INSTANT, nullable=True))
    op.add_column("transfers", sa.Column("meeting_series", sa.String(length=100), nullable=True))
    op.add_column("transfers", sa.Column("meeting_at", INSTANT, nullable=True))
    op.create_table(
        "protocol_versions",
        sa.Column("code", sa.String(length=100), nullable=False),
        sa.Column("version", sa.String(length=100), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kept_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("code", "version", name=op.f("pk_protocol_versions")),
    )
    op.create_table(
        "consents",
        sa.Column("transfer", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=100), nullable=False),
        sa.Column("given_by", sa.String(length=200), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("informed", sa.Boolean(), nullable=False),
        sa.Column("explicit", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.String(length=100), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        *_of_a_transfer("consents"),
    )
    op.create_table(
        "team_members",
        sa.Column("transfer", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("agency", sa.String(length=200), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("stepped_in_at", INSTANT, nullable=False),
        sa.Column("stepped_out_at", INSTANT, nullable=True),
        *_of_a_transfer("team_members"),
    )
    op.create_table(
        "clock_pauses",
        sa.Column("transfer", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("clock", sa.String(length=100), nullable=False),
        sa.Column("begun_at", INSTANT, nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.String(length=100), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("ended_by", sa.String(length=100), nullable=True),
        sa.Column("ended_reason", sa.String(length=100), nullable=True),
        sa.Column("ended_comment", sa.Text(), nullable=True),
        *_of_a_transfer("clock_pauses"),
    )
    op.create_table(
        "clocks",
        sa.Column("transfer", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=100), nullable=False),
        sa.Column("authority", sa.String(length=100), nullable=False),
        sa.Column("team", sa.String(length=100), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("nearly_late_at", INSTANT, nullable=True),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("met_at", INSTANT, nullable=True),
        sa.Column("stopped_at", INSTANT, nullable=True),
        sa.Column("paused_at", INSTANT, nullable=True),
        sa.Column("alert_at", INSTANT, nullable=True),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["team"], ["teams.id"], name=op.f("fk_clocks_team")),
        *_of_a_transfer("clocks", "code"),
    )
    for whose in ("team", "authority"):
        name, columns = f"ix_clocks_open_by_{whose}", [whose, "due_at", "transfer", "code"]
        op.create_index(name, "clocks", columns, unique=False, **IS_OPEN)
    op.create_index("ix_clocks_alert_at", "clocks", ["alert_at"], unique=False, **TO_ALERT)


def downgrade() -> None:
    op.drop_index("ix_clocks_alert_at", table_name="clocks", **TO_ALERT)
    for whose in ("authority", "team"):
        op.drop_index(f"ix_clocks_open_by_{whose}", table_name="clocks", **IS_OPEN)
    for table in ("clocks", "clock_pauses", "team_members", "consents", "protocol_versions"):
        op.drop_table(table)
    op.drop_column("transfers", "meeting_at")
    op.drop_column("transfers", "meeting_series")
    op.drop_column("milestones", "until")
    op.drop_column("milestones", "outcome")


def _of_a_transfer(table: str, second: str = "position") -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(["transfer"], ["transfers.id"], name=op.f(f"fk_{table}_transfer")),
        sa.PrimaryKeyConstraint("transfer", second, name=op.f(f"pk_{table}")),
    )
