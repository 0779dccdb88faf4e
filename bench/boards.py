"""Every board, list, count and tick at ten thousand transfers and at a million."""

import time
from collections.abc import Mapping
from contextlib import suppress

from app.store.engine import Store
from bench.crowd_rows import fill
from bench.measure import Contender, Figure, Goal, ratios, side_by_side
from bench.questions import Question, askers, questions, ticks
from bench.report import Report
from bench.stand import Stand

FEW, MANY = 10_000, 1_000_000
ROUNDS = 7
LONG_ENOUGH = 0.02
"""Seconds that a sample takes: what others do meanwhile disturbs some of it, and not all."""
MOST = Goal(1.5, at_most=True)
STORES = ("sqlite", "postgresql")
WHOLE = "the whole service"


class _Undone(Exception):
    """Ends a transaction whose work is not kept."""


async def run(stand: Stand) -> Report:
    """Fill both stores twice, and ask everything of both in turns."""
    many, rounds = (FEW * 2, 2) if stand.quick else (MANY, ROUNDS)
    figures: list[Figure] = []
    for kind in STORES:
        urls = {}
        for total in (FEW, many):
            urls[total] = stand.database(kind)
            await fill(urls[total], total)
        few, large = Store(urls[FEW]), Store(urls[many])
        figures += await _worst(kind, few, large, rounds)
        await few.close()
        await large.close()
    return Report(
        f"Boards at {FEW:,} and {many:,} transfers", _ABOUT, tuple(figures), (_NOTE, _GROWS)
    )


async def _worst(kind: str, few: Store, many: Store, rounds: int) -> list[Figure]:
    """Of each question the worst ratio of those who ask it, and how long the slowest took."""
    worst: dict[str, Figure] = {}
    slowest = Figure("", "ms", (0.0,))
    for who, asked in _asked().items():
        for name, question in asked.items():
            writes = who == WHOLE
            contenders = {
                "few": _timed(few, question, writes=writes),
                "many": _timed(many, question, writes=writes),
            }
            await side_by_side(contenders, rounds=1)  # warms the caches
            taken = await side_by_side(contenders, rounds)
            ratio = ratios(taken["many"], taken["few"])
            figure = Figure(f"{kind}: {name}, {who}", "x", ratio, MOST)
            if name not in worst or figure.median > worst[name].median:
                worst[name] = figure
            time_of = Figure(f"{kind}: the slowest, {name}, {who}", "ms", taken["many"])
            slowest = max(slowest, time_of, key=lambda one: one.median)
    return [*worst.values(), slowest]


def _asked() -> Mapping[str, Mapping[str, Question]]:
    """What is asked, by whom."""
    return {who: questions(asker) for who, asker in askers().items()} | {WHOLE: ticks()}


def _timed(store: Store, question: Question, *, writes: bool) -> Contender:
    """Milliseconds of a question, the least of some; what it writes is undone."""

    async def ask() -> float:
        took: list[float] = []
        until = time.perf_counter() + LONG_ENOUGH
        while len(took) < _TIMES or time.perf_counter() < until:
            with suppress(_Undone):
                async with store.write() if writes else store.read() as tx:
                    began = time.perf_counter()
                    await question(tx)
                    took.append(time.perf_counter() - began)
                    if writes:
                        raise _Undone
        return min(took) * 1000

    return ask


_TIMES = 3
_ABOUT = (
    "Half of the transfers are one council's, the others those of councils of 5,000; 250 are open "
    "in each of these and 1,250 in the large one. A person asks for a page of 50 by the use case "
    "that answers over HTTP, without HTTP; the relay asks by its own. A figure is the time at a "
    "million over that at ten thousand, taken in turns, caches warm, after ANALYZE (on PostgreSQL "
    "VACUUM ANALYZE); of each question, that of whom it grows for most. A sample is the least of "
    "what is asked for 20 ms, three times at least."
)
_NOTE = (
    "What made the difference, in milliseconds at a million on SQLite before: counts read of what "
    "is over no more than a hundred a stage and team (a manager of the large council: 930); open "
    "reviews stand apart in their indexes (118); deliveries and alerts are listed by authority or "
    "team in the order of their ids (37); open disagreements and what changed lately are gathered "
    "by council (254); `/metrics` counts what is still to be delivered, not all that ever was "
    "(1,934). Then: the hundredth of what is over ends a count, and the four hundredth that is "
    "read; an SQLite connection keeps 32 MiB of its file, not 2; late and paused clocks are told "
    "apart in their indexes; and whose a delivery or a clock is, is asked row by row, as "
    "PostgreSQL took a council and its team for two chances and read all of a team's."
)
_GROWS = (
    "What may still grow: of a thousand late transfers each is looked up before the newest fifty "
    "are known. There are as many at a million, but they lie on as many pages, not side by side."
)
