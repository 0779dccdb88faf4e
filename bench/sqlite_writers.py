"""Finalise on SQLite against the same statements on aiosqlite connections that contend."""

import shutil

from app import dev_issuer
from bench.drafts import stock
from bench.finalising import OURS, as_contenders, contenders
from bench.measure import Figure, Goal, ratios, side_by_side
from bench.report import Report
from bench.stand import Stand

SAME, BARE = "the same on aiosqlite", "bare on aiosqlite"
APPS = {SAME: "bench.contending_app:app", BARE: "bench.bare_app:app"}
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
    for number, name in enumerate((OURS, *APPS)):
        file = stand.folder / f"writers-{number}.sqlite3"
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
        f"Durham's, {CALLERS} callers at once, one web process each, synchronous=FULL. The others "
        f"write on {CONNECTIONS} aiosqlite connections that contend, each BEGIN IMMEDIATE with a "
        "busy timeout of 5 s and a COMMIT for each call: ours itself with that in place of its "
        "writer, and a FastAPI endpoint without rules or sign-in that runs the statements "
        "recorded from ours.",
        (
            Figure(f"ours / {SAME}", "x", ratios(a_second[OURS], a_second[SAME]), Goal(3)),
            Figure(f"ours / {BARE}", "x", ratios(a_second[OURS], a_second[BARE]), Goal(3)),
            *(Figure(name, "requests/s", a_second[name]) for name in found),
            *(figure for name, one in found.items() for figure in one.figures(name)),
        ),
        NOTES,
    )


NOTES = (
    (
        "What made the difference: statements compiled once and run in the event loop's "
        "thread without a hop each (12.4 to 3.3 ms a request, with a client in the same "
        "process), and a COMMIT that callers share while the loop goes on. It shows most at "
        "p99: whoever contends sleeps in SQLite's busy handler."
    ),
    (
        "Ours is bound by its one process's time for rules, sign-in and view, which bare does"
        " not have: that is why the ratio to bare is the lower one."
    ),
)
