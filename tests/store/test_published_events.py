"""Events in the outbox: from a decision to a row for each subscription that asks for it."""

import base64
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from builders import NOW, actor, situation, transfer_at
from sqlalchemy import select
from store.plans import plan
from subscribing import SEAL, SECRET, sent_to, subscribed, subscription

from app.domain import commands as c
from app.domain.decide import decide
from app.domain.decision import Decision
from app.domain.event_types import EventType
from app.domain.pathway import Pathway, Stage
from app.domain.published_event import PublishedEvent
from app.domain.subscription import SubscriptionState
from app.domain.transfer import Transfer
from app.store.deliveries import late_deliveries, list_deliveries, log_query
from app.store.directory import Authority, save_authority
from app.store.engine import Store, Transaction
from app.store.publish import publish, publish_to
from app.store.seal import NotSealedByUs, Seal
from app.store.statement import Statement
from app.store.subscriptions import (
    due_query,
    due_subscribers,
    list_subscriptions,
    load_subscription,
    update_subscription,
)
from app.store.tables import subscriptions
from app.store.transfers import insert_transfer
from app.store.unit_of_work import record

WAITING = transfer_at(Stage.AWAITING_AUTHORISATION, Pathway.STEP_DOWN)


async def _authorised(store: Store) -> Decision:
    """A step down goes to its tray."""
    decision = decide(WAITING, c.Authorise(), actor("ff.manager"), situation())
    async with store.write() as tx:
        await insert_transfer(tx, WAITING, NOW)
        await record(tx, decision, situation())
    return decision


async def _kept(store: Store, transfer: Transfer = WAITING) -> None:
    async with store.write() as tx:
        await insert_transfer(tx, transfer, NOW)


async def test_every_subscription_gets_what_it_asks_for_and_nothing_else(store: Store) -> None:
    everything, few = subscription(), subscription([EventType.TRANSFER_DISPATCHED])
    none = subscription([EventType.CLOCK_LATE])
    await subscribed(store, everything, few, none)

    await _authorised(store)

    assert [row.payload.type for row in await sent_to(store, everything)] == [  # type: ignore[union-attr]
        "transfer.authorised", "transfer.dispatched",
    ]  # fmt: skip
    assert [row.payload.type for row in await sent_to(store, few)] == ["transfer.dispatched"]  # type: ignore[union-attr]
    assert await sent_to(store, none) == []


async def test_a_delivery_to_a_subscriber_has_a_key_of_its_own(store: Store) -> None:
    hub = subscription()
    await subscribed(store, hub)

    decision = await _authorised(store)

    version = decision.after.version
    assert [row.key for row in await sent_to(store, hub)] == [
        f"{WAITING.id}:subscriber:{hub.id}:event:{version}-1",
        f"{WAITING.id}:subscriber:{hub.id}:event:{version}-2",
    ]


async def test_another_council_hears_nothing(store: Store) -> None:
    async with store.write() as tx:
        await save_authority(tx, Authority("rochdale", "Rochdale", "rochdale"))
    theirs = subscription(authority="rochdale")
    await subscribed(store, theirs)

    await _authorised(store)

    assert await sent_to(store, theirs) == []


@pytest.mark.parametrize("state", list(SubscriptionState))
async def test_what_happens_during_a_pause_is_kept_and_after_the_end_it_is_not(
    store: Store, state: SubscriptionState
) -> None:
    hub = subscription(state=state)
    await subscribed(store, hub)

    await _authorised(store)

    kept = 0 if state is SubscriptionState.ENDED else 2
    assert len(await sent_to(store, hub)) == kept
    async with store.read() as tx:
        waiting = await due_subscribers(tx, NOW, 9)
    assert waiting == ([hub.destination] if state is SubscriptionState.ACTIVE else [])


async def test_however_many_subscribers_something_is_due_for_each_has_its_turn(
    store: Store,
) -> None:
    hubs = [subscription() for _ in range(5)]
    await subscribed(store, *hubs)
    await _authorised(store)

    seen, last = list[str](), ""
    async with store.read() as tx:
        for _ in range(3):
            found = await due_subscribers(tx, NOW, 2, after=last)
            seen, last = [*seen, *found], found[-1]

    due = sorted(hub.destination for hub in hubs)
    assert seen == [*due, due[0]]


async def test_a_change_that_is_not_kept_tells_nobody(store: Store) -> None:
    hub = subscription()
    await subscribed(store, hub)
    decision = decide(WAITING, c.Authorise(), actor("ff.manager"), situation())

    async def fail() -> None:
        async with store.write() as tx:
            await insert_transfer(tx, WAITING, NOW)
            await record(tx, decision, situation())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()

    assert await sent_to(store, hub) == []


async def test_an_event_that_was_queued_is_not_queued_again(store: Store) -> None:
    hub = subscription()
    await subscribed(store, hub)
    await _kept(store)
    late = PublishedEvent(EventType.CLOCK_LATE, "late-1", NOW, WAITING.id, clock="DL-1")

    for _ in range(2):
        async with store.write() as tx:
            await publish(tx, "durham", [late], NOW)

    assert [row.payload for row in await sent_to(store, hub)] == [late]


async def test_a_decision_s_events_cost_one_statement(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    change, said = Transaction.change, []

    async def listen(tx: Transaction, statement: Statement, values: Mapping[str, Any]) -> int:
        said.append(statement.on(tx.connection.dialect).text)
        return await change(tx, statement, values)

    monkeypatch.setattr(Transaction, "change", listen)
    hub = subscription()
    await subscribed(store, hub)

    await _authorised(store)

    assert len([text for text in said if "subscription_events" in text]) == 1
    assert len(await sent_to(store, hub)) == 2


async def test_case_systems_lists_do_not_show_what_went_to_subscribers(store: Store) -> None:
    hub = subscription()
    await subscribed(store, hub)
    await _authorised(store)

    async with store.read() as tx:
        listed = await list_deliveries(tx, authority="durham", limit=10)
        late = await late_deliveries(tx, since=NOW, immediate_risk_since=NOW, limit=10)

    assert {row.destination for row in listed} == {"ehm"}
    assert {row.destination for row in late} == {"ehm"}


async def test_a_test_goes_to_one_subscriber_and_is_of_no_transfer(store: Store) -> None:
    hub, other = subscription([EventType.CLOCK_LATE]), subscription()
    await subscribed(store, hub, other)
    trial = PublishedEvent(EventType.SUBSCRIPTION_TEST, "test-1", NOW)

    async with store.write() as tx:
        await publish_to(tx, "durham", hub.id, trial, NOW)

    (row,) = await sent_to(store, hub)
    assert (row.transfer, row.payload, row.alert_team) == (None, trial, hub.destination)
    assert await sent_to(store, other) == []


async def test_a_subscription_comes_back_as_it_was_kept(store: Store) -> None:
    hub = subscription(previous_secret=SEAL.close(SECRET + "AA"), previous_until=NOW)
    await subscribed(store, hub)

    async with store.read() as tx:
        assert await load_subscription(tx, hub.id) == hub
        assert await list_subscriptions(tx, "durham") == [hub]
        assert await list_subscriptions(tx, "rochdale") == []


async def test_a_subscription_that_changes_is_kept_as_it_is_then(store: Store) -> None:
    hub = subscription()
    await subscribed(store, hub)
    after = replace(hub, name="Other", events=(EventType.CLOCK_LATE,), version=2)

    async with store.write() as tx:
        await update_subscription(tx, hub, after)
        assert await load_subscription(tx, hub.id, to_change=True) == after


async def test_a_secret_is_not_to_be_read_from_the_database(store: Store) -> None:
    hub = subscription(previous_secret=SEAL.close(SECRET + "AA"))
    await subscribed(store, hub)

    async with store.read() as tx:
        kept = repr((await tx.connection.execute(select(subscriptions))).all())

    assert SECRET.removeprefix("whsec_") not in kept


def test_a_secret_is_opened_by_any_key_that_is_set_and_by_no_other() -> None:
    old, new = "b2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xkb2w=", base64.b64encode(b"n" * 32).decode()
    kept = Seal([old]).close(SECRET)

    assert Seal([new, old]).open(kept) == SECRET
    for keys in ([new], []):
        with pytest.raises(NotSealedByUs):
            Seal(keys).open(kept)
    with pytest.raises(NotSealedByUs):
        Seal([]).close(SECRET)
    with pytest.raises(ValueError, match="32 bytes"):
        Seal(["c2hvcnQ="])


async def test_what_is_due_and_what_was_sent_are_found_by_their_indexes(store: Store) -> None:
    hub = subscription()
    await subscribed(store, hub)
    await _authorised(store)

    async with store.read() as tx:
        due = await plan(tx, due_query(NOW, 32))
        sent = await plan(tx, log_query(hub.destination, "parked", 0).limit(50))

    assert "ix_deliveries_due" in due
    assert "ix_deliveries_events" in sent
