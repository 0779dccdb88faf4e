"""Hold meetings: their cases, actions and attendance. What is booked already becomes a case."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_1400"
down_revision = "2026_11_22_1350"

INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(length=32), "sqlite")
JSON = sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "meetings",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("authority", sa.String(length=100), nullable=False),
        sa.Column("protocol", sa.String(length=100), nullable=False),
        sa.Column("protocol_version", sa.String(length=100), nullable=False),
        sa.Column("series", sa.String(length=100), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("extraordinary", sa.Boolean(), nullable=False),
        sa.Column("agenda_circulated_at", INSTANT, nullable=True),
        sa.Column("agenda_circulated_by", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority"], ["authorities.code"], name=op.f("fk_meetings_authority")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
        sa.UniqueConstraint(
            "authority", "series", "starts_at", name=op.f("uq_meetings_authority_series_starts_at")
        ),
    )
    op.create_index("ix_meetings_authority_starts_at", "meetings", ["authority", "starts_at"])
    op.create_table(
        "meeting_cases",
        sa.Column("meeting", sa.String(length=36), nullable=False),
        sa.Column("transfer", sa.String(length=36), nullable=False),
        sa.Column("submitted_at", INSTANT, nullable=False),
        sa.Column("submitted_by", sa.String(length=100), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("left_at", INSTANT, nullable=True),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("themes", JSON, nullable=False),
        *_of_a_case("meeting_cases"),
        sa.PrimaryKeyConstraint("meeting", "transfer", name=op.f("pk_meeting_cases")),
    )
    op.create_index("ix_meeting_cases_transfer", "meeting_cases", ["transfer"])
    op.create_table(
        "meeting_actions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("meeting", sa.String(length=36), nullable=False),
        sa.Column("transfer", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_at", INSTANT, nullable=True),
        sa.Column("done_by", sa.String(length=100), nullable=True),
        *_of_a_case("meeting_actions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_actions")),
    )
    op.create_index(
        "ix_meeting_actions_meeting_position", "meeting_actions", ["meeting", "position"]
    )
    op.create_table(
        "meeting_attendance",
        sa.Column("meeting", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("represents", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("role", sa.String(length=100), nullable=True),
        sa.Column("deputises_for", sa.String(length=200), nullable=True),
        sa.Column("feedback", sa.Text(), nullable=True),
        _of_a_meeting("meeting_attendance"),
        sa.PrimaryKeyConstraint("meeting", "position", name=op.f("pk_meeting_attendance")),
    )
    _bring_cases()


def downgrade() -> None:
    op.drop_table("meeting_attendance")
    op.drop_index("ix_meeting_actions_meeting_position", table_name="meeting_actions")
    op.drop_table("meeting_actions")
    op.drop_index("ix_meeting_cases_transfer", table_name="meeting_cases")
    op.drop_table("meeting_cases")
    op.drop_index("ix_meetings_authority_starts_at", table_name="meetings")
    op.drop_table("meetings")


def _of_a_meeting(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_meeting")
    return sa.ForeignKeyConstraint(["meeting"], ["meetings.id"], name=name)


def _of_a_case(table: str) -> tuple[sa.ForeignKeyConstraint, ...]:
    name = op.f(f"fk_{table}_transfer")
    transfer = sa.ForeignKeyConstraint(["transfer"], ["transfers.id"], name=name)
    return _of_a_meeting(table), transfer


def _bring_cases() -> None:
    """Every transfer that is submitted to a meeting, as a case of it; instants go as they came."""
    transfers = sa.table(
        "transfers",
        *map(sa.column, ("id", "authority", "protocol", "protocol_version", "meeting_series")),
        sa.column("meeting_at"),
    )
    milestones = sa.table(
        "milestones",
        *map(sa.column, ("transfer", "position", "name", "by")),
        sa.column("recorded_at"),
    )
    meetings = sa.table(
        "meetings",
        *map(sa.column, ("id", "authority", "protocol", "protocol_version", "series", "version")),
        sa.column("starts_at"),
        sa.column("extraordinary", sa.Boolean),
    )
    cases = sa.table(
        "meeting_cases",
        *map(sa.column, ("meeting", "transfer", "submitted_by")),
        sa.column("submitted_at"),
        sa.column("late", sa.Boolean),
        sa.column("themes", JSON),
    )
    booked = (
        sa.select(transfers, milestones.c.by, milestones.c.recorded_at)
        .join_from(transfers, milestones, milestones.c.transfer == transfers.c.id)
        .where(transfers.c.meeting_series.is_not(None), milestones.c.name == "submitted_to_meeting")
        .order_by(transfers.c.id, milestones.c.position)
    )
    bind = op.get_bind()
    latest = {row.id: row for row in bind.execute(booked)}
    made: dict[tuple[object, ...], str] = {}
    for row in latest.values():
        key = (row.authority, row.meeting_series, row.meeting_at)
        if key not in made:
            made[key] = str(uuid4())
            bind.execute(
                meetings.insert().values(
                    id=made[key], authority=row.authority, protocol=row.protocol,
                    protocol_version=row.protocol_version, series=row.meeting_series,
                    starts_at=row.meeting_at, version=1, extraordinary=False,
                )
            )  # fmt: skip
        bind.execute(
            cases.insert().values(
                meeting=made[key], transfer=row.id, submitted_by=row.by,
                submitted_at=row.recorded_at, late=False, themes=[],
            )
        )  # fmt: skip
