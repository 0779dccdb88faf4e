"""What comes after the meeting: a disagreement, the outcomes, and the task in the tray."""

from datetime import datetime, timedelta

from app.cli.demo.fortnight_scene import ADMIN, CHAIR, LEAD, MANAGER, OPERATIONS, Scene, spoken
from app.cli.demo.stage_hands import Json, MockSystem, require, task_in_tray

HOUR = timedelta(hours=1)


def escalated(scene: Scene, down: Json) -> None:
    """The decision not to step down is disputed, taken up the line and settled."""
    scene.let_it_be(scene.running.now + HOUR)
    scene.say("6. The Team Manager disagrees: first the chair, then up the line (CE M27)")
    about = "The assessment looked into the tenancy; it is safe."
    raised = scene.act(MANAGER, down, "disagreements", {"kinds": ["decision"], "about": about})
    path = f"disagreements/{raised['disagreements'][-1]['id']}"
    for level in ("chair", "operations_manager"):
        body = {"level": level, "comment": "We do not agree."}
        after = scene.act(MANAGER, down, f"{path}/escalate", body)
        due = after["disagreements"][-1]["due_at"]
        by = f", due by {spoken(datetime.fromisoformat(due))}" if due else ""
        scene.say(f"   to the {level.replace('_', ' ')}{by}")
    require("social care has the lead meanwhile", after["custody"]["team"] == "ce-area-north")
    scene.say(f"   {after['custody']['team']} has the lead until it is settled")
    scene.say("7. The operations manager settles it: it goes ahead after all")
    settled = {"outcome": "goes_ahead", "rationale": "The landlord has confirmed the tenancy."}
    after = scene.act(OPERATIONS, down, f"{path}/resolve", settled)
    decided = [m for m in after["milestones"] if m["name"] == "meeting_decided"]
    require("the outcome flows back", decided[-1]["outcome"] == "agreed")
    scene.say("   and the transfer says so: meeting_decided, agreed")


def told(scene: Scene, meeting: Json, up: Json, down: Json) -> None:
    """Everybody hears in time what came of it."""
    scene.say("9. The outcomes go round, in one act for every case of the meeting (CE M25, A5)")
    round_ = {"name": "outcomes_circulated", "at": scene.running.now.isoformat()}
    scene.in_meeting(ADMIN, meeting, "milestones", round_)
    scene.mark(CHAIR, down, "social_worker_told")
    for case, code in ((up, "CE-M25-outcomes"), (down, "CE-A5-social-worker-told")):
        seen = scene.as_(CHAIR).get(f"/v1/transfers/{case['id']}")
        (clock,) = (clock for clock in seen["clocks"] if clock["code"] == code)
        require(f"{code} is met in time", clock["state"] == "met")
        scene.say(f"   {clock['says']}: {clock['state']} ({clock['source']})")


def sent(scene: Scene, lcs: MockSystem, up: Json) -> None:
    """What was agreed is dispatched."""
    scene.say("10. What was agreed goes to ChECS, and its task lies in the tray in LCS (CE L9)")
    sent = scene.act(LEAD, up, "finalise")
    task = task_in_tray(lcs, "CE-CHECS", sent["reference"])
    require("the title names the council", task["title"] == "Transfer from Cheshire East EHM")
    scene.say(f"   {task['title']}: {task['state']}")
