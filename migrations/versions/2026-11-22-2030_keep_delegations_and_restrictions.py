"""Keep delegations, restricted records and who broke the glass."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_2030"
down_revision = "2026_11_22_2020"

INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(length=32), "sqlite")
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ID, CODE = sa.String(length=36), sa.String(length=100)
STANDS = sa.text("lifted_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "delegations",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("authority", CODE, nullable=False),
        sa.Column("delegator", CODE, nullable=False),
        sa.Column("delegate", CODE, nullable=False),
        sa.Column("role", CODE, nullable=False),
        sa.Column("team", CODE, nullable=False),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("to_date", sa.Date(), nullable=False),
        sa.Column("made_by", CODE, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("ended_by", CODE, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_delegations"),
        sa.ForeignKeyConstraint(
            ["authority"], ["authorities.code"], name="fk_delegations_authority"
        ),
        sa.ForeignKeyConstraint(["delegator"], ["people.id"], name="fk_delegations_delegator"),
        sa.ForeignKeyConstraint(["delegate"], ["people.id"], name="fk_delegations_delegate"),
        sa.ForeignKeyConstraint(["team"], ["teams.id"], name="fk_delegations_team"),
    )
    op.create_index("ix_delegations_delegate", "delegations", ["delegate"])
    op.create_index("ix_delegations_team_id", "delegations", ["team", "id"])
    op.create_index("ix_delegations_authority_id", "delegations", ["authority", "id"])
    op.create_table(
        "restrictions",
        sa.Column("transfer", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("authority", CODE, nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("person", CODE, nullable=True),
        sa.Column("reason", CODE, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by", CODE, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("lifted_at", INSTANT, nullable=True),
        sa.Column("lifted_by", CODE, nullable=True),
        sa.PrimaryKeyConstraint("transfer", "position", name="pk_restrictions"),
        sa.ForeignKeyConstraint(["transfer"], ["transfers.id"], name="fk_restrictions_transfer"),
    )
    op.create_index(
        "ix_restrictions_standing",
        "restrictions",
        ["authority", "person", "kind", "transfer"],
        sqlite_where=STANDS,
        postgresql_where=STANDS,
    )
    op.create_table(
        "openings",
        sa.Column("id", ID, nullable=False),
        sa.Column("authority", CODE, nullable=False),
        sa.Column("transfer", ID, nullable=False),
        sa.Column("person", CODE, nullable=False),
        sa.Column("reason", CODE, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_openings"),
        sa.ForeignKeyConstraint(["transfer"], ["transfers.id"], name="fk_openings_transfer"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_openings_person"),
    )
    op.create_index("ix_openings_transfer", "openings", ["transfer"])
    op.create_index("ix_openings_person_until", "openings", ["person", "until"])


def downgrade() -> None:
    for table in ("openings", "restrictions", "delegations"):
        op.drop_table(table)
