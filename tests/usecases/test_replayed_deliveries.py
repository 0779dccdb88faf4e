"""Replaying what was put aside: by whom, and what of it is remembered."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from builders import NOW, transfer_at
from store.kept import calling, delivered_rows, keep, message, queue

from app.domain.errors import NotPermitted, NotVisible
from app.domain.messages import MessageKind
from app.domain.pathway import Stage
from app.store.audit import history_of
from app.store.delivery_rows import PARKED, PENDING, Delivery, Settlement
from app.store.engine import Store
from app.store.leases import claim, settle
from app.usecases.replay_delivery import NotStuck, replay_delivery

SENT = transfer_at(Stage.DISPATCHED)
LATER = NOW + timedelta(days=2)


async def _parked(store: Store) -> Delivery:
    await keep(store, SENT)
    await queue(store, message(MessageKind.DELIVER_TASK, SENT))
    async with store.write() as tx:
        lease, limits = timedelta(minutes=1), {"lcs": 1}
        (row,) = await claim(tx, "relay", NOW, lease=lease, limits=limits)
        await settle(tx, [(row, Settlement(PARKED, "refused: status 422"))], NOW)
    return row


async def _replay(store: Store, person: str, delivery_id: int) -> Delivery:
    async with store.write() as tx:
        call = calling(tx, person, LATER)
        return await replay_delivery(call, delivery_id, "tray_corrected")


Refusal = type[Exception] | None
CASES: dict[str, Refusal] = {
    "op.manager": None,
    "ff.manager": None,
    "operations.manager": None,
    "systems.team": None,
    "op.worker": NotPermitted,
    "ff.socialworker": NotPermitted,
    "ff.coordinator": NotPermitted,
    "lcs.service": NotPermitted,
    "op.chester.manager": NotVisible,
    "ff.chester.manager": NotVisible,
}


@pytest.mark.parametrize("kind", ["may", "may not"])
async def test_managers_of_either_team_and_administrators_replay_and_nobody_else(
    store: Store, kind: str
) -> None:
    row = await _parked(store)
    people = [person for person, refusal in CASES.items() if (refusal is None) == (kind == "may")]

    answers = {person: await _answer(_replay, store, person, row) for person in people}

    expected = {
        person: CASES[person] or (NotStuck if n else None) for n, person in enumerate(people)
    }
    assert answers == expected


async def _answer(
    replay: Callable[[Store, str, int], Awaitable[Delivery]],
    store: Store,
    person: str,
    row: Delivery,
) -> Refusal:
    try:
        await replay(store, person, row.id)
    except (NotPermitted, NotVisible, NotStuck) as refusal:
        return type(refusal)
    return None


async def test_a_replay_keeps_key_and_payload_and_is_audited_with_its_reason(
    store: Store,
) -> None:
    row = await _parked(store)

    replayed = await _replay(store, "op.manager", row.id)
    async with store.read() as tx:
        (event,) = await history_of(tx, SENT.id)

    assert (replayed.state, replayed.next_attempt_at) == (PENDING, LATER)
    assert (replayed.key, replayed.payload) == (row.key, row.payload)
    assert (event.action, event.actor, event.at) == ("replay", "op.manager", LATER)
    assert event.codes == [f"delivery:{row.id}", "reason:tray_corrected"]


async def test_what_is_not_put_aside_is_not_replayed_and_not_audited(store: Store) -> None:
    await keep(store, SENT)
    await queue(store, message(MessageKind.DELIVER_TASK, SENT))
    (row,) = await delivered_rows(store)

    with pytest.raises(NotStuck, match="pending"):
        await _replay(store, "op.manager", row.id)
    with pytest.raises(NotVisible):
        await _replay(store, "op.manager", row.id + 1)

    async with store.read() as tx:
        assert await history_of(tx, SENT.id) == []
