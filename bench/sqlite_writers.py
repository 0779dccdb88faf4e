"""Finalise on SQLite against the same statements on aiosqlite connections that contend."""

import shutil

from app import dev_issuer
from bench.drafts import stock
from bench.finalising import OURS, as_contenders, contenders
from bench.measure import Figure, Goal, ratios, side_by_side
from bench.report import Report
from bench.stand import Stand

APPS = {"aiosqlite": "bench.bare_app:app"}
CALLERS = 32
CONNECTIONS = 12


async def run(stand: Stand) -> Report:
    """Rounds of each in turn, on copies of one file."""
    rounds, a_round = (2, 20) if stand.quick else (7, 300)
    warm_up = a_round // 2
    key = stand.folder / "writers-key.json"
    dev_issuer.make_key(key)
    stocked = stand.database("sqlite")
    drafts = await stock(stocked, 1 + warm_up + rounds * a_round)
    databases = {}
    for name in (OURS, *APPS):
        file = stand.folder / f"writers-{name}.sqlite3"
        shutil.copy(stocked.removeprefix("sqlite:///"), file)
        databases[name] = f"sqlite:///{file}"
    with contenders(
        databases, APPS, drafts, key, a_round=a_round, callers=CALLERS, connections=CONNECTIONS
    ) as found:
        for one in found.values():
            await one.warm_up(warm_up)
        a_second = await side_by_side(as_contenders(found), rounds)
    return Report(
        "Finalise on SQLite",
        f"POST /v1/transfers/{{id}}/finalise on {rounds} rounds of {a_round} complete drafts of "
        f"Durham's, {CALLERS} callers at once, one web process each, synchronous=FULL. The other "
        "is a FastAPI endpoint without rules or sign-in that runs the statements recorded from "
        f"ours on {CONNECTIONS} aiosqlite connections, each BEGIN IMMEDIATE with a busy timeout "
        "of 5 s.",
        (
            Figure("ours / aiosqlite", "x", ratios(a_second[OURS], a_second["aiosqlite"]), Goal(3)),
            *(Figure(name, "requests/s", a_second[name]) for name in found),
            *(figure for name, one in found.items() for figure in one.figures(name)),
        ),
        NOTES,
    )


NOTES = ()
