"""Subscriptions over HTTP: made by administrators, read by auditors, there for nobody else."""

import base64
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from api.seeding import SUBSCRIBER_SECRET, seed, seed_delivery, seed_subscription
from service import Api, Person, in_process, settings_for
from sqlalchemy import select

from app.api.subscription_examples import ADDRESS, SUBSCRIPTION_ID
from app.domain.event_types import SUBSCRIBABLE, EventType
from app.domain.pathway import Stage
from app.domain.people import Role
from app.domain.published_event import PublishedEvent
from app.domain.see_to_subscription import MOST
from app.domain.subscription import SubscriptionState
from app.store import directory
from app.store.audit import AuditEvent
from app.store.delivery_rows import CANCELLED, DELIVERED, PARKED, DeliveryState, Settlement
from app.store.leases import claim, settle
from app.store.publish import publish
from app.store.subscriptions import load_subscription
from app.store.tables import audit_events, idempotency_keys, subscriptions

PATH = f"/v1/subscriptions/{SUBSCRIPTION_ID}"
BODY: dict[str, Any] = {"name": "Hub", "url": ADDRESS, "events": ["transfer.dispatched"]}
ADMINISTRATOR, AUDITOR = "systems.team", "an.auditor"
PEOPLE = ("op.worker", "op.manager", "operations.manager", "meeting.chair", "lcs.service")
long = pytest.mark.long


async def _sent(api: Api, state: DeliveryState, *transfers: str) -> None:
    """Events on these transfers, settled in that state."""
    now = api.clock.now
    async with api.store.write() as tx:
        for transfer in transfers:
            told = PublishedEvent(EventType.CLOCK_LATE, "late-1", now, transfer)
            await publish(tx, "durham", [told], now)
        limits = {f"subscriber:{SUBSCRIPTION_ID}": len(transfers)}
        for row in await claim(tx, "test", now, lease=timedelta(minutes=1), limits=limits):
            await settle(tx, [(row, Settlement(state, "as it was"))], now)


async def an_auditor(api: Api) -> Person:
    """Somebody who reads everything of the council."""
    who = directory.Person(AUDITOR, "durham", "An Auditor", AUDITOR)
    held = directory.DatedMembership(AUDITOR, Role.AUDITOR, None, date(2020, 1, 1))
    async with api.store.write() as tx:
        await directory.save_person(tx, who, [held])
    return api.as_(AUDITOR)


async def _audited(api: Api) -> list[AuditEvent]:
    async with api.store.read() as tx:
        rows = (await tx.connection.execute(select(audit_events).order_by("id"))).mappings()
        return [AuditEvent(**{name: row[name] for name in AuditEvent.__slots__}) for row in rows]


async def test_a_secret_is_told_once_and_never_again(api: Api) -> None:
    somebody = api.as_(ADMINISTRATOR)

    made = await somebody.post("/v1/subscriptions", BODY, key="mine")
    again = await somebody.post("/v1/subscriptions", BODY, key="mine")
    read = await somebody.get(made.headers["Location"])

    secret = made.json()["secret"]
    assert made.status_code == again.status_code == 201
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    assert again.json() == made.json() | {"secret": None}
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "secret" not in read.json()
    assert read.json()["state"] == "active"
    assert read.headers["ETag"] == made.headers["ETag"] == '"1"'
    async with api.store.read() as tx:
        kept = repr((await tx.connection.execute(select(subscriptions))).all())
        kept += repr((await tx.connection.execute(select(idempotency_keys))).all())
    assert secret.removeprefix("whsec_") not in kept


@long
@pytest.mark.parametrize("person", PEOPLE)
async def test_a_subscription_is_there_for_administrators_and_auditors_alone(
    api: Api, person: str
) -> None:
    await seed_subscription(api)
    somebody = api.as_(person)

    assert (await somebody.get(PATH)).status_code == 404
    assert (await somebody.get(f"{PATH}/deliveries")).status_code == 404
    assert (await somebody.get("/v1/subscriptions")).status_code == 403
    assert (await somebody.post("/v1/subscriptions", BODY)).status_code == 403
    assert (await somebody.patch(PATH, {"name": "Mine"}, version=1)).status_code == 404
    for act in ("rotate-secret", "end"):
        answer = await somebody.post(
            f"{PATH}/{act}", {} if act == "rotate-secret" else None, version=1
        )
        assert answer.status_code == 404
    assert (await somebody.post(f"{PATH}/test")).status_code == 404


@long
async def test_an_auditor_reads_and_changes_nothing(api: Api) -> None:
    await seed_subscription(api)
    auditor = await an_auditor(api)

    assert (await auditor.get(PATH)).status_code == 200
    assert len((await auditor.get("/v1/subscriptions")).json()["items"]) == 1
    assert (await auditor.get(f"{PATH}/deliveries")).status_code == 200
    assert (await auditor.post("/v1/subscriptions", BODY)).status_code == 403
    assert (await auditor.patch(PATH, {"name": "Mine"}, version=1)).status_code == 403
    assert (await auditor.post(f"{PATH}/rotate-secret", {}, version=1)).status_code == 403
    assert (await auditor.post(f"{PATH}/end", version=1)).status_code == 403
    assert (await auditor.post(f"{PATH}/test")).status_code == 403


@long
@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "https://events.council.example:8443/",
        "https://169.254.169.254/latest/meta-data/",
        "https://2130706433/",
        "https://user@events.council.example/",
        "https://events.council.example@evil.example/",
    ],
)
async def test_an_address_that_is_not_on_the_list_is_refused_whenever_it_is_given(
    api: Api, url: str
) -> None:
    await seed_subscription(api)
    somebody = api.as_(ADMINISTRATOR)

    made = await somebody.post("/v1/subscriptions", BODY | {"url": url})
    moved = await somebody.patch(PATH, {"url": url}, version=1)

    for answer in (made, moved):
        assert answer.status_code == 422
        (breach,) = answer.json()["breaches"]
        assert breach["code"] == "webhook-address"
        assert url not in answer.text


@long
@pytest.mark.parametrize(
    "change",
    [
        {"events": []},
        {"events": ["transfer.dispatched", "transfer.dispatched"]},
        {"events": ["subscription.test"]},
        {"events": ["transfer.edited"]},
        {"name": ""},
        {"url": "x" * 3000},
        {"state": "ended"},
        {"secret": "whsec_mine"},
    ],
)
async def test_what_a_subscription_cannot_be_is_refused(api: Api, change: dict[str, Any]) -> None:
    await seed_subscription(api)
    somebody = api.as_(ADMINISTRATOR)

    assert (await somebody.post("/v1/subscriptions", BODY | change)).status_code == 422
    assert (await somebody.patch(PATH, change, version=1)).status_code == 422
    assert (await somebody.patch(PATH, {}, version=1)).status_code == 422


@long
async def test_a_council_has_so_many_subscriptions_and_no_more(api: Api) -> None:
    made = [await seed_subscription(api, id=str(uuid4())) for _ in range(MOST)]
    somebody = api.as_(ADMINISTRATOR)

    refused = await somebody.post("/v1/subscriptions", BODY)
    await somebody.post(f"/v1/subscriptions/{made[0].id}/end", version=1)
    taken = await somebody.post("/v1/subscriptions", BODY)

    (breach,) = refused.json()["breaches"]
    assert (refused.status_code, breach["code"]) == (422, "subscriptions-most")
    assert taken.status_code == 201


@long
async def test_the_audit_says_what_was_changed_of_a_subscription(api: Api) -> None:
    await seed_subscription(api)
    elsewhere = {"url": f"{ADDRESS}/new", "events": ["clock.late"], "name": "Hub"}

    await api.as_(ADMINISTRATOR).patch(PATH, elsewhere | {"state": "paused"}, version=1)

    (event,) = await _audited(api)
    about = [f"subscriber:{SUBSCRIPTION_ID}", "url", "events", "state:paused"]
    assert (event.action, event.codes) == ("subscription_changed", about)


@long
async def test_a_subscription_is_changed_paused_and_resumed_by_its_version(api: Api) -> None:
    await seed_subscription(api)
    somebody = api.as_(ADMINISTRATOR)

    paused = await somebody.patch(PATH, {"state": "paused", "events": ["clock.late"]}, version=1)
    stale = await somebody.patch(PATH, {"state": "active"}, version=1)
    resumed = await somebody.patch(PATH, {"state": "active"}, version=2)

    assert (paused.json()["state"], paused.json()["events"]) == ("paused", ["clock.late"])
    assert (paused.headers["ETag"], stale.status_code) == ('"2"', 412)
    assert (resumed.json()["state"], resumed.json()["version"]) == ("active", 3)
    assert [(event.action, event.codes) for event in await _audited(api)] == [
        ("subscription_changed", [f"subscriber:{SUBSCRIPTION_ID}", "events", "state:paused"]),
        ("subscription_changed", [f"subscriber:{SUBSCRIPTION_ID}", "state:active"]),
    ]


@long
async def test_a_rotated_secret_leaves_the_one_before_it_for_the_overlap(api: Api) -> None:
    await seed_subscription(api)
    somebody = api.as_(ADMINISTRATOR)

    turned = await somebody.post(f"{PATH}/rotate-secret", {"overlap_hours": 2}, version=1)

    until = api.clock.now + timedelta(hours=2)
    seal = api.app.state.service.webhooks.seal
    async with api.store.read() as tx:
        found = await load_subscription(tx, SUBSCRIPTION_ID)
    assert found is not None
    assert turned.json()["previous_secret_until"] == until.isoformat()
    assert [seal.open(kept) for kept in found.secrets(api.clock.now)] == [
        turned.json()["secret"], SUBSCRIBER_SECRET,
    ]  # fmt: skip
    assert [seal.open(kept) for kept in found.secrets(until)] == [turned.json()["secret"]]


@long
async def test_a_secret_that_leaked_signs_nothing_from_the_rotation_on(api: Api) -> None:
    await seed_subscription(api)

    turned = await api.as_(ADMINISTRATOR).post(
        f"{PATH}/rotate-secret", {"overlap_hours": 0}, version=1
    )

    async with api.store.read() as tx:
        found = await load_subscription(tx, SUBSCRIPTION_ID)
    assert found is not None
    assert len(found.secrets(api.clock.now)) == 1
    assert turned.json()["previous_secret_until"] is None


async def test_the_log_shows_what_was_sent_page_by_page(api: Api) -> None:
    await seed_subscription(api)
    transfers = [(await seed(api, Stage.DISPATCHED)).id for _ in range(3)]
    await _sent(api, PARKED, *transfers)
    somebody = api.as_(ADMINISTRATOR)

    first = (await somebody.get(f"{PATH}/deliveries", limit=2)).json()
    second = (await somebody.get(f"{PATH}/deliveries", limit=2, after=first["next"])).json()
    none = (await somebody.get(f"{PATH}/deliveries", state="delivered")).json()

    items = [*first["items"], *second["items"]]
    assert {item["transfer"] for item in items} == set(transfers)
    assert {(item["type"], item["state"], item["outcome"]) for item in items} == {
        ("clock.late", "parked", "as it was")
    }
    assert {item["event"] for item in items} == {f"{transfer}:late-1" for transfer in transfers}
    assert (second["next"], none["items"]) == (None, [])


@long
async def test_teams_lists_show_what_went_to_case_systems_and_nothing_else(api: Api) -> None:
    await seed_subscription(api)
    transfer = await seed(api, Stage.DISPATCHED)
    await seed_delivery(api, transfer)
    await _sent(api, PARKED, transfer.id)

    for person in ("op.manager", ADMINISTRATOR):
        listed = (await api.as_(person).get("/v1/deliveries")).json()["items"]
        own = (await api.as_(person).get(f"/v1/transfers/{transfer.id}/deliveries")).json()
        assert {item["destination"] for item in (*listed, *own)} == {"lcs"}


@long
@pytest.mark.parametrize("state", [PARKED, DELIVERED])
async def test_an_event_is_sent_again_by_an_administrator_even_where_it_arrived(
    api: Api, state: DeliveryState
) -> None:
    await seed_subscription(api)
    transfer = await seed(api, Stage.DISPATCHED)
    await _sent(api, state, transfer.id)
    reason = {"reason": "hub_restored"}

    manager = await api.as_("op.manager").post("/v1/deliveries/1/replay", reason)
    auditor = await (await an_auditor(api)).post("/v1/deliveries/1/replay", reason)
    replayed = await api.as_(ADMINISTRATOR).post("/v1/deliveries/1/replay", reason, key="once")
    again = await api.as_(ADMINISTRATOR).post("/v1/deliveries/1/replay", reason)

    assert (manager.status_code, auditor.status_code) == (404, 403)
    assert (replayed.json()["state"], replayed.json()["kind"]) == ("pending", "event")
    assert again.status_code == 409
    (event,) = await _audited(api)
    assert (event.action, event.codes) == ("replay", ["delivery:1", "reason:hub_restored"])
    await api.as_(ADMINISTRATOR).post(f"{PATH}/end", version=1)
    repeated = await api.as_(ADMINISTRATOR).post("/v1/deliveries/1/replay", reason, key="once")
    assert repeated.json() == replayed.json()


@long
async def test_the_end_cancels_what_waits_and_is_for_good(api: Api) -> None:
    await seed_subscription(api)
    transfer = await seed(api, Stage.DISPATCHED)
    await _sent(api, PARKED, transfer.id)
    somebody = api.as_(ADMINISTRATOR)

    over = await somebody.post(f"{PATH}/end", version=1)
    again = await somebody.patch(PATH, {"state": "active"}, version=2)
    replayed = await somebody.post("/v1/deliveries/1/replay", {"reason": "hub_restored"})
    (row,) = (await somebody.get(f"{PATH}/deliveries")).json()["items"]

    async with api.store.read() as tx:
        kept = await load_subscription(tx, SUBSCRIPTION_ID)
    assert kept is not None
    assert (kept.secret, kept.previous_secret) == ("", None)
    assert over.json()["state"] == SubscriptionState.ENDED
    assert (again.status_code, replayed.status_code) == (409, 409)
    assert again.json()["type"] == "/problems/subscription-ended"
    assert row["state"] == CANCELLED


@long
async def test_a_test_is_queued_whatever_the_subscription_asks_for(api: Api) -> None:
    await seed_subscription(api, events=(EventType.CLOCK_LATE,))

    answer = await api.as_(ADMINISTRATOR).post(f"{PATH}/test", key="once")
    await api.as_(ADMINISTRATOR).post(f"{PATH}/test", key="once")

    (row,) = (await api.as_(ADMINISTRATOR).get(f"{PATH}/deliveries")).json()["items"]
    assert answer.status_code == 200
    assert (row["type"], row["transfer"], row["state"]) == ("subscription.test", None, "pending")


@long
async def test_the_metrics_count_what_waits_for_subscribers_without_naming_one(api: Api) -> None:
    await seed_subscription(api)
    await _sent(api, PARKED, (await seed(api, Stage.DISPATCHED)).id)

    text = (await api.client.get("/metrics")).text

    assert 'transfers_deliveries{destination="subscribers",state="parked"} 1.0' in text
    assert SUBSCRIPTION_ID not in text


@long
async def test_every_event_can_be_asked_for(api: Api) -> None:
    every = [kind.value for kind in SUBSCRIBABLE]

    made = await api.as_(ADMINISTRATOR).post("/v1/subscriptions", BODY | {"events": every[::-1]})

    assert made.json()["events"] == every


def test_a_service_without_a_list_lets_nobody_subscribe(storeless: Api) -> None:
    settings = settings_for("sqlite:///nowhere", storeless.key, webhook_hosts=())

    allowed = in_process(settings).app.state.service.webhooks.allowed

    assert allowed.refuses(ADDRESS) is not None
