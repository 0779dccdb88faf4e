"""People and trays: pick up, release, decline, redirect, cancel, from either side."""

import time
from typing import Any

from journeys.forms import dispatched_step_down, dispatched_step_up, step_down
from journeys.world import World


def tasks(world: World, *trays: str) -> list[str]:
    """The open tasks of the trays, by tray."""
    return [
        f"{tray} {task['state']}"
        for tray in trays
        for task in world.lcs.tray(tray)
        if task["state"] in ("waiting", "picked_up")
    ]


def task_there(world: World, sent: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = world.lcs.read(f"/duty-tasks/{sent['reference']}")
    return found


def test_a_pick_up_at_our_api_is_told_to_the_tray(world: World) -> None:
    sent = dispatched_step_up(world)
    world.settle()

    held = world.as_("ff.socialworker").act("pick-up", sent)
    world.settle()

    assert (held["stage"], held["holder"]) == ("picked_up", "ff.socialworker")
    there = task_there(world, sent)
    assert (there["state"], there["held_by"]) == ("picked_up", "ff.socialworker")


def test_where_the_tray_has_the_task_with_another_worker_the_tray_is_right(world: World) -> None:
    world.lcs.script("lose_callback", "duty_task.picked_up")
    sent = dispatched_step_up(world)
    world.settle()
    world.lcs.press(f"/duty-tasks/{sent['reference']}/pick-up", {"worker": "ff.manager"})

    ours = world.as_("ff.socialworker").act("pick-up", sent)
    world.settle()

    now = world.as_("ff.manager").read(sent)
    assert ours["holder"] == "ff.socialworker"
    assert (now["stage"], now["holder"]) == ("picked_up", "ff.manager")
    assert world.alerts(sent) == ["held_by_another"]
    assert task_there(world, sent)["held_by"] == "ff.manager"


def test_a_pick_up_before_the_task_has_arrived_waits_for_it(world: World) -> None:
    sent = dispatched_step_up(world)

    world.as_("ff.socialworker").act("pick-up", sent)
    world.settle()

    kinds = [d["kind"] for d in world.as_("op.manager").deliveries(sent)]
    assert kinds == ["deliver_task", "pick_up_task"]
    assert task_there(world, sent)["held_by"] == "ff.socialworker"


def test_a_release_at_our_api_puts_the_task_back(world: World) -> None:
    sent = dispatched_step_up(world)
    worker = world.as_("ff.socialworker")
    worker.act("pick-up", sent)
    world.settle()

    free = worker.act("release", sent)
    world.settle()

    assert (free["stage"], free["holder"]) == ("dispatched", None)
    assert tasks(world, "FF-BISHOP") == ["FF-BISHOP waiting"]


def test_a_release_and_another_pick_up_in_lcs_are_heard(world: World) -> None:
    sent = dispatched_step_up(world)
    world.settle()
    address = f"/duty-tasks/{sent['reference']}"

    world.lcs.press(f"{address}/pick-up", {"worker": "ff.manager"})
    world.lcs.press(f"{address}/release", {"worker": "ff.manager"})
    world.settle()
    between = world.as_("op.worker").read(sent)
    world.lcs.press(f"{address}/pick-up", {"worker": "ff.socialworker"})
    world.settle()

    after = world.as_("op.worker").read(sent)
    assert (between["stage"], between["holder"]) == ("dispatched", None)
    assert (after["stage"], after["holder"]) == ("picked_up", "ff.socialworker")


def test_a_release_behind_a_lost_callback_is_found_by_reconciliation(world: World) -> None:
    world.lcs.script("lose_callback", "duty_task.released")
    sent = dispatched_step_up(world)
    world.settle()
    address, by = f"/duty-tasks/{sent['reference']}", {"worker": "ff.manager"}
    world.lcs.press(f"{address}/pick-up", by)
    world.lcs.press(f"{address}/release", by)
    world.settle()
    before = world.as_("op.worker").read(sent)

    world.clock.move(minutes=16)
    world.reconcile()

    after = world.as_("op.worker").read(sent)
    assert (before["stage"], before["holder"]) == ("picked_up", "ff.manager")
    assert (after["stage"], after["holder"]) == ("dispatched", None)


def test_h19_a_decline_at_our_api_takes_the_task_out_and_leaves_custody_with_the_origin(
    world: World,
) -> None:
    sent = dispatched_step_up(world)
    world.settle()
    reason = {"reason": "threshold_not_met", "comment": "Early help was not tried yet."}

    declined = world.as_("ff.manager").act("decline", sent, reason)
    world.settle()

    assert declined["stage"] == "declined"
    assert declined["custody"]["team"] == "op-bishop"
    assert task_there(world, sent)["state"] == "declined"


def test_h19_a_decline_in_lcs_is_heard_and_the_origin_may_send_it_elsewhere(world: World) -> None:
    sent = dispatched_step_up(world)
    world.settle()
    declining = {"worker": "ff.manager", "reason": "Another locality"}
    elsewhere = {"recipient": "ff-chester", "comment": "They live in Chester-le-Street."}

    world.lcs.press(f"/duty-tasks/{sent['reference']}/decline", declining)
    world.settle()
    declined = world.as_("op.manager").read(sent)
    world.as_("op.manager").act("redirect", sent, elsewhere)
    world.settle()

    assert declined["stage"] == "declined"
    assert tasks(world, "FF-BISHOP", "FF-CHESTER") == ["FF-CHESTER waiting"]


def test_h02_a_redirect_withdraws_there_and_delivers_here_so_that_one_task_is_open(
    world: World,
) -> None:
    sent = dispatched_step_up(world)
    world.settle()
    before = tasks(world, "FF-BISHOP", "FF-CHESTER")

    moved = world.as_("ff.manager").act(
        "redirect", sent, {"recipient": "ff-chester", "comment": "They have moved."}
    )
    world.settle()

    assert before == ["FF-BISHOP waiting"]
    assert tasks(world, "FF-BISHOP", "FF-CHESTER") == ["FF-CHESTER waiting"]
    assert task_there(world, sent)["state"] == "withdrawn"
    assert moved["reference"] != sent["reference"]
    dispatched = [m["at"] for m in moved["milestones"] if m["name"] == "dispatched"]
    assert dispatched[0] == next(m["at"] for m in sent["milestones"] if m["name"] == "dispatched")


def test_h02_a_redirect_before_the_first_delivery_never_shows_the_task_in_the_wrong_tray(
    world: World,
) -> None:
    sent = dispatched_step_up(world)

    world.as_("op.manager").act(
        "redirect", sent, {"recipient": "ff-chester", "comment": "The wrong team."}
    )
    world.settle()

    assert tasks(world, "FF-BISHOP", "FF-CHESTER") == ["FF-CHESTER waiting"]
    (delivered,) = world.lcs.log("deliverDutyTask")
    assert delivered["reference"] != sent["reference"]


def test_a_cancellation_withdraws_the_task(world: World) -> None:
    sent = dispatched_step_up(world)
    world.settle()

    cancelled = cancel(world, sent)
    world.settle()

    assert cancelled["stage"] == "cancelled"
    assert task_there(world, sent)["state"] == "withdrawn"
    assert tasks(world, "FF-BISHOP") == []


def test_a_withdrawal_that_overtakes_its_delivery_leaves_nothing_in_the_tray(
    world: World,
) -> None:
    sent = dispatched_step_up(world)

    cancel(world, sent)
    world.settle()
    late = world.lcs.try_to("/duty-tasks", late_task(sent), **{"Idempotency-Key": "late-1"})

    assert (late.status_code, late.json()["code"]) == (409, "withdrawn")
    assert world.lcs.tray("FF-BISHOP") == []
    states = {d["kind"]: d["state"] for d in world.as_("op.manager").deliveries(sent)}
    assert states == {"deliver_task": "cancelled", "withdraw_task": "delivered"}


def test_a_withdrawal_clears_away_a_delivery_of_which_no_answer_was_seen(world: World) -> None:
    world.lcs.script("reset_after_processing", "deliverDutyTask")
    world.lcs.script("lose_callback", "duty_task.received")
    sent = dispatched_step_up(world)
    world.drain()

    cancel(world, sent)
    world.clock.move(minutes=1)
    world.settle()

    assert task_there(world, sent)["state"] == "withdrawn"
    assert len(world.lcs.log("deliverDutyTask")) == 1


def test_a_report_on_a_cancelled_transfer_is_refused_and_somebody_is_told(world: World) -> None:
    sent = dispatched_step_up(world)
    world.settle()
    cancel(world, sent)

    world.lcs.press(f"/duty-tasks/{sent['reference']}/pick-up", {"worker": "ff.manager"})
    wait_for_an_attempt(world)

    (told,) = world.lcs.callbacks("duty_task.picked_up")
    assert told["last_status"] == 409
    assert world.alerts(sent) == ["callback_out_of_place"]
    assert world.as_("op.worker").read(sent)["stage"] == "cancelled"


def test_a_cancellation_that_comes_after_the_start_in_lcs_is_not_lost_on_anybody(
    world: World,
) -> None:
    for kind in ("duty_task.picked_up", "referral.created"):
        world.lcs.script("lose_callback", kind)
    sent = dispatched_step_up(world)
    world.settle()
    world.lcs.start(sent["reference"], "ff.manager")

    cancel(world, sent)
    world.settle()

    (parked,) = [d for d in world.as_("op.manager").deliveries(sent) if d["state"] == "parked"]
    assert parked["outcome"] == "refused: status 409: already_started"
    assert world.alerts(sent) == ["delivery_parked"]


def test_h10_a_child_on_the_way_up_cannot_be_sent_down_too(world: World) -> None:
    sent = dispatched_step_up(world)

    crossed = world.as_("ff.socialworker").try_to_open(step_down(world, children=[child_of(sent)]))

    assert crossed.status_code == 409
    assert dispatched_step_down(world)["stage"] == "dispatched"


def cancel(world: World, sent: dict[str, Any]) -> dict[str, Any]:
    why = {"reason": "entered_in_error", "comment": "The wrong child."}
    done: dict[str, Any] = world.as_("op.manager").act("cancel", sent, why)
    return done


def child_of(sent: dict[str, Any]) -> dict[str, Any]:
    (child,) = sent["children"]
    return {name: child[name] for name in ("child_id", "name", "date_of_birth")}


def late_task(sent: dict[str, Any]) -> dict[str, Any]:
    """What a delivery that was still under way would have said."""
    return {
        "reference": sent["reference"],
        "title": "Transfer from Durham EHM",
        "tray": "FF-BISHOP",
        "pathway": "step_up",
        "route": sent["route"],
        "immediate_risk": False,
        "date_of_transfer": sent["form"]["date_of_transfer"],
        "comments": sent["form"]["comments"],
        "from_team": "One Point Bishop Auckland",
        "from_worker": "op.worker",
        "origin_record": {
            name: sent["origin_record"][name] for name in ("record_id", "started_on")
        },
        "children": [child_of(sent)],
        "forms": [],
    }


def wait_for_an_attempt(world: World) -> None:
    end = time.monotonic() + 5
    while world.lcs.callbacks("duty_task.picked_up")[0]["last_status"] is None:
        assert time.monotonic() < end
        time.sleep(0.005)
