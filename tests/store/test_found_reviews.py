"""Reviews after a transfer: which are found, by whom, in what order, and by which index."""

import random
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from builders import NOW, transfer_at
from sqlalchemy import insert, select, text
from store.kept import keep, numbered, numbered_transfer
from store.plans import plan
from store.test_wound_clocks import KIND, RUNNING, of_kind

from app.domain.authority import VisibleTo, may_see
from app.domain.clocks import Clock
from app.domain.milestone_kind import Side
from app.domain.pathway import Stage
from app.domain.people import Actor, Membership, Role
from app.domain.review_standing import Standing, standing
from app.domain.transfer import BookedMeeting, Transfer
from app.store.clocks import wind_clocks
from app.store.engine import Store
from app.store.found_clocks import clocks_query, find_clocks
from app.store.sought import Between
from app.store.sought_clocks import EVERYTHING, FoundClock, Reviews, SoughtClocks
from app.store.tables import clocks, transfers

HOUR = timedelta(hours=1)
SENT = transfer_at(Stage.DISPATCHED)
ALL = SoughtClocks("durham", EVERYTHING, Reviews(), NOW, limit=1000)
REVIEW = of_kind(RUNNING, "review", review=True)
MANY = 3000


async def _found(store: Store, sought: SoughtClocks) -> list[FoundClock]:
    async with store.read() as tx:
        return await find_clocks(tx, sought)


async def _wound(store: Store, transfer: Transfer, population: Iterable[Clock]) -> None:
    async with store.write() as tx:
        await wind_clocks(tx, transfer, population, NOW, new=True)


def _population() -> list[Clock]:
    """Reviews in every state at NOW, on both sides; every fourth clock brings none."""
    chance = random.Random(20261125)  # noqa: S311 - the same every time
    made = [of_kind(Clock(KIND), "waiting", review=True)]
    for number in range(80):
        due = NOW + chance.randint(-9, 9) * HOUR
        started = min(NOW, due) - chance.randint(0, 30) * HOUR
        ends: dict[str, Any] = chance.choice(
            ({}, {}, {"paused_at": NOW}, {"met_at": NOW}, {"stopped_at": NOW})
        )
        undated = "met_at" not in ends and number % 3 == 0
        clock = Clock(KIND, started, None if undated else due, **ends)
        side = chance.choice((Side.ORIGIN, Side.RECEIVING))
        changes: dict[str, Any] = {"falls_to": side, "review": number % 4 > 0}
        made.append(of_kind(clock, f"clock-{number:02}", **changes))
    return made


async def test_each_standing_finds_the_reviews_that_stand_so_and_no_other_clock(
    store: Store,
) -> None:
    await keep(store, SENT)
    population = _population()
    await _wound(store, SENT, population)

    found = {x: await _found(store, replace(ALL, which=Reviews(x))) for x in Standing}
    unasked = await _found(store, ALL)

    for wanted, listed in found.items():
        stand = {c.kind.code for c in population if c.kind.review and standing(c, NOW) is wanted}
        assert {review.code for review in listed} == stand, wanted
        assert stand, wanted
        assert listed == sorted(listed, key=lambda x: (x.due_at or NOW, x.transfer, x.code))
    open_ones = {x.code for which in (Standing.DUE, Standing.LATE) for x in found[which]}
    assert {x.code for x in unasked} == open_ones


@pytest.mark.parametrize("which", list(Standing))
async def test_pages_of_reviews_neither_slip_nor_repeat_across_both_sides(
    store: Store, which: Standing
) -> None:
    sent = [numbered_transfer(number) for number in range(3)]
    await keep(store, *sent)
    for transfer in sent:
        await _wound(store, transfer, _population())
    both = VisibleTo(frozenset({"ff-bishop", "op-bishop"}))
    sought = replace(ALL, which=Reviews(which), whose=both, limit=2)
    pages: list[list[FoundClock]] = []

    while page := await _found(store, replace(sought, after=pages[-1][-1].key if pages else None)):
        pages.append(page)

    whole = await _found(store, replace(ALL, which=Reviews(which)))
    assert [review for page in pages for review in page] == whole
    assert len(pages) > 1


def _actor(*memberships: Membership) -> Actor:
    return Actor("somebody", "durham", frozenset(memberships))


WHO = {
    "the sending team": _actor(Membership(Role.PRACTITIONER, "op-bishop")),
    "the receiving team": _actor(Membership(Role.PRACTITIONER, "ff-bishop")),
    "another team": _actor(Membership(Role.TEAM_MANAGER, "ff-chester")),
    "the series": _actor(Membership(Role.CHAIR, meeting="weekly")),
    "another series": _actor(Membership(Role.CHAIR, meeting="fortnightly")),
    "both": _actor(
        Membership(Role.PRACTITIONER, "op-bishop"), Membership(Role.CHAIR, meeting="weekly")
    ),
    "the same series elsewhere": replace(
        _actor(Membership(Role.CHAIR, meeting="weekly")), authority="elsewhere"
    ),
}


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("stage", [Stage.DRAFT, Stage.DISPATCHED])
async def test_a_review_is_found_by_exactly_those_who_may_see_its_transfer(
    store: Store, stage: Stage, side: Side
) -> None:
    transfer = replace(transfer_at(stage), meeting=BookedMeeting("weekly", NOW))
    await keep(store, transfer)
    await _wound(store, transfer, [of_kind(REVIEW, "review", review=True, falls_to=side)])

    found = {}
    for name, actor in WHO.items():
        whose = VisibleTo(actor.teams(), actor.series())
        sought = replace(ALL, authority=actor.authority, whose=whose)
        found[name] = [x.transfer for x in await _found(store, sought)]

    assert found == {
        name: [transfer.id] if may_see(actor, transfer) else [] for name, actor in WHO.items()
    }


async def test_a_review_that_waits_is_no_more_listed_once_its_transfer_is_cancelled(
    store: Store,
) -> None:
    waiting = of_kind(Clock(KIND), "review", review=True)
    await keep(store, SENT)
    await _wound(store, SENT, [waiting])
    sought = replace(ALL, which=Reviews(Standing.WAITING))
    before = await _found(store, sought)

    async with store.write() as tx:
        cancelled = replace(SENT, stage=Stage.CANCELLED)
        await wind_clocks(tx, cancelled, [waiting], NOW, new=False)

    assert [review.code for review in before] == ["review"]
    assert await _found(store, sought) == []


async def test_reviews_are_found_by_when_they_are_due(store: Store) -> None:
    await keep(store, SENT)
    await _wound(store, SENT, [replace(REVIEW, due_at=NOW + HOUR)])
    spans = {
        "from its due time": Between(NOW + HOUR),
        "after it": Between(NOW + 2 * HOUR),
        "before it": Between(None, NOW + HOUR),
        "around it": Between(NOW, NOW + 2 * HOUR),
    }

    found = {name: len(await _found(store, replace(ALL, due=x))) for name, x in spans.items()}

    assert found == {"from its due time": 1, "after it": 0, "before it": 0, "around it": 1}


async def _crowd(store: Store) -> None:
    """Many transfers with a clock each, one in three of them a review."""
    sent = numbered_transfer(0)
    await keep(store, sent)
    await _wound(store, sent, [REVIEW])
    async with store.write() as tx:
        (one,) = (await tx.connection.execute(select(transfers))).mappings().all()
        (clock,) = (await tx.connection.execute(select(clocks))).mappings().all()
        more = range(1, MANY)
        await tx.connection.execute(insert(transfers), [{**one, "id": numbered(n)} for n in more])
        rows = [
            {
                **clock,
                "transfer": numbered(n),
                "team": ("ff-bishop", "op-bishop")[n % 2],
                "other_team": ("op-bishop", "ff-bishop")[n % 2],
                "series": ("weekly", "fortnightly")[n % 2],
                "due_at": NOW + n * HOUR / 60 if n % 5 else None,
                "review": n % 3 == 0,
                "open": n % 2 > 0,
            }
            for n in more
        ]
        await tx.connection.execute(insert(clocks), rows)
        await tx.connection.execute(text("ANALYZE"))


@pytest.mark.long
@pytest.mark.parametrize("which", list(Standing))
async def test_a_page_of_reviews_is_a_range_of_an_index_for_each_that_may_see_them(
    store: Store, which: Standing
) -> None:
    await _crowd(store)
    now = NOW + HOUR * 10
    page = replace(ALL, which=Reviews(which), now=now, limit=50)
    team = replace(page, whose=VisibleTo(frozenset({"ff-bishop"})))
    series = replace(page, whose=VisibleTo(series=frozenset({"weekly"})))
    plans = {}

    async with store.read() as tx:
        for sought in (page, team, series):
            query = clocks_query(sought)
            assert query is not None
            plans[str(sought.whose)] = await plan(tx, query)

    for found in plans.values():
        assert re.search("ix_clocks_(reviews|open)_by_", found), found
        assert not re.search("Seq Scan|SCAN clocks|SCAN transfers", found), found
    # at both sides; what waits may be open or not, what is due may be paused past its day
    arms = 4 if which in {Standing.WAITING, Standing.DUE} else 2
    assert plans[str(team.whose)].count("ix_clocks_") == arms, plans
