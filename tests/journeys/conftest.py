"""One world a store for the whole session; every test begins in an empty one."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from journeys.world import World, new_world
from postgres_server import PostgresServer


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def shared_world(
    request: pytest.FixtureRequest,
    migrated: dict[str, str],
    postgres: PostgresServer,
    issuer_key: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    url = migrated[request.param]
    if request.param == "postgresql":
        url = postgres.create_database(like=url)
    else:
        file = tmp_path_factory.mktemp("world") / "transfers.sqlite3"
        shutil.copy(url.removeprefix("sqlite:///"), file)
        url = f"sqlite:///{file}"
    with new_world(url, issuer_key) as world:
        yield world


@pytest.fixture
def world(shared_world: World) -> World:
    shared_world.begin()
    return shared_world
