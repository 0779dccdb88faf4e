"""Lists: what is found, in what order, page by page, and by whom."""

import random
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from builders import NOW, actor, child, opening, sample_directory, situation, transfer_at
from store.kept import calling, keep, message, numbered, numbered_transfer, queue

from app.domain.authority import VisibleTo, may_see, visible_to
from app.domain.messages import MessageKind
from app.domain.open_transfer import open_transfer
from app.domain.pathway import Pathway, Stage
from app.domain.people import Actor, Membership, Role
from app.domain.transfer import BookedMeeting, Transfer
from app.store import counted
from app.store.counted import Counted, count_transfers
from app.store.engine import Store
from app.store.search import find_transfers
from app.store.sought import Between, FoundTransfer, Sought
from app.usecases import find_transfers as usecase
from app.usecases.watch_deliveries import find_deliveries

ALL = Sought("durham", None, NOW, limit=1000)
OF_BISHOP = usecase.Filters(team="op-bishop")


async def _found(store: Store, sought: Sought) -> list[FoundTransfer]:
    async with store.read() as tx:
        return await find_transfers(tx, sought)


async def _counted(store: Store, sought: Sought) -> list[Counted]:
    async with store.read() as tx:
        return await count_transfers(tx, sought)


async def test_each_filter_finds_its_own_and_filters_narrow_each_other(store: Store) -> None:
    draft_up = numbered_transfer(1, Stage.DRAFT, route="immediate_risk")
    sent_up = numbered_transfer(2, Stage.DISPATCHED, children=(child("DURA"), child("DURB")))
    sent_up = replace(sent_up, holder="a.holder")
    sent_down = numbered_transfer(3, Stage.DISPATCHED, Pathway.STEP_DOWN)
    sent_down = replace(sent_down, lead_professional="a.leader")
    ended = numbered_transfer(4, Stage.CANCELLED, children=(child("DURA"),))
    await keep(store, draft_up, ended, sent_up, sent_down)
    narrow = {
        "pathway": replace(ALL, pathway=Pathway.STEP_DOWN),
        "stage": replace(ALL, stage=Stage.DISPATCHED),
        "child, ended or not": replace(ALL, child_id="DURA"),
        "team, at either end": replace(ALL, team="op-bishop"),
        "all at once": replace(
            ALL, stage=Stage.DISPATCHED, child_id="DURB", pathway=Pathway.STEP_UP, team="ff-bishop"
        ),
        "another authority": replace(ALL, authority="elsewhere"),
        "nobody's": replace(ALL, visible_to=VisibleTo()),
        "route": replace(ALL, route="immediate_risk"),
        "recipient, sent or not": replace(ALL, recipient="ff-bishop"),
        "sent by": replace(ALL, sent_by=frozenset({"op-bishop", "op-east"})),
        "sent by, and sent": replace(ALL, sent_by=frozenset({"op-bishop"}), sent=True),
        "sent to": replace(ALL, sent_to=frozenset({"ff-bishop"})),
        "sent to nobody": replace(ALL, sent_to=frozenset()),
        "a worker's": replace(ALL, of_person="op.worker"),
        "a holder's": replace(ALL, of_person="a.holder"),
        "a lead professional's": replace(ALL, of_person="a.leader"),
        "waiting, for nobody": replace(ALL, waiting=()),
        "opened since": replace(ALL, opened=Between(NOW, None)),
        "opened before": replace(ALL, opened=Between(None, NOW)),
        "changed before": replace(ALL, changed=Between(None, NOW)),
    }

    found = {
        name: {int(line.id[-4:]) for line in await _found(store, sought)}
        for name, sought in narrow.items()
    }

    assert found == {
        "pathway": {3},
        "stage": {2, 3},
        "child, ended or not": {2, 4},
        "team, at either end": {1, 2, 3, 4},
        "all at once": {2},
        "another authority": set(),
        "nobody's": set(),
        "route": {1},
        "recipient, sent or not": {1, 2, 4},
        "sent by": {1, 2, 4},
        "sent by, and sent": {2},
        "sent to": {2},
        "sent to nobody": set(),
        "a worker's": {1, 2, 4},
        "a holder's": {2},
        "a lead professional's": {3},
        "waiting, for nobody": set(),
        "opened since": {1, 2, 3, 4},
        "opened before": set(),
        "changed before": set(),
    }
    assert sum(count.transfers for count in await _counted(store, narrow["a worker's"])) == 3


async def test_pages_neither_slip_nor_repeat_while_transfers_are_opened_between_them(
    store: Store,
) -> None:
    opened = open_transfer(opening(), actor("op.worker"), situation()).after
    times = [NOW + timedelta(microseconds=n // 5) for n in range(23)]
    for number, at in enumerate(times):
        await keep(store, _copy(opened, number), now=at)
    before, pages, later = None, [], 1000

    while page := await _found(store, replace(ALL, before=before, limit=4)):
        pages.append(page)
        before = (page[-1].opened_at, page[-1].id)
        later += 1
        await keep(store, _copy(opened, later), now=NOW + timedelta(seconds=later))

    lines = [line for page in pages for line in page]
    assert [len(page) for page in pages] == [4, 4, 4, 4, 4, 3]
    assert {line.id for line in lines} == {numbered(number) for number in range(23)}
    keys = [(line.opened_at, line.id) for line in lines]
    assert keys == sorted(set(keys), reverse=True)


def _copy(transfer: Transfer, number: int) -> Transfer:
    return replace(transfer, id=numbered(number), children=(child(f"DUR{number}"),))


def _population(chance: random.Random) -> list[Transfer]:
    """Transfers with every team at either end, at every stage, dispatched before or not."""
    teams = [team.id for team in sample_directory().teams]
    base = transfer_at(Stage.DRAFT)
    return [
        replace(
            _copy(base, number),
            stage=stage,
            dispatch=chance.choice((0, 1, 2)),
            origin_team=chance.choice(teams[:4]),
            form=replace(base.form, recipient=chance.choice([*teams[:4], None])),
            meeting=chance.choice([None, *(BookedMeeting(x, NOW) for x in ("weekly", "other"))]),
        )
        for number, stage in enumerate(list(Stage) * 14)
    ]


def _everybody() -> list[Actor]:
    listed = [actor(person.id) for person in sample_directory().people]
    made_up = [
        Actor("nobody", "durham"),
        Actor("stranger", "elsewhere", frozenset({Membership(Role.AUDITOR)})),
        Actor("auditor", "durham", frozenset({Membership(Role.AUDITOR)})),
        Actor(
            "two teams",
            "durham",
            frozenset({Membership(Role.CHAIR, "op-bishop"), Membership(Role.CHAIR, "op-east")}),
        ),
        Actor(
            "a team and two series",
            "durham",
            frozenset(
                {
                    Membership(Role.PRACTITIONER, "op-bishop"),
                    Membership(Role.MEMBER, meeting="weekly"),
                    Membership(Role.CHAIR, meeting="other"),
                }
            ),
        ),
    ]
    return listed + made_up


async def test_the_lists_show_each_person_exactly_what_the_domain_lets_them_see(
    store: Store,
) -> None:
    population = _population(random.Random(20261120))  # noqa: S311 - the same every time
    await keep(store, *population)
    await queue(store, *(message(MessageKind.LOOK_UP_TASK, one) for one in population))

    async with store.read() as tx:
        for person in _everybody():
            call = calling(tx, person)
            listed = await usecase.find_transfers(call, usecase.Filters(), limit=1000)
            counted = await usecase.count_transfers(call, usecase.Filters())
            deliveries = await find_deliveries(call, None, 0, 1000)

            seen = {transfer.id for transfer in population if may_see(person, transfer)}
            assert {line.id for line in listed} == seen, person.id
            assert sum(count.transfers for count in counted) == len(seen), person.id
            assert {delivery.transfer for delivery in deliveries} == seen, person.id
            of_team = await usecase.find_transfers(call, OF_BISHOP, limit=1000)
            theirs = {x.id for x in population if "op-bishop" in (x.origin_team, x.form.recipient)}
            assert {line.id for line in of_team} == seen & theirs, person.id


async def test_a_line_says_where_the_transfer_stands_and_since_when(store: Store) -> None:
    sent = numbered_transfer(7, Stage.PICKED_UP)
    await keep(store, sent)

    (line,) = await _found(store, ALL)

    assert line == FoundTransfer(
        id=sent.id,
        pathway="step_up",
        route="meeting",
        stage="picked_up",
        version=sent.version,
        origin_team="op-bishop",
        recipient_team="ff-bishop",
        sent_to="ff-bishop",
        holder="receiver",
        lead_professional=None,
        opened_at=NOW,
        changed_at=NOW,
    )
    assert isinstance(line.opened_at, datetime)


async def test_what_is_over_is_counted_to_a_limit_and_what_is_open_to_the_last_one(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counted, "MOST_COUNTED", 3)
    over = [Stage.COMPLETED] * 5 + [Stage.CANCELLED] * 3
    every = [*over, *[Stage.DISPATCHED] * 6]
    await keep(store, *(replace(numbered_transfer(n), stage=s) for n, s in enumerate(every)))
    manager = replace(ALL, visible_to=visible_to(actor("op.manager")))

    for sought in (
        ALL,
        manager,
        replace(ALL, recipient="ff-bishop"),
        replace(ALL, team="op-bishop"),
    ):
        counts = {count.stage: count for count in await _counted(store, sought)}

        assert (counts[Stage.DISPATCHED].transfers, counts[Stage.DISPATCHED].at_least) == (6, False)
        assert (counts[Stage.CANCELLED].transfers, counts[Stage.CANCELLED].at_least) == (3, False)
        assert (counts[Stage.COMPLETED].transfers, counts[Stage.COMPLETED].at_least) == (4, True)


async def test_of_one_person_and_of_one_series_the_newest_are_counted_and_all_is_at_least(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counted, "MOST_COUNTED", 3)
    booked = BookedMeeting("weekly", NOW)
    await keep(store, *(replace(numbered_transfer(n), meeting=booked) for n in range(5)))
    series = replace(ALL, visible_to=VisibleTo(series=frozenset({"weekly"})))

    for sought in (replace(ALL, of_person="op.worker"), series):
        assert [(c.transfers, c.at_least) for c in await _counted(store, sought)] == [(4, True)]


async def test_what_is_few_is_counted_to_the_last_one(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counted, "MOST_COUNTED", 0)
    await keep(store, numbered_transfer(1, Stage.COMPLETED))

    counts = await _counted(store, replace(ALL, child_id="DUR1"))

    assert [(count.transfers, count.at_least) for count in counts] == [(1, False)]


async def test_of_what_is_over_no_more_is_read_than_a_limit_whatever_of_it_is_counted(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counted, "MOST_READ", 3)
    every = [numbered_transfer(n, Stage.COMPLETED) for n in range(4)]
    await keep(store, *every, numbered_transfer(4, Stage.CANCELLED))

    found = [
        [
            (count.stage, count.transfers, count.at_least)
            for count in await _counted(store, replace(ALL, pathway=pathway))
        ]
        for pathway in (every[0].pathway, *(set(Pathway) - {every[0].pathway}))
    ]

    assert [sorted(lines) for lines in found] == [
        [(Stage.CANCELLED, 1, False), (Stage.COMPLETED, 3, True)],
        [(Stage.COMPLETED, 0, True)],
    ]
