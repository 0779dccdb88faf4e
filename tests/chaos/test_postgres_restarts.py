"""`make chaos`: PostgreSQL is restarted like a crash a hundred times, and its sessions cut off."""

import os
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count as counting
from pathlib import Path

import psycopg
import pytest
from chaos.counts import report
from chaos.plan import Plan
from chaos.processes import a_place
from chaos.stocked import load_sample_directory
from chaos.storm import storm
from postgres_server import PostgresServer

from app.store.migrate import migrate

pytestmark = pytest.mark.chaos
RESTARTS = int(os.environ.get("CHAOS_RESTARTS", "100"))
CUTS_A_RESTART = 3
CUT = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE application_name = 'transfers' AND state <> 'idle' AND pid <> pg_backend_pid()
    ORDER BY random() LIMIT 2
"""


@pytest.fixture
def durable() -> Iterator[PostgresServer]:
    """A server of its own that writes as in production."""
    with PostgresServer(private=True, durable=True) as server:
        yield server


@dataclass(slots=True)
class Saboteur:
    """Cuts off sessions in the middle of their work; each fourth time restarts the server."""

    server: PostgresServer
    url: str
    turns: Iterator[int] = field(default_factory=lambda: counting(1))

    def __call__(self) -> str | None:
        """Break something; a session that is between two transactions is left alone."""
        if next(self.turns) % (CUTS_A_RESTART + 1) == 0:
            self.server.restart(immediate=True)
            return "PostgreSQL, restarted at once"
        for _ in range(200):
            with psycopg.connect(self.url, autocommit=True) as connection:
                if connection.execute(CUT).fetchall():
                    return "session of PostgreSQL, cut off at work"
            time.sleep(random.uniform(0, 0.01))  # noqa: S311 - a storm is not a secret
        return "nothing"


def test_h04_a_hundred_immediate_restarts_of_postgresql_lose_no_acknowledged_transfer(
    durable: PostgresServer, issuer_key: Path, tmp_path: Path
) -> None:
    url = durable.create_database()
    migrate(url)
    load_sample_directory(url)
    strikes = RESTARTS * (CUTS_A_RESTART + 1)
    plan = Plan(kills=strikes, seconds=420, webs=2, relays=2, between=(0.02, 0.2), lease=1.5)

    with a_place(url, issuer_key, tmp_path) as place, storm(place, plan) as raging:
        raging.rage(Saboteur(durable, url))
        raging.fall_quiet()
        evidence = raging.evidence()

    report("Restarts of PostgreSQL with fsync on", raging, evidence)
    assert raging.killed["PostgreSQL, restarted at once"] >= RESTARTS
    assert raging.killed["session of PostgreSQL, cut off at work"] > RESTARTS
