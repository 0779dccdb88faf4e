"""Partitioning by authority: what 150 councils in one table cost, and what partitions would change.

Rows are copies of one transfer's, multiplied in the database; nothing goes through the service.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from bench.drafts import stock
from bench.measure import Figure, ratios, side_by_side
from bench.report import Report
from bench.stand import Stand

AUTHORITIES, PARTITIONS, ASKED = 150, 16, 300
WHOLE, PARTED = "whole", "parted"
QUESTIONS = {
    "one transfer by its id": "SELECT * FROM {} WHERE id = %(id)s",
    "one transfer by its id and authority": (
        "SELECT * FROM {} WHERE id = %(id)s AND authority = %(authority)s"
    ),
    "a team's newest 50": (
        "SELECT id, stage, opened_at FROM {} WHERE authority = %(authority)s "
        "AND origin_team = 'op-bishop' ORDER BY opened_at DESC, id DESC LIMIT 50"
    ),
    "a change by its id": "UPDATE {} SET version = version + 1 WHERE id = %(id)s",
    "the longest quiet of every council": (
        "SELECT id FROM {} WHERE stage = 'dispatched' ORDER BY changed_at LIMIT 100"
    ),
}
COPIES = """
INSERT INTO {} SELECT copied.* FROM transfers AS one, generate_series(1, %s) AS number,
LATERAL jsonb_populate_record(one, jsonb_build_object(
    'id', gen_random_uuid(),
    'authority', 'council-' || number %% %s,
    'stage', CASE WHEN number %% 20 = 0 THEN 'dispatched' ELSE 'completed' END,
    'opened_at', now() - number * interval '1 minute',
    'changed_at', now() - number * interval '1 minute'
)) AS copied
"""
INDEXES = """
SELECT indexdef FROM pg_indexes WHERE tablename = 'transfers' AND indexdef NOT LIKE '%UNIQUE%'
"""


@dataclass(frozen=True, slots=True)
class Asking:
    """One question to one of the tables, of transfers spread over all councils."""

    connection: psycopg.Connection
    question: sql.Composed
    of: Sequence[Mapping[str, str]]

    async def __call__(self) -> float:
        """Microseconds a question."""
        return await asyncio.to_thread(self._ask)

    def _ask(self) -> float:
        began = time.perf_counter()
        for one in self.of:
            self.connection.execute(self.question, one)
        return 1e6 * (time.perf_counter() - began) / len(self.of)


async def run(stand: Stand) -> Report:
    """Both tables with the same rows and the same indexes, asked in turn."""
    rounds, each = (2, 20) if stand.quick else (7, 2000)
    url = stand.database("postgresql")
    await stock(url, 1)
    figures: list[Figure] = []
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off")  # the disk is the same for both
        await asyncio.to_thread(_fill, connection, each * AUTHORITIES)
        of = _some(connection)
        for name, question in QUESTIONS.items():
            took = await side_by_side(
                {
                    table: Asking(connection, sql.SQL(question).format(sql.Identifier(table)), of)
                    for table in (WHOLE, PARTED)
                },
                rounds,
            )
            figures += [
                Figure(f"{name}: one table", "µs", took[WHOLE]),
                Figure(f"{name}: partitioned / one table", "x", ratios(took[PARTED], took[WHOLE])),
            ]
        for table in (WHOLE, f"{PARTED}_0"):
            figures.append(Figure(f"vacuum of {table}", "ms", (_vacuum(connection, table),)))
    return Report(
        "Partitioning by authority",
        f"{AUTHORITIES} councils with {each:,} transfers each in one table, and in one partitioned "
        f"by HASH (authority) into {PARTITIONS}, both with the indexes of `transfers`, that on "
        f"`id` included; {rounds} rounds of {ASKED} questions each, on one connection.",
        tuple(figures),
        NOTES,
    )


def _fill(connection: psycopg.Connection, rows: int) -> None:
    connection.execute("CREATE TABLE whole (LIKE transfers INCLUDING INDEXES)")
    connection.execute("CREATE TABLE parted (LIKE transfers) PARTITION BY HASH (authority)")
    for number in range(PARTITIONS):
        connection.execute(
            sql.SQL(
                "CREATE TABLE {} PARTITION OF parted FOR VALUES WITH (MODULUS {}, REMAINDER {})"
            ).format(sql.Identifier(f"parted_{number}"), PARTITIONS, number)
        )
    connection.execute("ALTER TABLE parted ADD PRIMARY KEY (authority, id)")
    connection.execute("CREATE INDEX ON parted (id)")
    for (text,) in connection.execute(INDEXES).fetchall():
        columns = text.partition(" USING ")[2]
        connection.execute(f"CREATE INDEX ON parted USING {columns}".encode())
    connection.execute(sql.SQL(COPIES).format(sql.Identifier(WHOLE)), [rows, AUTHORITIES])
    connection.execute("INSERT INTO parted SELECT * FROM whole")
    connection.execute("VACUUM ANALYZE whole")
    connection.execute("VACUUM ANALYZE parted")


def _some(connection: psycopg.Connection) -> list[dict[str, str]]:
    with connection.cursor(row_factory=dict_row) as cursor:
        cursor.execute("SELECT id, authority FROM whole ORDER BY md5(id) LIMIT %s", [ASKED])
        return cursor.fetchall()


def _vacuum(connection: psycopg.Connection, table: str) -> float:
    began = time.perf_counter()
    connection.execute(sql.SQL("VACUUM {}").format(sql.Identifier(table)))
    return 1000 * (time.perf_counter() - began)


NOTES = (
    (
        "**What it says.** Every index begins with `authority`, so that a council's rows are a "
        "range of the whole's already; partitions add a choice among them to every question, and "
        "what goes by id alone asks each of them."
    ),
)
