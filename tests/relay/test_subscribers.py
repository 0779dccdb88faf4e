"""Events on their way to subscribers: the relay as it is wired, and receivers on real sockets."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from builders import NOW, actor
from receiving import Receiver, answer, listening
from standardwebhooks import Webhook
from store.kept import act, calling, keep, message, numbered_transfer, queue
from subscribing import SEAL, SEALING_KEY, SECRET, sent_to, subscribed, subscription

from app.domain import commands as c
from app.domain.event_types import EventType
from app.domain.messages import MessageKind
from app.domain.pathway import Pathway, Stage
from app.domain.published_event import PublishedEvent
from app.domain.subscription import Subscription, SubscriptionState
from app.domain.transfer import Transfer
from app.relay import Relay
from app.relay import relay as relay_module
from app.relay.subscribers import MOST_AT_ONCE
from app.settings import Settings
from app.store.alerts import list_alerts
from app.store.delivery_rows import CANCELLED, DELIVERED, PARKED, PENDING, DeliveryState
from app.store.engine import Store
from app.store.leases import claim
from app.store.publish import publish
from app.store.subscriptions import load_subscription, update_subscription
from app.usecases.replay_delivery import replay_delivery

TAKEN = answer("204 No Content")
OTHER_SECRET = "whsec_" + "b3RoZXI=" * 4


def _step_down(number: int) -> Transfer:
    return numbered_transfer(number, Stage.AWAITING_AUTHORISATION, Pathway.STEP_DOWN)


STEP_DOWN = _step_down(1)


class Time:
    """A clock to be moved on."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> Any:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@asynccontextmanager
async def relaying(url: str, time: Time, *ports: int, **changes: Any) -> AsyncIterator[Relay]:
    """A relay that may send to these ports of this machine."""
    values: dict[str, Any] = {
        "environment": "development",
        "database_url": url,
        "webhook_internal_hosts": tuple(f"127.0.0.1:{port}" for port in ports),
        "webhook_sealing_keys": (SEALING_KEY,),
        "relay_poll": 0.01,
    }
    opened = Relay(Settings(_env_file=None, **(values | changes)), time)
    try:
        yield opened
    finally:
        await opened.close()


async def _hub(store: Store, port: int, **changes: Any) -> Subscription:
    made = subscription(url=f"http://127.0.0.1:{port}/events", **changes)
    await subscribed(store, made)
    return made


async def _authorised(store: Store, number: int = 1) -> None:
    """A step down is authorised and dispatched: two events."""
    transfer = _step_down(number)
    await keep(store, transfer)
    await act(store, transfer, c.Authorise(), actor("ff.manager"))


async def _states(store: Store, subscriber: Subscription) -> list[DeliveryState]:
    return [row.state for row in await sent_to(store, subscriber)]


async def _alerts(store: Store, told: Subscription) -> list[str]:
    """The kinds of what administrators are told of a subscription."""
    async with store.read() as tx:
        found = await list_alerts(tx, "durham", frozenset({told.destination}), 0, 50)
    return [alert.kind for alert in found]


async def _changed(store: Store, before: Subscription, **changes: Any) -> Subscription:
    after = replace(before, **changes)
    async with store.write() as tx:
        await update_subscription(tx, before, after)
    return after


async def test_a_dispatch_reaches_its_subscriber_signed_and_in_order(
    store: Store, database_url: str, time: Time
) -> None:
    receiver = Receiver(TAKEN)
    async with listening(receiver.serve) as port, relaying(database_url, time, port) as relay:
        hub = await _hub(store, port)
        await _authorised(store)

        await relay.drain_once()

    events = [Webhook(SECRET).verify(body, headers) for _, headers, body in receiver.requests]
    assert [event["type"] for event in events] == [
        "transfer-pathways.transfer.authorised", "transfer-pathways.transfer.dispatched",
    ]  # fmt: skip
    assert await _states(store, hub) == [DELIVERED, DELIVERED]
    version = STEP_DOWN.version + 1
    assert events[1] == {
        "specversion": "1.0",
        "id": f"{STEP_DOWN.id}:{version}-2",
        "source": "/v1/authorities/durham",
        "type": "transfer-pathways.transfer.dispatched",
        "subject": STEP_DOWN.id,
        "time": "2026-11-20T10:00:00Z",
        "datacontenttype": "application/json",
        "data": {
            "transfer": STEP_DOWN.id,
            "reference": f"{STEP_DOWN.id}.1",
            "pathway": "step_down",
            "route": STEP_DOWN.route,
            "from_stage": "awaiting_authorisation",
            "stage": "dispatched",
            "version": version,
            "origin_team": "ff-bishop",
            "sent_to": "op-bishop",
        },
    }
    assert [headers["webhook-id"] for _, headers, _ in receiver.requests] == [
        event["id"] for event in events
    ]


async def test_what_follows_waits_until_the_one_before_it_arrived(
    store: Store, database_url: str, time: Time
) -> None:
    receiver = Receiver(answer("503 Busy", "Retry-After: 7"))
    async with listening(receiver.serve) as port, relaying(database_url, time, port) as relay:
        hub = await _hub(store, port)
        await _authorised(store)
        await relay.drain_once()
        assert await _states(store, hub) == [PENDING, PENDING]
        assert (await sent_to(store, hub))[0].next_attempt_at == NOW + timedelta(seconds=7)

        receiver.answer = TAKEN
        time.now += timedelta(seconds=8)
        await relay.drain_once()

    ids = [headers["webhook-id"].rpartition("-")[2] for _, headers, _ in receiver.requests]
    assert ids == ["1", "1", "2"]
    assert await _states(store, hub) == [DELIVERED, DELIVERED]


async def test_a_dead_subscriber_delays_nobody_else(
    store: Store, database_url: str, time: Time
) -> None:
    async def hang(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.read()

    receiver, stop = Receiver(TAKEN), asyncio.Event()
    async with (
        listening(hang) as dead,
        listening(receiver.serve) as port,
        relaying(database_url, time, dead, port, relay_call_deadline=5) as relay,
    ):
        await _hub(store, dead)
        hub = await _hub(store, port)
        for number in range(1, 9):
            await _authorised(store, number)
        running = asyncio.create_task(relay.run(stop))
        for _ in range(200):
            await asyncio.sleep(0.02)
            if set(await _states(store, hub)) == {DELIVERED}:
                break
        stop.set()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    assert len(receiver.requests) == 16
    assert set(await _states(store, hub)) == {DELIVERED}


@pytest.mark.long
async def test_more_dead_subscribers_than_a_look_takes_keep_no_live_one_out(
    store: Store, database_url: str, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_module, "GRACE", timedelta())

    async def hang(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.read()

    receiver, stop = Receiver(TAKEN), asyncio.Event()
    async with (
        listening(hang) as dead,
        listening(receiver.serve) as port,
        relaying(database_url, time, dead, port, relay_call_deadline=20, relay_batch=2) as relay,
    ):
        for _ in range(MOST_AT_ONCE + 8):
            await _hub(store, dead)
        for number in range(1, 9):
            await _authorised(store, number)
        hub = await _hub(store, port)
        await _authorised(store, 9)
        running = asyncio.create_task(relay.run(stop))
        for _ in range(400):
            await asyncio.sleep(0.02)
            if set(await _states(store, hub)) == {DELIVERED}:
                break
        stop.set()
        await running

    assert len(receiver.requests) == 2


async def test_a_parked_event_holds_back_nothing_and_is_told_of_once_a_day(
    store: Store, database_url: str, time: Time
) -> None:
    receiver = Receiver(answer("404 Nothing"))
    async with listening(receiver.serve) as port, relaying(database_url, time, port) as relay:
        hub = await _hub(store, port)
        await _authorised(store)
        await relay.drain_once()
        time.now += timedelta(days=1)
        async with store.write() as tx:
            late = PublishedEvent(EventType.CLOCK_LATE, "late-1", time.now, STEP_DOWN.id)
            await publish(tx, "durham", [late], time.now)
        await relay.drain_once()

    assert await _states(store, hub) == [PARKED] * 3
    assert await _alerts(store, hub) == ["event_parked", "event_parked"]


async def test_administrators_hear_once_a_day_of_a_subscriber_that_does_not_answer(
    store: Store, database_url: str, time: Time
) -> None:
    receiver = Receiver(answer("500 Broken"))
    async with listening(receiver.serve) as port, relaying(database_url, time, port) as relay:
        hub = await _hub(store, port)
        await _authorised(store)
        told = []
        for _ in range(3):
            await relay.drain_once()
            told.append(await _alerts(store, hub))
            time.now += timedelta(hours=1)

    assert told == [[], ["event_late"], ["event_late"]]
    assert await _states(store, hub) == [PENDING, PENDING]


async def test_a_pause_is_late_for_nobody(store: Store, database_url: str, time: Time) -> None:
    async with relaying(database_url, time) as relay:
        hub = await _hub(store, 1, state=SubscriptionState.PAUSED)
        await _authorised(store)
        time.now += timedelta(hours=9)
        await relay.drain_once()

    assert await _alerts(store, hub) == []


async def test_410_ends_the_subscription_and_administrators_are_told(
    store: Store, database_url: str, time: Time
) -> None:
    receiver = Receiver(answer("410 Gone"))
    async with listening(receiver.serve) as port, relaying(database_url, time, port) as relay:
        hub = await _hub(store, port)
        await _authorised(store)
        await relay.drain_once()
        await _authorised(store, 2)
        await relay.drain_once()

    assert len(receiver.requests) == 1
    assert await _states(store, hub) == [CANCELLED, CANCELLED]
    async with store.read() as tx:
        found = await load_subscription(tx, hub.id)
    assert found is not None
    assert found.state is SubscriptionState.ENDED
    assert await _alerts(store, hub) == ["subscription_gone"]


async def test_410_at_an_address_that_it_has_left_ends_nothing(
    store: Store, database_url: str, time: Time
) -> None:
    moved, receiver = asyncio.Event(), Receiver(TAKEN)

    async def leave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await _changed(store, hub, url=f"http://127.0.0.1:{port}/events")
        moved.set()
        writer.write(answer("410 Gone"))

    async with (
        listening(leave) as old,
        listening(receiver.serve) as port,
        relaying(database_url, time, old, port) as relay,
    ):
        hub = await _hub(store, old)
        await _authorised(store)
        await relay.drain_once()

    assert moved.is_set()
    assert await _states(store, hub) == [DELIVERED, DELIVERED]
    assert await _alerts(store, hub) == []


async def test_a_pause_costs_what_waits_none_of_its_attempts(
    store: Store, database_url: str, time: Time
) -> None:
    receiver = Receiver(answer("503 Busy"))
    async with listening(receiver.serve) as port, relaying(database_url, time, port) as relay:
        hub = await _hub(store, port)
        await _authorised(store)
        await relay.drain_once()
        time.now += timedelta(seconds=30)
        await _changed(store, hub, state=SubscriptionState.PAUSED)
        relay._outlets._subscribers.present = {  # noqa: SLF001 - as looked up just before the pause
            hub.destination: relay._outlets._subscribers._outlet(hub.destination)  # noqa: SLF001
        }
        for _ in range(20):
            await relay._drain.step()  # noqa: SLF001
            await relay._drain.settle_all()  # noqa: SLF001

    (first, _) = await sent_to(store, hub)
    assert (first.state, first.outcome) == (PENDING, "paused")
    assert first.attempts <= 2


async def test_what_happened_during_a_pause_is_sent_after_it(
    store: Store, database_url: str, time: Time
) -> None:
    receiver = Receiver(TAKEN)
    async with listening(receiver.serve) as port, relaying(database_url, time, port) as relay:
        hub = await _hub(store, port, state=SubscriptionState.PAUSED)
        await _authorised(store)
        await relay.drain_once()
        assert receiver.requests == []

        await _changed(store, hub, state=SubscriptionState.ACTIVE)
        await relay.drain_once()

    assert await _states(store, hub) == [DELIVERED, DELIVERED]


async def test_both_secrets_sign_until_the_overlap_is_over(
    store: Store, database_url: str, time: Time
) -> None:
    receiver = Receiver(TAKEN)
    rotated = {
        "secret": SEAL.close(OTHER_SECRET),
        "previous_secret": SEAL.close(SECRET),
        "previous_until": NOW + timedelta(hours=1),
    }
    async with listening(receiver.serve) as port, relaying(database_url, time, port) as relay:
        await _hub(store, port, **rotated)
        await _authorised(store)
        await relay.drain_once()
        time.now += timedelta(hours=1)
        await _authorised(store, 2)
        await relay.drain_once()

    signatures = [len(headers["webhook-signature"].split()) for _, headers, _ in receiver.requests]
    assert signatures == [2, 2, 1, 1]
    for secret in (SECRET, OTHER_SECRET):
        Webhook(secret).verify(receiver.requests[0][2], receiver.requests[0][1])
    Webhook(OTHER_SECRET).verify(receiver.requests[3][2], receiver.requests[3][1])


async def test_a_replay_of_what_arrived_is_the_same_event_again(
    store: Store, database_url: str, time: Time
) -> None:
    receiver = Receiver(TAKEN)
    async with listening(receiver.serve) as port, relaying(database_url, time, port) as relay:
        hub = await _hub(store, port, events=(EventType.TRANSFER_DISPATCHED,))
        await _authorised(store)
        await relay.drain_once()
        (row,) = await sent_to(store, hub)
        async with store.write() as tx:
            await replay_delivery(calling(tx, "systems.team"), row.id, "hub_restored")
        await relay.drain_once()

    first, second = receiver.requests
    assert first[2] == second[2]
    assert first[1]["webhook-id"] == second[1]["webhook-id"]
    assert await _states(store, hub) == [DELIVERED]


async def test_what_a_killed_relay_had_leased_is_sent_again_by_the_same_id(
    store: Store, database_url: str, time: Time
) -> None:
    receiver = Receiver(TAKEN)
    async with listening(receiver.serve) as port, relaying(database_url, time, port) as relay:
        hub = await _hub(store, port)
        await _authorised(store)
        async with store.write() as tx:
            lease = timedelta(seconds=60)
            dead = await claim(tx, "dead", NOW, lease=lease, limits={hub.destination: 5})
        time.now += timedelta(seconds=61)
        await relay.drain_once()

    assert len(dead) == 1
    assert await _states(store, hub) == [DELIVERED, DELIVERED]
    assert len(receiver.requests) == 2


async def test_where_its_secret_cannot_be_opened_an_event_waits(
    store: Store, database_url: str, time: Time
) -> None:
    receiver = Receiver(TAKEN)
    async with listening(receiver.serve) as port:
        hub = await _hub(store, port)
        await _authorised(store)
        async with relaying(database_url, time, port, webhook_sealing_keys=()) as relay:
            await relay.drain_once()
        (first, _) = await sent_to(store, hub)
        assert (first.state, first.outcome) == (PENDING, "its secret cannot be opened")

        time.now += timedelta(seconds=9)
        async with relaying(database_url, time, port) as relay:
            await relay.drain_once()

    assert await _states(store, hub) == [DELIVERED, DELIVERED]


async def test_an_address_that_the_operator_took_off_the_list_is_not_sent_to(
    store: Store, database_url: str, time: Time
) -> None:
    receiver = Receiver(TAKEN)
    async with listening(receiver.serve) as port, relaying(database_url, time) as relay:
        hub = await _hub(store, port)
        await _authorised(store)
        await relay.drain_once()

    assert receiver.requests == []
    assert await _states(store, hub) == [PARKED, PARKED]


async def test_a_task_that_no_tray_takes_is_told_to_subscribers(
    store: Store, database_url: str, time: Time
) -> None:
    receiver = Receiver(TAKEN)
    sent = numbered_transfer(1)
    await keep(store, sent)
    await queue(store, message(MessageKind.DELIVER_TASK, sent))
    async with listening(receiver.serve) as port, relaying(
        database_url, time, port, lcs_url="http://127.0.0.1:1", relay_backoff=(0.0,)
    ) as relay:  # fmt: skip
        await _hub(store, port, events=(EventType.DELIVERY_PARKED,))
        await relay.drain_once()
        await relay.drain_once()

    ((_, _, body),) = receiver.requests
    event = json.loads(body)
    assert event["type"] == "transfer-pathways.delivery.parked"
    assert event["data"] == {
        "transfer": sent.id,
        "team": sent.origin_team,
        "delivery": 1,
        "destination": "lcs",
        "message": "deliver_task",
    }
