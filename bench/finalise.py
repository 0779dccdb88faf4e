"""Finalise on PostgreSQL against the same statements without us, and against the async ORM."""

from app import dev_issuer
from bench.drafts import stock
from bench.finalising import OURS, as_contenders, contenders
from bench.measure import Figure, Goal, ratios, side_by_side
from bench.processes import read
from bench.report import Report
from bench.stand import Stand

APPS = {"bare": "bench.bare_app:app", "ORM": "bench.orm_app:app"}
CALLERS = 32
CONNECTIONS = 10


async def run(stand: Stand) -> Report:
    """Rounds of each in turn, on copies of one database."""
    rounds, a_round = (2, 20) if stand.quick else (7, 400)
    warm_up = a_round // 2
    key = stand.folder / "finalise-key.json"
    dev_issuer.make_key(key)
    stocked = stand.database("postgresql")
    drafts = await stock(stocked, 1 + warm_up + rounds * a_round)
    databases = {name: stand.postgres.create_database(like=stocked) for name in (OURS, *APPS)}
    with contenders(
        databases, APPS, drafts, key, a_round=a_round, callers=CALLERS, connections=CONNECTIONS
    ) as found:
        for one in found.values():
            await one.warm_up(warm_up)
        statements = int(read(f"{found['bare'].served.url}/statements"))
        a_second = await side_by_side(as_contenders(found), rounds)
    ours, bare, orm = (a_second[name] for name in (OURS, *APPS))
    return Report(
        "Finalise on PostgreSQL",
        f"POST /v1/transfers/{{id}}/finalise on {rounds} rounds of {a_round} complete drafts of "
        f"Durham's, {CALLERS} callers at once from a process of their own, one web process each "
        f"with the same uvicorn options and {CONNECTIONS} connections, fsync on. Ours signs in, "
        "checks every rule, keeps audit, outbox, clocks and the answer. Bare is a FastAPI endpoint "
        f"that runs the same {statements} statements, recorded from ours at its start, on raw "
        "asyncpg in one transaction, without rules or sign-in. ORM reads and writes the same "
        "rows with SQLAlchemy's async ORM, without rules or sign-in.",
        (
            Figure("ours / bare", "x", ratios(ours, bare), Goal(0.6)),
            Figure("ours / ORM", "x", ratios(ours, orm), Goal(1)),
            *(Figure(name, "requests/s", a_second[name]) for name in found),
            *(figure for name, one in found.items() for figure in one.figures(name)),
            Figure("statements in the one transaction", "", (float(statements),)),
        ),
        NOTES,
    )


NOTES = (
    (
        "What made the difference, by profiles of the web process: statements of Core "
        "compiled once and run on asyncpg (8.5 to 3.3 ms a request, with a client in the same"
        " process and the same statements); header checks as coroutines, since FastAPI sends "
        "a plain function to a thread; a decision's clocks counted once; a token's signature "
        "verified once; what stays for good out of the collector's way. Bare has no reset of "
        "its pool, which would be one more round trip."
    ),
    (
        "What is left is spread thin: FastAPI's routing and dependencies, asyncpg, the rules,"
        " the view. Fewer statements would serve ours and bare alike."
    ),
)
