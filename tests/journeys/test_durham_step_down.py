"""Step Down from Families First (De-Escalate): the briefing note's steps 11 to 21, over HTTP."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from journeys.forms import (
    allocated_step_down,
    dispatched_step_down,
    finalised_step_down,
    started_step_down,
    step_down,
    step_down_form,
)
from journeys.world import World


def breaches(refusal: httpx.Response) -> list[str]:
    assert refusal.status_code == 422, refusal.text
    return sorted(breach["code"] for breach in refusal.json()["breaches"])


def test_dl_11_a_step_down_is_never_started_by_hand(world: World) -> None:
    by_hand = step_down(world, origin={"kind": "manual"})

    refusal = world.as_("ff.socialworker").try_to_open(by_hand)

    assert "DL-11-origin" in breaches(refusal)


@pytest.mark.parametrize("kind", ["child_and_family_assessment", "child_in_need_plan_finalised"])
def test_dl_11_a_step_down_is_started_as_the_outcome_of_another_stage(
    world: World, kind: str
) -> None:
    origin = {"kind": kind, "stage_record_id": "LCS-STAGE-5"}

    opened = world.as_("ff.socialworker").open(step_down(world, origin=origin))

    assert opened["origin"] == origin


def test_dl_12_the_selected_outcome_makes_the_step_down_to_early_help_stage_active(
    world: World,
) -> None:
    worker = world.as_("ff.socialworker")

    opened = worker.open(step_down(world))

    rules = worker.get("/v1/protocols/durham")["pathways"]["step_down"]
    assert rules["form"] == "Step Down to Early Help"
    assert opened["stage"] == "draft"
    (listed,) = worker.get("/v1/transfers", child_id=opened["children"][0]["child_id"])["items"]
    assert (listed["id"], listed["pathway"]) == (opened["id"], "step_down")


def test_dl_13_date_comments_and_recipient_are_mandatory(world: World) -> None:
    worker = world.as_("ff.socialworker")
    form = step_down_form(world.today)
    mandatory = ("date_of_transfer", "comments", "recipient")
    opened = worker.open(step_down(world, {n: v for n, v in form.items() if n not in mandatory}))

    refusal = worker.try_to("finalise", opened)
    worker.edit(opened, {name: form[name] for name in mandatory})
    waiting = worker.act("finalise", opened)

    assert {"DL-13-date", "DL-13-comments", "DL-14-recipient"} <= set(breaches(refusal))
    assert waiting["stage"] == "awaiting_authorisation"


def test_dl_14_the_task_goes_to_the_tray_of_the_chosen_one_point_team(world: World) -> None:
    worker = world.as_("ff.socialworker")
    form = step_down_form(world.today, recipient="op-east")
    opened = worker.open(step_down(world, form))

    refusal = worker.try_to_edit(opened, {"recipient": "ff-chester"})
    world.as_("ff.manager").act("authorise", worker.act("finalise", opened))
    world.settle()

    assert "DL-14-recipient-kind" in breaches(refusal)
    assert len(world.ehm.tray("OP-EAST")) == 1
    assert world.ehm.tray("OP-BISHOP") == []


def test_dl_15_the_meeting_is_asked_for_and_not_mandatory(world: World) -> None:
    waiting = finalised_step_down(world, form=step_down_form(world.today, meeting=None))

    assert waiting["stage"] == "awaiting_authorisation"
    asked_for = sorted(warning["code"] for warning in waiting["warnings"])
    assert asked_for == ["DL-15-meeting-date", "DL-15-meeting-decision"]


def test_dl_16_the_assessment_and_the_plan_travel_and_the_chronology_does_not(
    world: World,
) -> None:
    worker = world.as_("ff.socialworker")
    chronology = {"form": "chronology", "record_id": "CHR-77"}
    form = step_down_form(world.today, references=[chronology])
    opened = worker.open(step_down(world, form))

    refusal = worker.try_to_edit(opened, {"forms": [*form["forms"], chronology]})
    sent = world.as_("ff.manager").act("authorise", worker.act("finalise", opened))
    world.settle()

    assert breaches(refusal) == ["DL-16-chronology"]
    travelled = world.ehm.read(f"/duty-tasks/{sent['reference']}/forms")["items"]
    names = [each["form"] for each in travelled]
    assert names == ["child_and_family_assessment", "child_and_family_plan"]
    assert travelled[0]["fields"] == form["forms"][0]["fields"]


def test_dl_17_only_the_team_managers_authorisation_sends_a_task(world: World) -> None:
    waiting = finalised_step_down(world)

    world.settle()
    tray_before = world.ehm.tray("OP-BISHOP")
    by_its_author = world.as_("ff.socialworker").try_to("authorise", waiting)
    sent = world.as_("ff.manager").act("authorise", waiting)
    world.settle()

    assert waiting["stage"] == "awaiting_authorisation"
    assert tray_before == []
    assert by_its_author.status_code == 403
    assert (sent["stage"], sent["authorised_by"]) == ("dispatched", "ff.manager")
    (task,) = world.ehm.tray("OP-BISHOP")
    assert task["reference"] == sent["reference"]


def test_dl_17_a_manager_does_not_authorise_the_form_they_wrote(world: World) -> None:
    deputy = world.as_("ff.deputy")
    waiting = deputy.act("finalise", deputy.open(step_down(world)))

    refusal = deputy.try_to("authorise", waiting)
    world.settle()

    assert refusal.status_code == 403
    assert world.ehm.tray("OP-BISHOP") == []


def test_dl_18_families_first_closes_the_referral_once_the_episode_is_allocated(
    world: World,
) -> None:
    referral = seed_referral(world)
    manager = world.as_("ff.manager")
    waiting, _ = started_step_down(world)

    too_early = manager.try_to("closing", waiting, closed_now(world))
    sent, _ = allocated_step_down(world)
    world.lcs.press(
        f"/referrals/{referral}/close", {"reason": "RC9", "closed_on": str(world.today)}
    )
    done = manager.act("closing", sent, closed_now(world))

    assert breaches(too_early) == ["closing-acceptance"]
    assert manager.read(waiting)["custody"]["team"] == "ff-bishop"
    assert world.lcs.read(f"/referrals/{referral}")["state"] == "closed"
    assert done["stage"] == "completed"


def test_dl_19_the_task_is_labelled_picked_up_and_then_an_episode_is_started(
    world: World,
) -> None:
    sent = dispatched_step_down(world)
    world.settle()
    (task,) = world.ehm.tray("OP-BISHOP")
    by = {"worker": "op.keyworker"}

    world.ehm.press(f"/duty-tasks/{task['reference']}/pick-up", by)
    world.settle()
    held = world.as_("ff.manager").read(sent)
    link = world.ehm.page("/trays/OP-BISHOP")
    begun_there = world.ehm.press(f"/duty-tasks/{task['reference']}/start-early-help-episode", by)
    world.settle()
    begun = world.as_("ff.manager").read(sent)

    assert task["title"] == "Transfer from Durham LCS"
    assert ">Start Early Help Episode</button>" in link
    assert (held["stage"], held["holder"]) == ("picked_up", "op.keyworker")
    (record,) = begun_there["records"]
    assert begun["stage"] == "started"
    assert begun["children"][0]["record"]["record_id"] == record["record_id"]


def test_dl_20_the_start_date_is_the_forms_date_of_transfer_and_is_not_amended(
    world: World,
) -> None:
    agreed = world.today - timedelta(days=3)
    form = step_down_form(world.today, date_of_transfer=str(agreed))

    sent, episode = started_step_down(world, form=form)
    world.settle()

    held = world.as_("ff.manager").read(sent)["children"][0]["record"]
    assert world.ehm.read(f"/episodes/{episode}")["start_date"] == str(agreed)
    assert held["standing"] == "already_right"
    assert world.ehm.log("readEpisode") != []
    assert world.ehm.log("saveEpisode") == []


def test_dl_21_the_episode_record_is_completed_and_allocated_to_a_lead_professional(
    world: World,
) -> None:
    sent, episode = started_step_down(world)
    world.settle()
    lead = {"lead_professional": "op.keyworker"}

    too_early = world.ehm.try_to(f"/episodes/{episode}/allocate", lead)
    before = world.as_("ff.manager").read(sent)
    world.ehm.save(f"/episodes/{episode}", {"record": {"consent": "To be asked of the family"}})
    world.ehm.press(f"/episodes/{episode}/finalise")
    world.ehm.press(f"/episodes/{episode}/allocate", lead)
    world.settle()

    after = world.as_("ff.manager").read(sent)
    assert too_early.json()["code"] == "not_finalised"
    assert before["custody"]["team"] == "ff-bishop"
    assert after["stage"] == "allocated"
    assert (after["custody"]["team"], after["lead_professional"]) == ("op-bishop", "op.keyworker")


def closed_now(world: World) -> dict[str, Any]:
    return {"closed_on": world.today.isoformat()}


def seed_referral(world: World) -> str:
    began = str(world.today - timedelta(days=120))
    born = {"child_id": "DUR1", "name": "Robin Example", "date_of_birth": "2015-06-30"}
    return world.lcs.seed(
        "referrals", {"child": born, "started_on": began, "worker": "ff.socialworker"}
    )
