"""What subscribers hear of a whole case: each of its turns, and nothing of anybody."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from procedures.conftest import MONDAY
from procedures.islington_forms import IslingtonCase
from procedures.rochdale_forms import STEP_UP, RochdaleCase
from service import Api
from sqlalchemy import select
from subscribing import sent_to, subscribed, subscription

from app.domain.subscription import Subscription
from app.outbox.cloud_event import body_of
from app.store.tables import people, transfer_children

PLAIN = re.compile(r"[A-Za-z0-9_.:/-]+")
pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


async def _hub(api: Api, council: str) -> Subscription:
    api.clock.now = MONDAY
    hub = subscription(authority=council)
    await subscribed(api.store, hub)
    return hub


async def _heard(api: Api, hub: Subscription) -> list[dict[str, Any]]:
    return [json.loads(body_of(row)[1]) for row in await sent_to(api.store, hub)]


def _leaves(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    else:
        yield str(value)


async def _personal(api: Api) -> set[str]:
    """Whatever names a child or a worker."""
    async with api.store.read() as tx:
        children = (await tx.connection.execute(select(transfer_children))).mappings().all()
        workers = (await tx.connection.execute(select(people))).mappings().all()
    columns = ("child_id", "name", "date_of_birth", "nhs_number", "upn", "record_id")
    said = {str(row[name]) for row in children for name in columns}
    said |= {row[name] for row in workers for name in ("id", "name", "subject")}
    return said - {"None"}


async def test_every_turn_of_a_case_is_heard_in_order_and_nothing_of_anybody(
    islington: Api,
) -> None:
    hub = await _hub(islington, "islington")
    case = await IslingtonCase.started(islington)
    await case.hand_over()

    heard = await _heard(islington, hub)

    names = [event["type"].removeprefix("transfer-pathways.") for event in heard]
    turns = [name for name in names if name.startswith("transfer.")]
    assert turns == [
        "transfer.opened", "transfer.submitted_to_meeting", "transfer.finalised",
        "transfer.authorised", "transfer.dispatched", "transfer.picked_up", "transfer.started",
        "transfer.allocated",
    ]  # fmt: skip
    assert {"consent.recorded", "milestone.recorded"} <= set(names)
    said = {leaf for event in heard for leaf in _leaves(event)}
    assert [leaf for leaf in said if not PLAIN.fullmatch(leaf)] == []
    assert said & await _personal(islington) == set()
    assert len({event["id"] for event in heard}) == len(heard)
    versions = [event["data"]["version"] for event in heard]
    assert versions == sorted(versions)


async def test_a_disagreement_is_heard_by_its_codes_without_a_word_of_it(
    rochdale: Api,
) -> None:
    hub = await _hub(rochdale, "rochdale")
    case = await RochdaleCase.drafted(rochdale, STEP_UP)
    await case.disagree(STEP_UP.worker, "recognition_of_need")

    heard = await _heard(rochdale, hub)

    last = heard[-1]
    assert last["type"] == "transfer-pathways.disagreement.raised"
    assert last["data"]["codes"] == ["recognition_of_need"]
    said = {leaf for event in heard for leaf in _leaves(event)}
    assert [leaf for leaf in said if not PLAIN.fullmatch(leaf)] == []
    assert said & await _personal(rochdale) == set()
