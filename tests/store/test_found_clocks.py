"""Open clocks: which are found, in what order, and by which index."""

import random
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from builders import NOW, transfer_at
from sqlalchemy import insert, select, text
from store.kept import keep, numbered, numbered_transfer
from store.plans import plan
from store.test_wound_clocks import KIND, RUNNING, of_kind

from app.domain.authority import VisibleTo
from app.domain.clocks import Clock
from app.domain.milestone_kind import Side
from app.domain.pathway import Pathway, Stage
from app.store.clock_alerts import alerts_query
from app.store.clocks import wind_clocks
from app.store.engine import Store
from app.store.found_clocks import Query, clocks_query, find_clocks
from app.store.sought_clocks import EVERYTHING, ClockFilter, FoundClock, SoughtClocks
from app.store.tables import clocks, transfers

HOUR = timedelta(hours=1)
RECEIVING = VisibleTo(frozenset({"ff-bishop"}))
SERIES = VisibleTo(series=frozenset({"weekly"}))
BOTH = VisibleTo(frozenset({"ff-bishop", "op-bishop"}))
ALL = SoughtClocks("durham", EVERYTHING, ClockFilter.OPEN, NOW, limit=1000)
MANY = 3000


async def _found(store: Store, sought: SoughtClocks) -> list[FoundClock]:
    async with store.read() as tx:
        return await find_clocks(tx, sought)


def _query(sought: SoughtClocks) -> Query:
    query = clocks_query(sought)
    assert query is not None
    return query


def _population(chance: random.Random) -> list[Clock]:
    """Clocks in every state at NOW, on both sides, some due in the very same instant."""
    made = []
    for number in range(80):
        due = NOW + chance.randint(-9, 9) * HOUR
        started = min(NOW, due) - chance.randint(0, 30) * HOUR
        ends: dict[str, Any] = chance.choice(
            ({}, {}, {"paused_at": NOW}, {"met_at": NOW}, {"stopped_at": NOW})
        )
        clock = Clock(KIND, started, chance.choice((due, due, due, due, None)), **ends)
        side = chance.choice((Side.ORIGIN, Side.RECEIVING))
        made.append(of_kind(clock, f"clock-{number}", falls_to=side))
    return [*made, of_kind(replace(RUNNING, due_at=NOW), "due this instant")]


async def test_each_state_finds_the_clocks_that_stand_so_and_the_first_due_first(
    store: Store,
) -> None:
    sent = transfer_at(Stage.DISPATCHED)
    population = _population(random.Random(20261122))  # noqa: S311 - the same every time
    await keep(store, sent)
    async with store.write() as tx:
        await wind_clocks(tx, sent, population, NOW, new=True)
    states = [state for state in ClockFilter if state is not ClockFilter.OPEN]

    found = {state: await _found(store, replace(ALL, which=state)) for state in states}
    every = await _found(store, ALL)
    of_a_team = await _found(store, replace(ALL, whose=RECEIVING))

    for state, listed in found.items():
        stand = {c.kind.code for c in population if c.state(NOW).value == state.value}
        assert {clock.code for clock in listed} == stand, state
        assert stand, state
    dated = [clock for state in states for clock in found[state] if clock.due_at]
    assert every == sorted(dated, key=lambda clock: (clock.due_at, clock.transfer, clock.code))
    assert {c.code for c in of_a_team} == {c.code for c in every if c.team == "ff-bishop"}
    assert (every[0].pathway, every[0].stage) == (Pathway.STEP_UP, Stage.DISPATCHED)


@pytest.mark.parametrize("state", [ClockFilter.OPEN, ClockFilter.UNKNOWN])
async def test_pages_neither_slip_nor_repeat_also_across_teams(
    store: Store, state: ClockFilter
) -> None:
    sent = [numbered_transfer(number) for number in range(3)]
    population = _population(random.Random(20261123))  # noqa: S311
    await keep(store, *sent)
    async with store.write() as tx:
        for transfer in sent:
            await wind_clocks(tx, transfer, population, NOW, new=True)
    both = replace(ALL, which=state, whose=BOTH, limit=7)
    pages: list[list[FoundClock]] = []

    while page := await _found(store, replace(both, after=pages[-1][-1].key if pages else None)):
        pages.append(page)

    whole = await _found(store, replace(ALL, which=state))
    assert [clock for page in pages for clock in page] == whole
    assert len(pages) > 2


async def test_clocks_are_found_within_the_authority_the_teams_and_what_is_visible(
    store: Store,
) -> None:
    up, down = numbered_transfer(1), numbered_transfer(2, pathway=Pathway.STEP_DOWN)
    await keep(store, up, down)
    async with store.write() as tx:
        for transfer in (up, down):
            await wind_clocks(tx, transfer, [RUNNING], NOW, new=True)
    narrow = {
        "everything": ALL,
        "another authority": replace(ALL, authority="elsewhere"),
        "a team": replace(ALL, whose=RECEIVING),
        "a team of another authority": replace(ALL, authority="elsewhere", whose=RECEIVING),
        "no team": replace(ALL, whose=VisibleTo()),
        "visible to the origin": replace(ALL, visible_to=VisibleTo(frozenset({"op-bishop"}))),
        "visible to nobody": replace(ALL, visible_to=VisibleTo()),
    }

    found = {
        name: [clock.transfer for clock in await _found(store, sought)]
        for name, sought in narrow.items()
    }

    assert found == {
        "everything": [up.id, down.id],
        "another authority": [],
        "a team": [up.id],
        "a team of another authority": [],
        "no team": [],
        "visible to the origin": [up.id, down.id],
        "visible to nobody": [],
    }


async def _crowd(store: Store) -> None:
    """Many transfers with a clock each, of all states and of two teams."""
    sent = numbered_transfer(0)
    await keep(store, sent)
    async with store.write() as tx:
        (one,) = (await tx.connection.execute(select(transfers))).mappings().all()
        await tx.connection.execute(
            insert(transfers), [{**one, "id": numbered(n)} for n in range(1, MANY)]
        )
        await wind_clocks(tx, sent, [RUNNING], NOW, new=True)
        (clock,) = (await tx.connection.execute(select(clocks))).mappings().all()
        await tx.connection.execute(
            insert(clocks),
            [
                {
                    **clock,
                    "transfer": numbered(n),
                    "team": ("ff-bishop", "op-bishop")[n % 2],
                    "due_at": NOW + n * HOUR / 60,
                    "open": n % 3 > 0,
                    "series": ("weekly", "fortnightly")[n % 2],
                    "alert_at": NOW + n * HOUR / 60 if n % 3 > 0 else None,
                }
                for n in range(1, MANY)
            ],
        )
        await tx.connection.execute(text("ANALYZE"))


async def test_what_is_late_and_what_must_be_alerted_are_each_a_scan_of_one_index(
    store: Store,
) -> None:
    await _crowd(store)
    later = NOW + HOUR * 10
    page = replace(ALL, which=ClockFilter.LATE, now=later, limit=50)
    next_page = replace(page, after=(NOW + HOUR, numbered(60), KIND.code))
    queries = {
        "ix_clocks_open_by_team": _query(replace(next_page, whose=RECEIVING)),
        "ix_clocks_open_by_authority": _query(next_page),
        "ix_clocks_open_by_series": _query(replace(next_page, whose=SERIES)),
        "ix_clocks_alert_at": alerts_query(later, 100),
    }

    async with store.read() as tx:
        plans = {index: await plan(tx, query) for index, query in queries.items()}
        of_two_teams = await plan(tx, _query(replace(page, whose=BOTH)))

    for index, found in plans.items():
        assert index in found, found
        assert not re.search("Seq Scan|Sort|SCAN clocks|SCAN transfers|TEMP B-TREE", found), found
    assert of_two_teams.count("ix_clocks_open_by_team") == 2
    assert not re.search("Seq Scan|SCAN clocks|SCAN transfers", of_two_teams), of_two_teams
