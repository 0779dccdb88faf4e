"""`make chaos`: what a case system reports comes in every order, and some of it twice."""

import json
from collections import Counter
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from journeys.forms import dispatched_step_down, dispatched_step_up
from journeys.mock_system import MockSystem
from journeys.world import World, new_world
from serving import CALLBACK_SECRETS
from standardwebhooks import Webhook

pytestmark = pytest.mark.chaos
Json = Any
WAYS = {"step_up": dispatched_step_up, "step_down": dispatched_step_down}
LEADS = {"lcs": ("worker", "ff.socialworker"), "ehm": ("lead_professional", "op.keyworker")}
RECORDS = {"lcs": "referrals", "ehm": "episodes"}
HOLDERS = {"lcs": "ff.manager", "ehm": "op.manager"}


def _lived_through(world: World, pathway: str) -> tuple[Json, list[Json]]:
    """A task that was picked up, started and allocated while every callback was lost."""
    mock: MockSystem = world.lcs if pathway == "step_up" else world.ehm
    mock.script("lose_callback", "any", times=99)
    before = len(mock.callbacks())
    sent = WAYS[pathway](world)
    world.drain()
    (record,) = mock.start(sent["reference"], HOLDERS[mock.name])
    told, lead = LEADS[mock.name]
    path = f"/{RECORDS[mock.name]}/{record['record_id']}"
    mock.press(f"{path}/finalise")
    mock.press(f"{path}/allocate", {told: lead})
    return sent, [each["body"] for each in mock.callbacks()[before:]]


def _report(world: World, system: str, body: Json, message_id: str) -> int:
    now, text = datetime.now(UTC), json.dumps(body)
    headers = {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(CALLBACK_SECRETS[system]).sign(message_id, now, text),
    }
    return world.call_back(system, text.encode(), headers).status_code


def _ended_as(world: World, transfer: Json) -> tuple[object, ...]:
    """What the reports made of a transfer, without the times and ids of its own.

    A report that came too late to be heard leaves a mark of that besides, and a pick-up that was
    inferred stays beside the one that was told.
    """
    after = world.as_("op.manager").read(transfer)
    (child,) = after["children"]
    reached = {milestone["name"] for milestone in after["milestones"]} - {"report_out_of_order"}
    record = child["record"]
    return (
        *(after["stage"], after["holder"], after["lead_professional"], after["custody"]["team"]),
        *(record["standing"], record["corrections"], record["allocated_to"]),
        *sorted(reached),
    )


@pytest.mark.parametrize("pathway", ["step_up", "step_down"])
def test_h15_reports_in_every_order_and_twice_end_in_one_and_the_same_state(
    database_url: str, issuer_key: Path, pathway: str
) -> None:
    ends: Counter[tuple[object, ...]] = Counter()
    reports = orders = 0
    with new_world(database_url, issuer_key) as world:
        system = "lcs" if pathway == "step_up" else "ehm"
        _, bodies = _lived_through(world, pathway)
        for turn, order in enumerate(permutations(range(len(bodies)))):
            sent, told = _lived_through(world, pathway)
            assert [body["type"] for body in told] == [body["type"] for body in bodies]
            twice = order[turn % len(order)]
            for place, which in enumerate((*order, twice)):
                message = f"msg_{turn}_{which}" if turn % 2 else f"msg_{turn}_{place}"
                assert _report(world, system, told[which], message) == 200
                reports += 1
            world.settle()
            ends[_ended_as(world, sent)] += 1
            orders += 1

    print(f"\nCallbacks on {pathway}: {reports} in {orders} orders, {len(ends)} ending")  # noqa: T201
    assert len(ends) == 1, ends
    assert next(iter(ends))[0] == "allocated"
