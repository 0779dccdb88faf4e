"""Leasing, settling and freeing rows of the outbox."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from builders import NOW, transfer_at
from store.kept import delivered_rows, keep, message, numbered_transfer, queue, queue_many, states

from app.domain.duty_task import CaseSystem
from app.domain.messages import MessageKind
from app.domain.pathway import Stage
from app.store.deliveries import count_unsettled, load_delivery
from app.store.delivery_rows import (
    CANCELLED,
    DELIVERED,
    LEASE_RAN_OUT,
    LEASED,
    PARKED,
    PENDING,
    UNCERTAIN,
    Delivery,
    DeliveryState,
    Settlement,
)
from app.store.engine import Store
from app.store.leases import Proof, claim, give_back, prove_delivered, replay, settle

LEASE = timedelta(seconds=60)
LCS, EHM = CaseSystem.LCS, CaseSystem.EHM
DELIVER, WITHDRAW, PICK_UP, LOOK_UP = (
    MessageKind.DELIVER_TASK, MessageKind.WITHDRAW_TASK, MessageKind.PICK_UP_TASK,
    MessageKind.LOOK_UP_TASK,
)  # fmt: skip
SENT = transfer_at(Stage.DISPATCHED)
OK = Settlement(DELIVERED, "in the tray")


async def _claim(
    store: Store, worker: str = "one", now: datetime = NOW, **limits: int
) -> list[Delivery]:
    async with store.write() as tx:
        return await claim(tx, worker, now, lease=LEASE, limits=limits or {"lcs": 16, "ehm": 16})


async def _settle(
    store: Store, delivery: Delivery, settlement: Settlement = OK, now: datetime = NOW
) -> bool:
    async with store.write() as tx:
        return delivery.id in await settle(tx, [(delivery, settlement)], now)


async def _stuck(store: Store, state: DeliveryState = PARKED) -> Delivery:
    """The oldest claimable row, claimed and put aside."""
    (row, *_) = await _claim(store, lcs=1)
    assert await _settle(store, row, Settlement(state, "refused", ambiguous=state is UNCERTAIN))
    return row


async def test_a_claimed_row_says_all_that_its_push_needs(store: Store) -> None:
    sent = message(DELIVER, SENT)
    await keep(store, SENT)
    await queue(store, sent, immediate_risk=True)

    (row,) = await _claim(store)

    assert (row.key, row.payload, row.kind) == (sent.key, sent.payload, DELIVER)
    assert (row.state, row.attempts, row.leased_by) == (LEASED, 1, "one")
    assert (row.ambiguous, row.immediate_risk, row.created_at) == (False, True, NOW)


async def test_order_holds_within_a_transfer_and_destination_and_only_there(store: Store) -> None:
    other = numbered_transfer(2)
    await keep(store, SENT, other)
    await queue(
        store,
        message(DELIVER, SENT),
        message(PICK_UP, SENT),
        message(DELIVER, other),
        message(LOOK_UP, SENT, destination=EHM),
    )

    first = await _claim(store)
    while_leased = await _claim(store, "two")
    await _settle(store, first[0])
    then = await _claim(store)

    assert [(row.transfer, row.kind, row.destination) for row in first] == [
        (SENT.id, DELIVER, LCS),
        (other.id, DELIVER, LCS),
        (SENT.id, LOOK_UP, EHM),
    ]
    assert while_leased == []
    assert [(row.transfer, row.kind) for row in then] == [(SENT.id, PICK_UP)]


async def test_a_row_that_waits_for_its_time_holds_back_the_later_ones_of_its_pair(
    store: Store,
) -> None:
    await keep(store, SENT)
    await queue(store, message(DELIVER, SENT), message(PICK_UP, SENT))
    (row,) = await _claim(store)
    await _settle(store, row, Settlement(PENDING, "status 500", NOW + timedelta(seconds=5)))

    too_early = await _claim(store, now=NOW + timedelta(seconds=4.999))
    in_time = await _claim(store, now=NOW + timedelta(seconds=5))

    assert too_early == []
    assert [row.kind for row in in_time] == [DELIVER]
    assert in_time[0].attempts == 2


async def test_a_limit_counts_for_its_destination_alone_and_zero_claims_nothing(
    store: Store,
) -> None:
    transfers = [numbered_transfer(n) for n in range(1, 4)]
    await keep(store, *transfers)
    for destination in CaseSystem:
        await queue(store, *(message(LOOK_UP, t, destination=destination) for t in transfers))

    claimed = await _claim(store, lcs=2, ehm=0)

    assert [row.destination for row in claimed] == [LCS, LCS]


async def test_h04_a_lease_that_runs_out_comes_back_ambiguous_and_not_before(
    store: Store,
) -> None:
    await keep(store, SENT)
    await queue(store, message(DELIVER, SENT))
    await _claim(store, "killed")

    in_time = await _claim(store, "two", NOW + LEASE)
    late = await _claim(store, "two", NOW + LEASE + timedelta(microseconds=1))

    assert in_time == []
    assert [(row.ambiguous, row.attempts, row.leased_by) for row in late] == [(True, 2, "two")]
    assert [row.outcome for row in late] == [LEASE_RAN_OUT]


async def test_h05_the_loser_of_a_lease_settles_nothing(store: Store) -> None:
    await keep(store, SENT)
    await queue(store, message(DELIVER, SENT))
    (lost,) = await _claim(store, "one")
    (held,) = await _claim(store, "one", NOW + 2 * LEASE)  # the same worker, another attempt

    refused = [
        await _settle(store, lost),
        await _settle(store, replace(held, leased_by="two")),
        await _settle(store, replace(held, id=held.id + 1)),
    ]
    taken = await _settle(store, held, now=NOW + LEASE)
    twice = await _settle(store, held, Settlement(PARKED, "late"))
    (row,) = await delivered_rows(store)

    assert refused == [False, False, False]
    assert (taken, twice) == (True, False)
    assert (row.state, row.settled_at, row.leased_by) == (DELIVERED, NOW + LEASE, None)


@pytest.mark.parametrize(
    "database_url", [pytest.param("sqlite", marks=pytest.mark.long), "postgresql"], indirect=True
)
async def test_h05_two_workers_never_claim_the_same_row_and_keep_each_pair_in_order(
    store: Store, database_url: str
) -> None:
    await queue_many(store, SENT, 200)
    pairs = [numbered_transfer(n) for n in range(1, 21)]
    await keep(store, *pairs)
    for kind in (DELIVER, PICK_UP, LOOK_UP):
        await queue(store, *(message(kind, transfer) for transfer in pairs))
    other_process = Store(database_url)
    pushed: list[Delivery] = []

    async def work(opened: Store, worker: str) -> None:
        while claimed := await _claim(opened, worker, lcs=20):
            for row in claimed:
                pushed.append(row)
                assert await _settle(opened, row)

    async def until_empty(opened: Store, worker: str) -> None:
        while len(pushed) < 260:
            await work(opened, worker)
            await asyncio.sleep(0)

    await asyncio.gather(until_empty(store, "one"), until_empty(other_process, "two"))
    await other_process.close()

    assert set(Counter(row.id for row in pushed).values()) == {1}
    assert len(pushed) == 260
    assert {row.leased_by for row in pushed} == {"one", "two"}
    order = {kind: place for place, kind in enumerate((DELIVER, PICK_UP, LOOK_UP))}
    for transfer in pairs:
        kinds = [order[row.kind] for row in pushed if row.transfer == transfer.id]
        assert kinds == [0, 1, 2]
    assert set(await states(store)) == {DELIVERED}


async def test_h05_eight_claims_at_once_share_the_rows_out(store: Store, database_url: str) -> None:
    await queue_many(store, SENT, 120)
    other_process = Store(database_url)

    claims = await asyncio.gather(
        *(_claim((store, other_process)[n % 2], f"worker {n}", lcs=30) for n in range(8))
    )
    await other_process.close()

    ids = [row.id for claimed in claims for row in claimed]
    assert len(ids) == len(set(ids))
    assert len(ids) <= 120


@pytest.mark.parametrize("state", [PARKED, UNCERTAIN])
async def test_a_task_put_aside_holds_back_its_pair_until_it_is_replayed(
    store: Store, state: DeliveryState
) -> None:
    await keep(store, SENT)
    await queue(
        store,
        message(DELIVER, SENT),
        message(PICK_UP, SENT),
        message(LOOK_UP, SENT, destination=EHM),
    )
    task = await _stuck(store, state)

    held_back = await _claim(store)
    async with store.write() as tx:
        replayed = await replay(tx, task.id, NOW)
    first = await _claim(store)
    await _settle(store, first[0])
    then = await _claim(store)

    assert [row.destination for row in held_back] == [EHM]
    assert replayed
    assert [row.kind for row in first] == [DELIVER]
    assert [row.kind for row in then] == [PICK_UP]


async def test_any_other_message_put_aside_holds_back_nothing(store: Store) -> None:
    await keep(store, SENT)
    await queue(store, message(PICK_UP, SENT), message(LOOK_UP, SENT))
    await _stuck(store)

    claimed = await _claim(store)

    assert [row.kind for row in claimed] == [LOOK_UP]


async def test_a_replay_keeps_key_and_payload_and_begins_the_steps_again(store: Store) -> None:
    await keep(store, SENT)
    await queue(store, message(DELIVER, SENT))
    before = await _stuck(store)
    later = NOW + timedelta(days=3)

    async with store.write() as tx:
        assert await replay(tx, before.id, later)
        assert not await replay(tx, before.id, later)
    (row,) = await _claim(store, now=later)

    assert (row.key, row.payload, row.id) == (before.key, before.payload, before.id)
    assert (row.attempts, row.created_at) == (1, NOW)


async def test_h05_a_person_who_replays_an_uncertain_task_decides_that_it_is_sent(
    store: Store,
) -> None:
    await keep(store, SENT)
    await queue(store, message(DELIVER, SENT))
    row = await _stuck(store, UNCERTAIN)

    async with store.write() as tx:
        await replay(tx, row.id, NOW)
    (claimed,) = await _claim(store)

    assert claimed.ambiguous is False


async def test_h05_a_replay_of_a_parked_task_that_may_be_there_still_says_so(
    store: Store,
) -> None:
    await keep(store, SENT)
    await queue(store, message(DELIVER, SENT))
    (row,) = await _claim(store)
    await _settle(store, row, Settlement(PARKED, "gave up", ambiguous=True))

    async with store.write() as tx:
        await replay(tx, row.id, NOW)
    (claimed,) = await _claim(store)

    assert claimed.ambiguous is True


@pytest.mark.parametrize("state", [PENDING, LEASED, DELIVERED, CANCELLED])
async def test_only_what_was_put_aside_can_be_replayed(store: Store, state: DeliveryState) -> None:
    await keep(store, SENT)
    await queue(store, message(PICK_UP, SENT))
    if state in (LEASED, DELIVERED):
        (row,) = await _claim(store)
        if state is DELIVERED:
            await _settle(store, row)
    elif state is CANCELLED:
        await queue(store, message(WITHDRAW, SENT))
    (row, *_) = await delivered_rows(store)

    async with store.write() as tx:
        replayed = await replay(tx, row.id, NOW)

    assert row.state is state
    assert replayed is False


async def test_a_withdrawal_cancels_what_waits_of_its_pair_and_nothing_else(
    store: Store,
) -> None:
    other = numbered_transfer(2)
    await keep(store, SENT, other)
    await queue(store, message(PICK_UP, SENT, "0"), message(DELIVER, other))
    (done, _) = await _claim(store)
    await _settle(store, done)
    await queue(
        store,
        message(DELIVER, SENT),
        message(PICK_UP, SENT),
        message(LOOK_UP, SENT, destination=EHM),
    )

    await queue(store, message(WITHDRAW, SENT))
    rows = await delivered_rows(store)
    (claimed,) = await _claim(store, lcs=9)

    assert [row.state for row in rows] == [
        DELIVERED, LEASED, CANCELLED, CANCELLED, PENDING, PENDING,
    ]  # fmt: skip
    assert {row.outcome for row in rows if row.state is CANCELLED} == {"withdrawn"}
    assert claimed.kind is WITHDRAW


@pytest.mark.parametrize("state", [PARKED, UNCERTAIN])
async def test_h02_a_task_put_aside_under_its_withdrawal_holds_back_nothing(
    store: Store, state: DeliveryState
) -> None:
    """Redirected while its push was under way, and the push then failed for good."""
    await keep(store, SENT)
    await queue(store, message(DELIVER, SENT))
    (under_way,) = await _claim(store)
    await queue(store, message(WITHDRAW, SENT), message(DELIVER, SENT, "2"))
    waiting = await _claim(store)

    await _settle(store, under_way, Settlement(state, "refused"))
    first = await _claim(store)
    await _settle(store, first[0])
    then = await _claim(store)

    assert waiting == []
    assert [row.kind for row in first] == [WITHDRAW]
    assert [(row.kind, row.key[-1]) for row in then] == [(DELIVER, "2")]


@pytest.mark.parametrize("state", [PENDING, LEASED, PARKED, UNCERTAIN])
async def test_h15_a_report_proves_delivery_whatever_we_saw_of_the_push(
    store: Store, state: DeliveryState
) -> None:
    await keep(store, SENT)
    await queue(store, message(DELIVER, SENT))
    pushing: Delivery | None = None
    if state is not PENDING:
        (pushing,) = await _claim(store)
        if state is not LEASED:
            await _settle(store, pushing, Settlement(state, "lost", ambiguous=True))

    async with store.write() as tx:
        await prove_delivered(tx, [Proof(SENT.id, LCS, 1)], NOW)
    (row,) = await delivered_rows(store)

    assert (row.state, row.outcome, row.ambiguous) == (DELIVERED, "proved by a report", False)
    assert pushing is None or not await _settle(store, pushing, Settlement(PARKED, "late"))


async def test_proof_changes_nothing_that_was_settled_before(store: Store) -> None:
    await keep(store, SENT)
    await queue(store, message(DELIVER, SENT))
    await queue(store, message(WITHDRAW, SENT))

    async with store.write() as tx:
        await prove_delivered(tx, [Proof(SENT.id, LCS, 1)], NOW)

    assert await states(store) == [CANCELLED, PENDING]


async def test_a_lease_given_back_is_due_at_once_and_ambiguous(store: Store) -> None:
    await keep(store, SENT)
    await queue(store, message(DELIVER, SENT))
    (row,) = await _claim(store, "stopping")

    async with store.write() as tx:
        given = await give_back(tx, [row], NOW)
        twice = await give_back(tx, [row], NOW)
    (again,) = await _claim(store, "two")

    assert (given, twice) == (frozenset({row.id}), frozenset())
    assert (again.ambiguous, again.attempts) == (True, 2)


async def test_the_same_message_is_queued_once(store: Store) -> None:
    await keep(store, SENT)

    await queue(store, message(LOOK_UP, SENT, "quiet-1"))
    await queue(store, message(LOOK_UP, SENT, "quiet-1"))

    assert await states(store) == [PENDING]


async def test_rows_are_listed_counted_and_loaded(store: Store) -> None:
    other = numbered_transfer(2)
    await keep(store, SENT, other)
    await queue(store, message(DELIVER, SENT), message(DELIVER, other))
    await queue(store, message(LOOK_UP, other, destination=EHM))
    parked = await _stuck(store)

    listed = await delivered_rows(store, state="parked")
    of_other = await delivered_rows(store, transfer=other.id)
    async with store.read() as tx:
        counts = await count_unsettled(tx)
        loaded = await load_delivery(tx, parked.id)
        missing = await load_delivery(tx, 10**6)

    assert [row.id for row in listed] == [parked.id]
    assert [row.destination for row in of_other] == [LCS, EHM]
    assert counts == {("lcs", "parked"): 1, ("lcs", "pending"): 1, ("ehm", "pending"): 1}
    assert loaded == listed[0]
    assert missing is None
