"""Events on the wire: CloudEvents 1.0, as the document shows them, and thin."""

import json
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from api.contract import document
from builders import NOW, TRANSFER_ID, transfer_at
from jsonschema import Draft202012Validator
from outbox.fake_tray import FakeTray
from store.kept import payload
from subscribing import subscription

from app.api.event_document import EventData
from app.domain.event_types import PREFIX, EventType
from app.domain.messages import MessageKind
from app.domain.pathway import Stage
from app.domain.published_event import PublishedEvent
from app.outbox.attempt import Patience, attempt
from app.outbox.cloud_event import body_of, cloud_event
from app.store.delivery_rows import LEASED, PARKED, Delivery

FULL = PublishedEvent(
    EventType.TRANSFER_DISPATCHED, "7-2", NOW, TRANSFER_ID, f"{TRANSFER_ID}.1", "step_up",
    "meeting", "draft", "dispatched", 7, "op-bishop", "ff-bishop", ("warned:DL-1",), "HZ-3", NOW,
    "op-bishop", 4, "lcs", "deliver_task",
)  # fmt: skip
BARE = PublishedEvent(EventType.SUBSCRIPTION_TEST, "test-1", NOW)


def _delivery(event: PublishedEvent) -> Delivery:
    return Delivery(
        id=1, key="key", authority="durham", transfer=event.transfer,
        destination=subscription().destination, kind=MessageKind.EVENT, payload=event,
        immediate_risk=False, alert_team="nobody", state=LEASED, attempts=1, claims=1,
        ambiguous=False, next_attempt_at=NOW, leased_by="relay", outcome=None, created_at=NOW,
        settled_at=None,
    )  # fmt: skip


@pytest.mark.parametrize("event", [FULL, BARE], ids=["full", "bare"])
def test_an_event_is_as_the_document_says(event: PublishedEvent) -> None:
    _, body = body_of(_delivery(event))

    schema = {"$ref": "#/components/schemas/CloudEvent", "components": document()["components"]}
    said: dict[str, Any] = json.loads(body)
    Draft202012Validator(schema).validate(said)
    assert said["specversion"] == "1.0"
    assert {name for name in said if not name.isalnum()} == set(), "CloudEvents' naming rule"
    assert said["type"] == PREFIX + event.type
    assert said["source"] == "/v1/authorities/durham"


def test_the_document_shows_every_field_and_no_others() -> None:
    own = {field.name for field in fields(PublishedEvent)} - {"type", "revision", "at"}

    assert set(EventData.model_fields) == own
    assert set(cloud_event(FULL, "durham")["data"]) == own
    assert cloud_event(BARE, "durham")["data"] == {}


def test_what_is_no_transfer_s_has_no_subject() -> None:
    assert cloud_event(FULL, "durham")["subject"] == TRANSFER_ID
    assert "subject" not in cloud_event(BARE, "durham")


def test_times_are_in_utc() -> None:
    elsewhere = datetime(2026, 6, 1, 10, 0, tzinfo=timezone(timedelta(hours=1)))
    event = replace(FULL, at=elsewhere, due_at=datetime(2026, 6, 1, tzinfo=UTC))

    told = cloud_event(event, "durham")

    assert (told["time"], told["data"]["due_at"]) == (
        "2026-06-01T09:00:00Z",
        "2026-06-01T00:00:00Z",
    )


@pytest.mark.parametrize("event", [FULL, BARE], ids=["full", "bare"])
def test_an_event_s_id_has_no_full_stop_which_divides_what_is_signed(event: PublishedEvent) -> None:
    assert "." not in event.id


def test_the_same_event_has_the_same_bytes_each_time() -> None:
    assert body_of(_delivery(FULL)) == body_of(replace(_delivery(FULL), attempts=5, claims=9))


def test_a_task_is_no_event() -> None:
    task = payload(MessageKind.LOOK_UP_TASK, transfer_at(Stage.DISPATCHED))

    with pytest.raises(TypeError, match="carries no event"):
        body_of(replace(_delivery(FULL), payload=task))


async def test_a_tray_takes_no_events() -> None:
    tray = FakeTray()

    made = await attempt(_delivery(FULL), tray, NOW, Patience((0, 5)))

    assert (made.settlement.state, tray.said) == (PARKED, [])
