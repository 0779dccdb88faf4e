import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from builders import (
    NOW,
    TODAY,
    actor,
    child,
    new_records,
    opening,
    situation,
    step_down_form,
    transfer_at,
)
from sqlalchemy.exc import IntegrityError
from store.kept import act, calling, counted, keep, numbered, numbered_transfer, plain

from app.domain import commands as c
from app.domain.decide import decide
from app.domain.errors import ChildInTransfer, IllegalTransition, StaleVersion
from app.domain.form import FormReference
from app.domain.open_transfer import open_transfer as decide_open
from app.domain.pathway import Pathway, Stage
from app.domain.people import system_actor
from app.domain.referral_date import DateStanding
from app.domain.transfer import CreatedRecord, Milestone, Transfer
from app.store.deliveries import list_deliveries
from app.store.engine import Store
from app.store.failures import StoreContended
from app.store.transfers import insert_transfer, load_transfer, update_transfer
from app.usecases.act_on_transfer import act_on_transfer
from app.usecases.open_transfer import open_transfer

RIVALS = 8


class _Undone(Exception):
    """Rolls a transaction back."""


async def test_a_transfer_comes_back_as_it_was_kept_from_every_stage_of_both_pathways(
    store: Store,
) -> None:
    kept = [
        numbered_transfer(number, stage, pathway)
        for pathway in Pathway
        for number, stage in enumerate(Stage, start=100 if pathway is Pathway.STEP_UP else 200)
        if (pathway, stage) != (Pathway.STEP_UP, Stage.AWAITING_AUTHORISATION)
    ]

    await keep(store, *kept)
    async with store.read() as tx:
        found = [await load_transfer(tx, transfer.id) for transfer in kept]

    assert found == kept


async def test_every_field_that_a_transfer_can_bear_is_kept(store: Store) -> None:
    record = CreatedRecord(
        "REF-1",
        NOW + timedelta(microseconds=7),
        TODAY - timedelta(days=9),
        TODAY,
        manual=True,
        standing=DateStanding.DISCREPANCY,
        corrections=2,
        allocated_to="a.worker",
    )
    form = step_down_form(
        comments="Ünïcode, “quotes”, a tab\tand\na line",
        references=(FormReference("chronology", "CHR-9"),),
    )
    mark = Milestone(
        "consent_recorded", NOW, "a", NOW + timedelta(days=1), inferred=True, person="b",
        reason="c", note="d",
    )  # fmt: skip
    full = replace(
        transfer_at(Stage.ALLOCATED, Pathway.STEP_DOWN),
        form=form,
        children=(
            replace(child("DUR1"), upn="A950000178301", record=record),
            replace(child("DUR2"), nhs_number=None, upn_unknown="UN5"),
            replace(child("DUR3"), record=replace(record, record_id="REF-3", allocated_to=None)),
        ),
        version=2**31 - 1,
        holder="a.holder",
    ).with_milestone(mark)

    await keep(store, full)
    async with store.read() as tx:
        found = await load_transfer(tx, full.id)

    assert found is not None
    assert plain(found) == plain(full)


async def test_a_transfer_that_does_not_exist_is_not_found(store: Store) -> None:
    async with store.read() as tx:
        assert await load_transfer(tx, numbered(1)) is None


async def test_siblings_move_together_and_keep_their_order_and_their_own_records(
    store: Store,
) -> None:
    siblings = tuple(child(f"DUR{n}", f"Sibling {n}") for n in (3, 1, 2))
    before = transfer_at(Stage.PICKED_UP, children=siblings)
    await keep(store, before)

    start = c.Start(new_records(siblings, NOW))
    decision = await act(
        store, before, start, system_actor(situation().rules(before).to_system, "durham")
    )
    async with store.read() as tx:
        found = await load_transfer(tx, before.id)

    assert found == decision.after
    assert [x.record and x.record.record_id for x in decision.after.children] == [
        "REC-DUR3", "REC-DUR1", "REC-DUR2",
    ]  # fmt: skip


async def test_a_change_against_a_version_or_stage_that_has_passed_changes_nothing(
    store: Store,
) -> None:
    draft = transfer_at(Stage.DRAFT)
    await keep(store, draft)
    seen_otherwise = [replace(draft, version=9), replace(draft, stage=Stage.DISPATCHED)]

    for seen in seen_otherwise:
        with pytest.raises(StaleVersion):
            async with store.write() as tx:
                await update_transfer(tx, seen, replace(draft, version=2, holder="x"), NOW)

    async with store.read() as tx:
        assert await load_transfer(tx, draft.id) == draft


async def _open(store: Store, number: int, pathway: Pathway, *child_ids: str) -> Transfer | str:
    person = "op.worker" if pathway is Pathway.STEP_UP else "ff.socialworker"
    command = opening(pathway, id=numbered(number), children=tuple(map(child, child_ids)))
    try:
        async with store.write() as tx:
            decision, _ = await open_transfer(calling(tx, person), command)
            return decision.after
    except (ChildInTransfer, StoreContended) as refusal:
        return type(refusal).__name__


@pytest.mark.parametrize(
    "pathways",
    [(Pathway.STEP_UP,) * RIVALS, (Pathway.STEP_UP, Pathway.STEP_DOWN) * (RIVALS // 2)],
    ids=["h09 the same pathway", "h10 crossed pathways"],
)
async def test_h09_h10_of_eight_openings_for_one_child_exactly_one_wins(
    store: Store, database_url: str, pathways: tuple[Pathway, ...]
) -> None:
    other_process = Store(database_url)
    stores = [store, other_process]

    answers = await asyncio.gather(
        *(_open(stores[n % 2], n, way, "DUR1") for n, way in enumerate(pathways))
    )
    await other_process.close()

    won = [answer for answer in answers if isinstance(answer, Transfer)]
    assert len(won) == 1
    assert [answer for answer in answers if isinstance(answer, str)] == ["ChildInTransfer"] * 7
    rows = await counted(store)
    assert (rows["transfers"], rows["transfer_children"], rows["audit_events"]) == (1, 1, 1)


async def test_h09_siblings_named_in_opposite_orders_never_wait_for_each_other(
    store: Store,
) -> None:
    rivals: list[asyncio.Task[Transfer | str]] = []
    first = decide_open(opening(id=numbered(1)), actor("op.worker"), situation()).after

    with suppress(_Undone):
        async with store.write() as tx:
            await insert_transfer(tx, first, NOW)
            rivals += [
                asyncio.create_task(_open(store, 2, Pathway.STEP_UP, "DUR1001", "DUR2")),
                asyncio.create_task(_open(store, 3, Pathway.STEP_DOWN, "DUR2", "DUR1001")),
            ]
            await asyncio.sleep(0.2)  # both wait for the first one, which then steps aside
            raise _Undone
    answers = await asyncio.gather(*rivals)

    assert len([answer for answer in answers if isinstance(answer, Transfer)]) == 1
    assert "ChildInTransfer" in answers


async def test_h09_one_sibling_in_an_open_transfer_refuses_the_whole_group(store: Store) -> None:
    await keep(store, transfer_at(Stage.DRAFT, children=(child("DUR2"),)))

    answer = await _open(store, 1, Pathway.STEP_DOWN, "DUR1", "DUR2")

    assert answer == "ChildInTransfer"
    assert (await counted(store))["transfer_children"] == 1


@pytest.mark.parametrize(
    ("stage", "command", "ending"),
    [
        (Stage.ALLOCATED, c.Complete("Closed on paper"), Stage.COMPLETED),
        (Stage.DISPATCHED, c.Cancel("entered_in_error", ""), Stage.CANCELLED),
    ],
    ids=["completed", "cancelled"],
)
async def test_h09_an_ended_transfer_frees_the_child(
    store: Store, stage: Stage, command: c.Command, ending: Stage
) -> None:
    open_now = numbered_transfer(1, stage)
    await keep(store, open_now)

    refused = await _open(store, 2, Pathway.STEP_DOWN, "DUR1")
    ended = await act(store, open_now, command, actor("op.manager"))
    opened = await _open(store, 3, Pathway.STEP_DOWN, "DUR1")

    assert refused == "ChildInTransfer"
    assert ended.after.stage is ending
    assert isinstance(opened, Transfer)


async def test_h09_every_other_stage_keeps_the_child(store: Store) -> None:
    stages = [stage for stage in Stage if stage not in (Stage.COMPLETED, Stage.CANCELLED)]
    kept = [
        numbered_transfer(n, stage, Pathway.STEP_DOWN) for n, stage in enumerate(stages, start=1)
    ]
    await keep(store, *kept)

    answers = [
        await _open(store, 100 + n, Pathway.STEP_UP, f"DUR{n}") for n in range(1, len(stages) + 1)
    ]

    assert answers == ["ChildInTransfer"] * len(stages)


async def _act_once(store: Store, transfer: Transfer, command: c.Command, person: str) -> str:
    try:
        async with store.write() as tx:
            call = calling(tx, person)
            await act_on_transfer(call, transfer.id, command, expected_version=transfer.version)
    except (StaleVersion, IllegalTransition) as refusal:
        return type(refusal).__name__
    return "won"


async def test_h06_of_eight_managers_who_authorise_at_once_one_wins_and_one_task_is_made(
    store: Store, database_url: str
) -> None:
    waiting = transfer_at(Stage.AWAITING_AUTHORISATION, Pathway.STEP_DOWN)
    await keep(store, waiting)
    other_process = Store(database_url)
    stores = [store, other_process]

    answers = await asyncio.gather(
        *(
            _act_once(stores[n % 2], waiting, c.Authorise(), ("ff.manager", "ff.deputy")[n % 2])
            for n in range(RIVALS)
        )
    )
    await other_process.close()
    async with store.read() as tx:
        tasks = await list_deliveries(tx, authority="durham", transfer=waiting.id, limit=10)

    assert sorted(answers) == ["IllegalTransition"] * 7 + ["won"]
    assert [task.kind for task in tasks] == ["deliver_task"]


async def test_h06_compare_and_set_alone_lets_one_of_two_readers_through(store: Store) -> None:
    """Both have read and decided before either writes: the race that a check before writing loses.

    On SQLite writers come one after the other, on PostgreSQL the second waits for the row.
    """
    waiting = transfer_at(Stage.AWAITING_AUTHORISATION, Pathway.STEP_DOWN)
    await keep(store, waiting)
    where = situation()
    decisions = [
        decide(waiting, c.Authorise(), actor(p), where) for p in ("ff.manager", "ff.deputy")
    ]

    async def write(number: int) -> str:
        try:
            async with store.write() as tx:
                await update_transfer(tx, waiting, decisions[number].after, NOW)
                await asyncio.sleep(0.02)
        except StaleVersion:
            return "stale"
        return "won"

    answers = await asyncio.gather(write(0), write(1))

    assert sorted(answers) == ["stale", "won"]


async def test_of_eight_people_who_pick_up_at_once_one_holds_the_task(store: Store) -> None:
    sent = transfer_at(Stage.DISPATCHED)
    await keep(store, sent)
    people = ("ff.socialworker", "ff.manager", "ff.deputy", "ff.socialworker") * 2

    answers = await asyncio.gather(
        *(_act_once(store, sent, c.PickUp(person, NOW), person) for person in people)
    )
    async with store.read() as tx:
        found = await load_transfer(tx, sent.id)

    assert answers.count("won") == 1
    assert found is not None
    assert found.holder == people[answers.index("won")]
    assert [m.name for m in found.milestones].count("picked_up") == 1


async def test_opening_with_an_id_that_is_taken_is_no_second_open_transfer(store: Store) -> None:
    await keep(store, transfer_at(Stage.DRAFT))
    command = opening(children=(child("DUR7"),))
    decision = decide_open(command, actor("op.worker"), situation())

    with pytest.raises(IntegrityError):
        await keep(store, decision.after)
