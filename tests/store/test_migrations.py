"""The migrations lead to the tables of app/store/tables, and back, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from postgres_server import PostgresServer
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.engine import Engine

from app.store.migrate import is_current, migrate, migrate_back
from app.store.tables import metadata
from app.store.urls import service_url, tool_url

INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
}


@pytest.fixture(params=("sqlite", "postgresql"))
def empty_url(request: pytest.FixtureRequest, postgres: PostgresServer, tmp_path: Path) -> str:
    """A database without tables."""
    if request.param == "postgresql":
        return postgres.create_database()
    return f"sqlite:///{tmp_path / 'empty.sqlite3'}"


@pytest.fixture
def engine(empty_url: str) -> Iterator[Engine]:
    made = create_engine(tool_url(empty_url))
    yield made
    made.dispose()


def test_the_migrated_tables_differ_in_nothing_from_those_of_the_code(
    empty_url: str, engine: Engine
) -> None:
    migrate(empty_url)

    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []
        migrated = _indexes(connection)
    migrate_back(empty_url)
    with engine.begin() as connection:
        metadata.create_all(connection)
        assert _indexes(connection) == migrated


@pytest.mark.long
def test_upgrade_downgrade_and_upgrade_again_leave_the_same_tables_and_nothing_between(
    empty_url: str, engine: Engine
) -> None:
    migrate(empty_url)
    first = set(inspect(engine).get_table_names())
    migrate_back(empty_url)
    between = set(inspect(engine).get_table_names())
    migrate(empty_url)
    again = set(inspect(engine).get_table_names())

    assert first == again == set(metadata.tables) | {"alembic_version"}
    assert between == {"alembic_version"}


@pytest.mark.long
def test_migrating_twice_changes_nothing_and_the_database_says_whether_it_is_current(
    empty_url: str, engine: Engine
) -> None:
    assert not is_current(empty_url)

    migrate(empty_url)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO authorities VALUES ('a', 'A', 'durham')"))
    migrate(empty_url)

    assert is_current(empty_url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM authorities")).scalar() == 1


def test_a_database_of_another_make_is_refused_by_name() -> None:
    for choose in (service_url, tool_url):
        with pytest.raises(ValueError, match="mysql"):
            choose("mysql://somewhere/transfers")


def _indexes(connection: Connection) -> dict[str, str]:
    found = connection.execute(text(INDEXES[connection.dialect.name]))
    return {name: " ".join(sql.split()) for name, sql in found if name != "alembic_version_pkc"}


def test_one_url_asks_both_drivers_for_an_encrypted_connection() -> None:
    url = "postgresql://somebody@database/transfers?sslmode=require"

    assert service_url(url).query == {"ssl": "require"}
    assert tool_url(url).query == {"sslmode": "require"}


def test_a_database_that_fails_over_is_named_by_all_its_hosts_for_both_drivers() -> None:
    url = "postgresql://somebody:p%40ss@one:5433,two/transfers?sslmode=require"

    service, tool = service_url(url), tool_url(url)

    assert service.query == {
        "host": ("one:5433", "two:5432"),
        "ssl": "require",
        "target_session_attrs": "read-write",
    }
    assert tool.query == {
        "host": ("one:5433", "two:5432"),
        "sslmode": "require",
        "target_session_attrs": "read-write",
        "connect_timeout": "5",
    }
    assert (service.password, service.database) == ("p@ss", "transfers")


@pytest.mark.parametrize("hosts", ["one,", "one,[::1]:5432", "one:x,two", ",one"])
def test_hosts_that_cannot_be_told_apart_are_refused(hosts: str) -> None:
    for choose in (service_url, tool_url):
        with pytest.raises(ValueError, match="each host"):
            choose(f"postgresql://somebody@{hosts}/transfers")


def test_what_was_booked_before_there_were_meetings_is_a_case_of_its_meeting(
    empty_url: str, engine: Engine
) -> None:
    migrate(empty_url, "2026_11_22_1300")
    with engine.begin() as connection:
        for statement in BOOKED:
            connection.execute(text(statement))

    migrate(empty_url)

    with engine.connect() as connection:
        found = connection.execute(
            text(
                "SELECT m.series, c.transfer, c.submitted_by FROM meetings m "
                "JOIN meeting_cases c ON c.meeting = m.id ORDER BY c.transfer"
            )
        )
        assert found.all() == [("weekly", "t1", "second"), ("weekly", "t2", "second")]
        assert connection.execute(text("SELECT count(*) FROM meetings")).scalar() == 1


BOOKED = (
    "INSERT INTO authorities VALUES ('a', 'A', 'durham')",
    "INSERT INTO teams VALUES ('t', 'a', 'T', 'k', 's', 'l', 'ehm', 'T', true)",
    (
        "INSERT INTO transfers (id, authority, pathway, route, protocol, protocol_version, stage, "
        "version, dispatch, origin_kind, origin_record_id, origin_record_started_on, "
        "origin_record_active, origin_team, form, author, last_editor, meeting_series, meeting_at, "
        "opened_at, changed_at) SELECT column1, 'a', 'step_up', 'meeting', 'durham', '1', "
        "'draft', 1, 0, 'manual', 'r', '2026-01-01', true, 't', '{}', 'x', 'x', 'weekly', "
        "'2026-11-20 10:00:00+00:00', '2026-11-20 10:00:00+00:00', '2026-11-20 10:00:00+00:00' "
        "FROM (VALUES ('t1'), ('t2')) AS named"
    ),
    (
        "INSERT INTO milestones (transfer, position, name, at, by, recorded_at, inferred) "
        "SELECT id, 0, 'submitted_to_meeting', opened_at, 'first', opened_at, false FROM transfers"
    ),
    (
        "INSERT INTO milestones (transfer, position, name, at, by, recorded_at, inferred) "
        "SELECT id, 1, 'submitted_to_meeting', opened_at, 'second', opened_at, false FROM transfers"
    ),
)
