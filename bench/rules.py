"""How long the rules of a council take for one transfer, and all of its clocks."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

from builders import NOW, calendar, transfer_at
from domain.council_at_work import HALVES, council, teams_of

from app.domain.clocks import clocks
from app.domain.decision import Situation
from app.domain.pathway import Stage
from app.domain.protocol import Gate, PathwayRules
from app.domain.transfer import Milestone, Transfer
from bench.measure import Contender, Figure, side_by_side
from bench.report import Report
from bench.stand import Stand

SHORT, LONG = 20, 200
"""Milestones of a usual history, and of one that is longer than any."""
TIMES = 50


async def run(stand: Stand) -> Report:
    """Every council that ships, both pathways."""
    contenders: dict[str, Contender] = {}
    for code, pathway in HALVES:
        where = Situation(council(code), teams_of(code), calendar(), NOW)
        rules = where.protocol.pathways[pathway]
        draft = replace(transfer_at(Stage.DRAFT, pathway), route=next(iter(rules.routes)))
        usual, told = (replace(draft, milestones=tuple(_history(rules, n))) for n in (SHORT, LONG))
        name = f"{code}, {pathway.replace('_', ' ')}"
        contenders[f"{name}: rules of every gate"] = _micros(_every_rule(where, draft))
        contenders[f"{name}: clocks of a new transfer"] = _micros(_clocks(where, draft))
        contenders[f"{name}: clocks after {SHORT} milestones"] = _micros(_clocks(where, usual))
        contenders[f"{name}: clocks after {LONG} milestones"] = _micros(_clocks(where, told))
    taken = await side_by_side(contenders, 3 if stand.quick else 15)
    figures = tuple(Figure(name, "µs", samples) for name, samples in taken.items())
    return Report("Rules and clocks of one transfer", _ABOUT, figures, (_NOTE,))


def _history(rules: PathwayRules, length: int) -> Iterator[Milestone]:
    """Every milestone that a clock of the council goes by, over and over, a minute apart."""
    names = sorted(
        {
            (name.name, name.outcome)
            for kind in rules.clocks
            for name in (*kind.starts, *kind.stops)
        },
        key=str,
    )
    for minute in range(length):
        name, outcome = names[minute % len(names)]
        at = NOW - timedelta(minutes=length - minute)
        yield Milestone(name, at, "somebody", at, outcome=outcome)


def _every_rule(where: Situation, transfer: Transfer) -> Callable[[], object]:
    rules, facts = where.rules(transfer), where.facts(transfer)
    return lambda: rules.breaches(list(Gate), facts)


def _clocks(where: Situation, transfer: Transfer) -> Callable[[], object]:
    """Reckoned anew each time: a situation keeps what it reckoned of a transfer."""
    facts, rules = where.facts(transfer), where.rules(transfer)
    return lambda: clocks(facts, rules, where.calendar)


def _micros(work: Callable[[], object]) -> Contender:
    """Processor time of a run in microseconds, the mean of many."""

    async def take() -> float:
        began = time.process_time()
        for _ in range(TIMES):
            work()
        return (time.process_time() - began) / TIMES * 1e6

    return take


_ABOUT = (
    "The domain alone, in processor time: all rules of all gates of a council's pathway, all of "
    f"its clocks, for a draft, after {SHORT} and after {LONG} milestones. One form for all, so "
    "that what some of them ask is broken: that costs no less."
)
_NOTE = (
    f"What made the difference: Durham's clocks after {LONG} milestones took 19,000 µs while each "
    "run of a clock was read from the whole history; now what may end it is picked out once."
)
