"""Step Up from One Point (Escalate): the briefing note's steps 1 to 10, over HTTP."""

from datetime import date, datetime, timedelta
from typing import Any

import holidays
import httpx
import pytest
from journeys.forms import (
    CONTACT_RECORD,
    allocated_step_up,
    dispatched_step_up,
    started_step_up,
    step_up,
    step_up_form,
)
from journeys.world import World


def breaches(refusal: httpx.Response) -> list[str]:
    assert refusal.status_code == 422, refusal.text
    return sorted(breach["code"] for breach in refusal.json()["breaches"])


def test_dl_01_a_case_that_the_weekly_meeting_agreed_on_is_stepped_up(world: World) -> None:
    worker = world.as_("op.worker")
    opened = worker.open(step_up(world, route="meeting"))

    sent = worker.act("finalise", opened)

    assert sent["stage"] == "dispatched"
    assert sent["form"]["meeting"]["decision"] == "agreed"
    assert sent["warnings"] == []


def test_dl_01_immediate_risk_waits_for_no_meeting_but_for_the_two_managers_to_have_spoken(
    world: World,
) -> None:
    worker, manager = world.as_("op.worker"), world.as_("op.manager")
    form = step_up_form(world.today, meeting=None)
    opened = worker.open(step_up(world, form, route="immediate_risk"))
    spoke = {"name": "receiving_manager_contacted", "at": world.clock().isoformat()}

    too_early = worker.try_to("finalise", opened)
    manager.act("milestones", opened, spoke | {"person": "ff.manager"})
    sent = worker.act("finalise", opened)
    world.settle()

    assert breaches(too_early) == ["DL-1-contact"]
    assert sent["stage"] == "dispatched"
    assert sent["warnings"] == []
    (spoken,) = [m for m in sent["milestones"] if m["name"] == "receiving_manager_contacted"]
    assert (spoken["by"], spoken["person"]) == ("op.manager", "ff.manager")
    assert "Immediate risk" in world.lcs.page("/trays/FF-BISHOP")


@pytest.mark.parametrize(
    "origin",
    [
        {"kind": "manual"},
        {"kind": "early_help_assessment", "stage_record_id": "EHA-7"},
        {"kind": "team_around_the_family", "stage_record_id": "TAF-9"},
    ],
    ids=lambda origin: origin["kind"],
)
def test_dl_02_the_stage_is_created_by_hand_or_as_the_outcome_of_another_stage(
    world: World, origin: dict[str, str]
) -> None:
    opened = world.as_("op.worker").open(step_up(world, origin=origin))

    assert opened["stage"] == "draft"
    assert opened["origin"] == {"stage_record_id": None} | origin


def test_dl_02_the_stage_is_created_from_an_active_early_help_episode(world: World) -> None:
    ended = step_up(world)
    ended["origin_record"]["active"] = False

    refusal = world.as_("op.worker").try_to_open(ended)

    assert breaches(refusal) == ["DL-2-active-episode"]


def test_dl_03_date_comments_and_recipient_are_mandatory(world: World) -> None:
    worker = world.as_("op.worker")
    form = step_up_form(world.today)
    mandatory = ("date_of_transfer", "comments", "recipient")
    opened = worker.open(step_up(world, {n: v for n, v in form.items() if n not in mandatory}))

    refusal = worker.try_to("finalise", opened)
    worker.edit(opened, {name: form[name] for name in mandatory})
    sent = worker.act("finalise", opened)

    assert {"DL-3-date", "DL-3-comments", "DL-3-recipient"} <= set(breaches(refusal))
    assert sent["stage"] == "dispatched"


def test_dl_03_the_task_goes_to_the_tray_of_the_chosen_team_and_to_no_other(world: World) -> None:
    form = step_up_form(world.today, recipient="ff-east")

    sent = dispatched_step_up(world, form=form)
    world.settle()

    (task,) = world.lcs.tray("FF-EAST")
    assert task["reference"] == sent["reference"]
    assert world.lcs.tray("FF-BISHOP") == []


def test_dl_03_referral_to_progress_is_refused_as_recipient(world: World) -> None:
    worker = world.as_("op.worker")
    opened = worker.open(step_up(world))

    refusal = worker.try_to_edit(opened, {"recipient": "referral-to-progress"})

    assert breaches(refusal) == ["DL-3-referral-to-progress"]
    assert worker.read(opened)["form"]["recipient"] == "ff-bishop"


def test_dl_04_the_meeting_is_asked_for_and_not_mandatory(world: World) -> None:
    sent = dispatched_step_up(world, form=step_up_form(world.today, meeting=None))

    assert sent["stage"] == "dispatched"
    asked_for = sorted(warning["code"] for warning in sent["warnings"])
    assert asked_for == ["DL-4-meeting-date", "DL-4-meeting-decision"]


def test_dl_05_the_ehm_contact_record_copies_forward_into_the_referral(world: World) -> None:
    worker = world.as_("op.worker")
    bare = worker.open(step_up(world, step_up_form(world.today, forms=[])))

    refusal = worker.try_to("finalise", bare)
    _, referral = started_step_up(world)

    assert breaches(refusal) == ["DL-5-contact-record"]
    assert world.lcs.read(f"/referrals/{referral}")["contact_record"] == CONTACT_RECORD


def test_dl_06_finalising_sends_the_task_without_management_authorisation(world: World) -> None:
    worker = world.as_("op.worker")
    opened = worker.open(step_up(world))

    sent = worker.act("finalise", opened)
    world.settle()
    authorised = world.as_("op.manager").try_to("authorise", sent)

    assert sent["stage"] == "dispatched"
    assert sent["authorised_by"] is None
    (task,) = world.lcs.tray("FF-BISHOP")
    assert (task["reference"], task["state"]) == (sent["reference"], "waiting")
    assert authorised.status_code in (403, 409)


def test_dl_07_the_lead_professional_closes_the_episode_once_the_referral_is_allocated(
    world: World,
) -> None:
    episode = seed_episode(world)
    closing = {"reason": "Stepped up to children's social care", "closed_on": str(world.today)}
    worker = world.as_("op.worker")
    waiting, _ = started_step_up(world)

    too_early = worker.try_to("closing", waiting, closed_now(world))
    sent, _ = allocated_step_up(world)
    world.ehm.press(f"/episodes/{episode}/close", closing)
    done = worker.act("closing", sent, closed_now(world))

    assert breaches(too_early) == ["closing-acceptance"]
    assert worker.read(waiting)["custody"]["team"] == "op-bishop"
    assert world.ehm.read(f"/episodes/{episode}")["state"] == "closed"
    assert done["stage"] == "completed"


def test_dl_08_the_task_is_labelled_picked_up_and_then_a_referral_is_started(
    world: World,
) -> None:
    sent = dispatched_step_up(world)
    world.settle()
    (task,) = world.lcs.tray("FF-BISHOP")
    by = {"worker": "ff.manager"}

    before = world.lcs.try_to(f"/duty-tasks/{task['reference']}/start-new-referral", by)
    world.lcs.press(f"/duty-tasks/{task['reference']}/pick-up", by)
    world.settle()
    held = world.as_("op.worker").read(sent)
    link = world.lcs.page("/trays/FF-BISHOP")
    begun_there = world.lcs.press(f"/duty-tasks/{task['reference']}/start-new-referral", by)
    world.settle()
    begun = world.as_("op.worker").read(sent)

    assert task["title"] == "Transfer from Durham EHM"
    assert ">Start New Referral</button>" in link
    assert before.json()["code"] == "not_picked_up"
    assert (held["stage"], held["holder"]) == ("picked_up", "ff.manager")
    assert begun["stage"] == "started"
    (record,) = begun_there["records"]
    assert begun["children"][0]["record"]["record_id"] == record["record_id"]


def test_dl_09_the_copied_date_of_referral_is_amended_to_the_day_the_referral_was_created(
    world: World,
) -> None:
    sent, referral = started_step_up(world)
    copied = world.lcs.read(f"/referrals/{referral}")

    world.settle()

    began = sent["origin_record"]["started_on"]
    right = world.lcs.read(f"/referrals/{referral}")
    held = world.as_("op.worker").read(sent)["children"][0]["record"]
    assert copied["date_of_referral"] == began
    assert copied["assessment_due_on"] == str(assessment_due(date.fromisoformat(began)))
    assert copied["next_step_late"] is True
    assert right["date_of_referral"] == str(world.today)
    assert right["assessment_due_on"] == str(assessment_due(world.today))
    assert right["next_step_late"] is False
    assert (held["dated"], held["dated_now"]) == (began, str(world.today))
    assert (held["standing"], held["corrections"]) == ("corrected", 1)


def test_dl_09_dispatched_received_picked_up_and_created_times_are_all_kept(world: World) -> None:
    sent, referral = started_step_up(world)

    world.settle()

    seen = world.as_("op.worker").read(sent)
    names = [mark["name"] for mark in seen["milestones"]]
    times = {mark["name"]: mark["at"] for mark in seen["milestones"]}
    order = ["dispatched", "received_in_tray", "picked_up", "started"]
    assert [name for name in names if name in order] == order
    created = world.lcs.read(f"/referrals/{referral}")["created_at"]
    assert datetime.fromisoformat(times["started"]) == datetime.fromisoformat(created)


def test_dl_10_the_referral_is_finalised_and_allocated_to_a_social_worker(world: World) -> None:
    sent, referral = started_step_up(world)
    world.settle()
    by = {"worker": "ff.socialworker"}

    too_early = world.lcs.try_to(f"/referrals/{referral}/allocate", by)
    before = world.as_("op.worker").read(sent)
    world.lcs.save(f"/referrals/{referral}", {"referral_note": "Checked with the family"})
    world.lcs.press(f"/referrals/{referral}/finalise")
    world.lcs.press(f"/referrals/{referral}/allocate", by)
    world.settle()

    after = world.as_("op.worker").read(sent)
    assert too_early.json()["code"] == "not_finalised"
    assert before["custody"]["team"] == "op-bishop"
    assert after["stage"] == "allocated"
    assert (after["custody"]["team"], after["lead_professional"]) == (
        "ff-bishop",
        "ff.socialworker",
    )


def assessment_due(referred: date) -> date:
    """45 working days in England, counted one by one."""
    bank_holidays = holidays.country_holidays("GB", subdiv="ENG")
    day, left = referred, 45
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5 and day not in bank_holidays
    return day


def closed_now(world: World) -> dict[str, Any]:
    return {"closed_on": world.today.isoformat()}


def seed_episode(world: World) -> str:
    began = str(world.today - timedelta(days=200))
    born = {"child_id": "DUR1", "name": "Robin Example", "date_of_birth": "2015-06-30"}
    return world.ehm.seed(
        "episodes", {"child": born, "started_on": began, "worker": "op.keyworker"}
    )
