"""What people fill in on the way: nobody real, a new child every time."""

from datetime import date, timedelta
from itertools import count
from typing import Any

from journeys.world import World

Json = Any
_children = count(100_001)
CONTACT_RECORD = {
    "reason_for_contact": "Missing from home twice in a week",
    "views_of_child": "Wants to stay at school",
}


def child() -> Json:
    number = next(_children)
    return {
        "child_id": f"DUR{number}",
        "name": f"Robin Example {number}",
        "date_of_birth": "2015-06-30",
    }


def step_up_form(today: date, **changes: Any) -> Json:
    """A complete form; `changes` replace fields."""
    form = {
        "date_of_transfer": str(today),
        "comments": "New risks at home; agreed to step up.",
        "recipient": "ff-bishop",
        "meeting": {"held_on": str(today), "chair": "A chair", "decision": "agreed"},
        "forms": [
            {"form": "ehm_contact_record", "record_id": "ECR-2041", "fields": CONTACT_RECORD}
        ],
    }
    return form | changes


def step_down_form(today: date, **changes: Any) -> Json:
    """A complete form; `changes` replace fields."""
    assessment = {"outcome": "Step Down to Early Help"}
    form = {
        "date_of_transfer": str(today),
        "comments": "Risks have reduced; the family asks for help with routines.",
        "recipient": "op-bishop",
        "meeting": {"held_on": str(today), "chair": "A chair", "decision": "agreed"},
        "forms": [
            {"form": "child_and_family_assessment", "record_id": "CFA-310", "fields": assessment},
            {"form": "child_and_family_plan", "record_id": "CFP-311"},
        ],
    }
    return form | changes


def step_up(world: World, form: Json = None, **changes: Any) -> Json:
    """How a One Point worker opens a step up from an episode that began 200 days ago."""
    began = world.today - timedelta(days=200)
    opening = {
        "pathway": "step_up",
        "route": "meeting",
        "origin": {"kind": "manual"},
        "origin_record": {"record_id": "EHE-1001", "started_on": str(began), "active": True},
        "origin_team": "op-bishop",
        "children": [child()],
        "form": step_up_form(world.today) if form is None else form,
    }
    return opening | changes


def step_down(world: World, form: Json = None, **changes: Any) -> Json:
    """How a social worker opens a step down from a referral that began 120 days ago."""
    began = world.today - timedelta(days=120)
    opening = {
        "pathway": "step_down",
        "route": "meeting",
        "origin": {"kind": "child_in_need_plan_finalised", "stage_record_id": "CIN-88"},
        "origin_record": {"record_id": "REF-2002", "started_on": str(began), "active": True},
        "origin_team": "ff-bishop",
        "children": [child()],
        "form": step_down_form(world.today) if form is None else form,
    }
    return opening | changes


def dispatched_step_up(world: World, **changes: Any) -> Json:
    """A step up whose task the relay has not pushed yet."""
    worker = world.as_("op.worker")
    return worker.act("finalise", worker.open(step_up(world, **changes)))


def dispatched_step_down(world: World, **changes: Any) -> Json:
    """An authorised step down whose task the relay has not pushed yet."""
    return world.as_("ff.manager").act("authorise", finalised_step_down(world, **changes))


def finalised_step_down(world: World, **changes: Any) -> Json:
    """A step down that waits for its manager."""
    worker = world.as_("ff.socialworker")
    return worker.act("finalise", worker.open(step_down(world, **changes)))


def started_step_up(world: World) -> tuple[Json, str]:
    """A step up whose referral was just started in LCS, the copied date still on it; its id."""
    sent = dispatched_step_up(world)
    world.settle()
    (record,) = world.lcs.start(sent["reference"], "ff.manager")
    world.lcs.wait_for_callbacks()
    return sent, record["record_id"]


def allocated_step_up(world: World) -> tuple[Json, str]:
    """A step up whose referral has the right date and a social worker; its id."""
    sent, referral = started_step_up(world)
    world.settle()
    world.lcs.press(f"/referrals/{referral}/finalise")
    world.lcs.press(f"/referrals/{referral}/allocate", {"worker": "ff.socialworker"})
    world.settle()
    return sent, referral


def started_step_down(world: World, **changes: Any) -> tuple[Json, str]:
    """A step down whose episode was just started in EHM, its date not yet checked; its id."""
    sent = dispatched_step_down(world, **changes)
    world.settle()
    (record,) = world.ehm.start(sent["reference"], "op.manager")
    world.ehm.wait_for_callbacks()
    return sent, record["record_id"]


def allocated_step_down(world: World) -> tuple[Json, str]:
    """A step down whose episode has a lead professional; its id."""
    sent, episode = started_step_down(world)
    world.settle()
    lead = {"lead_professional": "op.keyworker"}
    world.ehm.press(f"/episodes/{episode}/finalise")
    world.ehm.press(f"/episodes/{episode}/allocate", lead)
    world.settle()
    return sent, episode
