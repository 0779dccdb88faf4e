"""What goes wrong between us and the case systems, on real sockets: nothing lost, nothing twice."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from journeys.forms import dispatched_step_down, dispatched_step_up, step_up
from journeys.world import World
from serving import CALLBACK_SECRETS
from standardwebhooks import Webhook

pytestmark = pytest.mark.long


def in_tray(world: World, sent: dict[str, Any]) -> list[dict[str, Any]]:
    return [task for task in world.lcs.tray("FF-BISHOP") if task["reference"] == sent["reference"]]


def delivery(world: World, sent: dict[str, Any], kind: str = "deliver_task") -> dict[str, Any]:
    found = world.as_("op.manager").deliveries(sent)
    (only,) = [each for each in found if each["kind"] == kind]
    return dict(only)


def signed(
    body: dict[str, Any], message_id: str, system: str = "lcs"
) -> tuple[bytes, dict[str, str]]:
    now, text = datetime.now(UTC), json.dumps(body)
    headers = {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(CALLBACK_SECRETS[system]).sign(message_id, now, text),
    }
    return text.encode(), headers


def told(kind: str, sent: dict[str, Any], **data: Any) -> dict[str, Any]:
    at = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    return {"type": kind, "occurred_at": at, "data": {"reference": sent["reference"]} | data}


def test_h04_a_task_arrives_once_the_case_system_is_back_from_an_outage(world: World) -> None:
    world.lcs.script("server_error", "deliverDutyTask", times=3)
    sent = dispatched_step_up(world)

    world.drain()
    during = delivery(world, sent)
    for _ in range(3):
        world.clock.move(minutes=10)
        world.drain()

    assert (during["state"], during["outcome"]) == ("pending", "status 503")
    assert delivery(world, sent)["state"] == "delivered"
    assert len(in_tray(world, sent)) == 1


def test_h04_a_manager_is_told_of_a_task_under_immediate_risk_that_is_late_by_15_minutes(
    world: World,
) -> None:
    world.lcs.script("server_error", "deliverDutyTask", times=100)
    worker = world.as_("op.worker")
    urgent, usual = dispatched_urgently(world), dispatched_step_up(world)

    for _ in range(4):
        world.clock.move(minutes=5)
        world.drain()

    assert set(world.alerts(urgent)) == {"delivery_late"}
    assert world.alerts(usual) == []
    assert worker.read(urgent)["stage"] == "dispatched"


def test_h04_retry_after_is_waited_for(world: World) -> None:
    world.lcs.script("too_many_requests", "deliverDutyTask", retry_after=8)
    sent = dispatched_step_up(world)

    world.drain()
    world.clock.move(seconds=7)
    too_soon = world.drain()
    world.clock.move(seconds=2)
    world.drain()

    assert too_soon == 0
    assert delivery(world, sent)["attempts"] == 2
    assert len(in_tray(world, sent)) == 1


def test_h04_what_a_case_system_refuses_for_good_is_parked_seen_and_replayed(
    world: World,
) -> None:
    manager = world.as_("op.manager")
    world.lcs.script("unauthorised", "deliverDutyTask", times=2)
    sent = dispatched_step_up(world)

    world.drain()
    parked = delivery(world, sent)
    alerts = world.alerts(sent)
    manager.replay(parked)
    world.settle()

    assert (parked["state"], parked["outcome"]) == (
        "parked",
        "refused: status 401: unauthorised",
    )
    assert alerts == ["delivery_parked"]
    assert delivery(world, sent)["key"] == parked["key"]
    assert len(in_tray(world, sent)) == 1


def test_a_token_that_is_refused_is_renewed_once_within_the_same_attempt(world: World) -> None:
    world.lcs.script("unauthorised", "deliverDutyTask", times=1)
    sent = dispatched_step_up(world)

    world.drain()

    assert delivery(world, sent)["attempts"] == 1
    assert len(world.lcs.log("issueToken")) == 1
    assert len(in_tray(world, sent)) == 1


def test_h05_a_connection_reset_after_processing_makes_one_task(world: World) -> None:
    world.lcs.script("reset_after_processing", "deliverDutyTask")
    world.lcs.script("lose_callback", "duty_task.received")
    sent = dispatched_step_up(world)

    world.drain()
    unanswered = delivery(world, sent)
    world.clock.move(seconds=10)
    world.drain()

    first, second = world.lcs.log("deliverDutyTask")
    assert unanswered["state"] == "pending"
    assert first["idempotency_key"] == second["idempotency_key"] == unanswered["key"]
    assert (first["status"], second["status"]) == (201, 200)
    assert delivery(world, sent)["state"] == "delivered"
    assert len(in_tray(world, sent)) == 1


def test_h05_a_callback_proves_a_delivery_whose_answer_was_lost(world: World) -> None:
    world.lcs.script("reset_after_processing", "deliverDutyTask")
    sent = dispatched_step_up(world)

    world.drain()
    world.lcs.wait_for_callbacks()
    world.clock.move(hours=1)
    world.settle()

    assert len(world.lcs.log("deliverDutyTask")) == 1
    assert delivery(world, sent)["state"] == "delivered"


def test_h05_relays_that_work_side_by_side_push_every_task_once(world: World) -> None:
    sent = [dispatched_step_up(world) for _ in range(8)]

    claimed = world.drain_together(3)

    assert sum(claimed) == 8
    pushed = [entry["reference"] for entry in world.lcs.log("deliverDutyTask")]
    assert sorted(pushed) == sorted(each["reference"] for each in sent)


def test_h05_an_answer_that_is_no_answer_makes_no_second_task(world: World) -> None:
    world.lcs.script("garbage", "deliverDutyTask", body="<html>Welcome</html>")
    sent = dispatched_step_up(world)

    world.drain()
    world.clock.move(minutes=1)
    world.settle()

    assert delivery(world, sent)["state"] == "delivered"
    assert len(in_tray(world, sent)) == 1


def test_a_lost_callback_is_made_up_for_by_reconciliation(world: World) -> None:
    for kind in ("duty_task.picked_up", "referral.created", "referral.allocated"):
        world.lcs.script("lose_callback", kind)
    sent = dispatched_step_up(world)
    world.settle()
    (record,) = world.lcs.start(sent["reference"], "ff.manager")
    world.lcs.press(f"/referrals/{record['record_id']}/finalise")
    world.lcs.press(f"/referrals/{record['record_id']}/allocate", {"worker": "ff.socialworker"})
    world.settle()
    before = world.as_("op.worker").read(sent)

    too_soon = world.reconcile()
    world.clock.move(minutes=16)
    asked = world.reconcile()

    after = world.as_("op.worker").read(sent)
    assert (before["stage"], too_soon, asked) == ("dispatched", 0, 1)
    assert (after["stage"], after["lead_professional"]) == ("allocated", "ff.socialworker")
    assert after["children"][0]["record"]["standing"] == "corrected"
    assert world.lcs.read(f"/referrals/{record['record_id']}")["date_of_referral"] == str(
        datetime.fromisoformat(record["created_at"]).date()
    )


def test_a_task_that_a_tray_no_longer_has_is_reported(world: World) -> None:
    sent = dispatched_step_up(world)
    world.settle()
    world.lcs.reset()

    world.clock.move(minutes=16)
    world.reconcile()

    assert world.alerts(sent) == ["task_missing"]


@pytest.mark.parametrize("times", [2, 3])
def test_h15_a_callback_that_is_sent_again_changes_nothing_more(world: World, times: int) -> None:
    sent = dispatched_step_up(world)
    world.settle()
    body, headers = signed(told("duty_task.picked_up", sent, worker="ff.manager"), "msg_again")

    answers = [world.call_back("lcs", body, headers) for _ in range(times)]

    assert {(answer.status_code, answer.content) for answer in answers} == {
        (200, b'{"noted":true}')
    }
    seen = world.as_("op.worker").read(sent)
    assert [mark["name"] for mark in seen["milestones"]].count("picked_up") == 1


def test_h15_a_pick_up_that_is_told_after_the_start_only_fills_in_its_time(world: World) -> None:
    world.lcs.script("lose_callback", "duty_task.picked_up")
    sent = dispatched_step_up(world)
    world.settle()
    world.lcs.start(sent["reference"], "ff.manager")
    world.settle()
    (lost,) = world.lcs.callbacks("duty_task.picked_up")
    inferred = world.as_("op.worker").read(sent)

    late = world.call_back("lcs", *signed(lost["body"], lost["id"]))

    filled = world.as_("op.worker").read(sent)
    assert late.status_code == 200
    assert [m["inferred"] for m in inferred["milestones"] if m["name"] == "picked_up"] == [True]
    (picked_up, *_) = [m for m in filled["milestones"] if m["name"] == "picked_up"][::-1]
    assert picked_up["inferred"] is False
    assert filled["stage"] == "started"


def test_h16_ehm_may_not_report_on_a_task_of_lcs(world: World) -> None:
    sent = dispatched_step_up(world)
    world.settle()
    body, headers = signed(told("duty_task.picked_up", sent, worker="op.manager"), "msg_x", "ehm")

    crossed = world.call_back("ehm", body, headers)
    forged = world.call_back("lcs", body, headers)

    assert (crossed.status_code, forged.status_code) == (403, 401)
    assert world.as_("op.worker").read(sent)["stage"] == "dispatched"
    assert world.alerts(sent) == ["callback_of_another_system"]


def test_h15_a_callback_that_meets_our_own_mark_waits_for_it_and_never_deadlocks(
    world: World,
) -> None:
    sent = dispatched_step_up(world)
    world.lcs.script("lose_callback", "duty_task.received")

    with ThreadPoolExecutor(1) as relay, world.holding(sent) as prove_delivered:
        drained = relay.submit(world.drain)
        world.lcs.wait_for("deliverDutyTask")
        time.sleep(0.2)
        prove_delivered()
    drained.result(10)

    assert delivery(world, sent)["state"] == "delivered"


def test_one_dead_system_does_not_starve_the_other(world: World) -> None:
    world.lcs.script("reset_before_processing", "deliverDutyTask", times=100)
    up, down = dispatched_step_up(world), dispatched_step_down(world)

    world.drain()

    assert delivery(world, up)["state"] == "pending"
    (task,) = world.ehm.tray("OP-BISHOP")
    assert task["reference"] == down["reference"]


def dispatched_urgently(world: World) -> dict[str, Any]:
    worker, manager = world.as_("op.worker"), world.as_("op.manager")
    opened = worker.open(step_up(world, route="immediate_risk"))
    spoke = {"name": "receiving_manager_contacted", "at": world.clock().isoformat()}
    manager.act("milestones", opened, spoke | {"person": "ff.manager"})
    sent: dict[str, Any] = worker.act("finalise", opened)
    return sent
