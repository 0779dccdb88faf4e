"""Durham's step up as it happens: DL 1 to 10."""

from datetime import date, datetime, timedelta
from typing import Any

from app.cli.demo.forms import step_up, step_up_form
from app.cli.demo.processes import Running
from app.cli.demo.stage_hands import (
    MockSystem,
    Say,
    eventually,
    expected,
    person,
    refused,
    require,
    task_in_tray,
)
from app.domain.london import local_date


def play_step_up(running: Running, lcs: MockSystem, say: Say, today: date) -> None:
    """From a refused form to a referral with the right date, and a child with one lead throughout.

    Raises:
        StepFailed: a step did not hold.
    """
    worker, manager = person(running, "op.worker"), person(running, "op.manager")
    began = today - timedelta(days=200)

    say("1. A One Point worker starts the step up from the active early help episode (DL 2)")
    opened = expected(worker.post("/v1/transfers", step_up(began)), 201)
    say(f"   draft; the episode began on {began}")

    say("2. Finalising it as it is is refused, and every breach is named (DL 3, 5)")
    refused(worker.try_to(opened, "finalise"), 422, say)

    say("3. Referral to Progress is refused as recipient: it is for First Contact only (DL 3)")
    refused(worker.edit(opened, {"recipient": "referral-to-progress"}), 422, say)

    say("4. The form is filled in and finalised: no management authorisation on it (DL 6)")
    filled = expected(worker.edit(opened, step_up_form(today)), 200)
    sent = worker.act(filled, "finalise")
    require("a step up is dispatched on finalise", sent["stage"] == "dispatched")
    for warning in sent["warnings"]:
        say(f"   warned, not blocked: {warning['says']} [{warning['source']}]")

    say("5. The task lies in the Families First tray in LCS (DL 8)")
    task = task_in_tray(lcs, "FF-BISHOP", sent["reference"])
    require("the title is the briefing's", task["title"] == "Transfer from Durham EHM")
    say(f"   {task['title']}: {task['state']}")

    referral = _start_new_referral(lcs, task["reference"], began, say)
    _corrected(worker, lcs, opened["id"], referral, say)

    say("8. The referral is finalised and allocated to a social worker (DL 10)")
    record = referral["referral_id"]
    lcs.press(f"/referrals/{record}/finalise")
    lcs.press(f"/referrals/{record}/allocate", {"worker": "ff.socialworker"})
    allocated = eventually(
        "the allocation",
        lambda: worker.get(f"/v1/transfers/{opened['id']}"),
        lambda seen: seen["stage"] == "allocated",
    )
    require("custody has passed", allocated["custody"]["team"] == "ff-bishop")
    say(f"   {allocated['lead_professional']} of {allocated['custody']['team']} has the lead")

    say("9. One Point closes the early help episode (DL 7), and the transfer is complete")
    passed = local_date(datetime.fromisoformat(allocated["custody"]["since"]))
    closed = {"closed_on": passed.isoformat()}
    done = manager.act(allocated, "closing", closed)
    require("the transfer is complete", done["stage"] == "completed")
    say(f"   {done['stage']}")


def _start_new_referral(lcs: MockSystem, reference: str, began: date, say: Say) -> dict[str, Any]:
    say("6. The Families First manager presses Pickup and Start New Referral in LCS (DL 8)")
    lcs.slow_down("saveReferral", seconds=2)
    say("   (LCS takes its time to save just now, so that the wrong date can be seen at all)")
    by = {"worker": "ff.manager"}
    lcs.press(f"/duty-tasks/{reference}/pick-up", by)
    (record,) = lcs.press(f"/duty-tasks/{reference}/start-new-referral", by)["records"]
    referral: dict[str, Any] = lcs.read(f"/referrals/{record['record_id']}")
    require("LCS copies the start of the episode", referral["date_of_referral"] == str(began))
    say(f"   {record['record_id']}: Date of Referral {referral['date_of_referral']}, copied")
    say(f"   assessment due {referral['assessment_due_on']}: {_standing(referral)}")
    return referral


def _corrected(worker: Any, lcs: MockSystem, transfer: str, before: Any, say: Say) -> None:  # noqa: ANN401
    say("7. The relay corrects the date in LCS and reads it back (DL 9)")
    held = eventually(
        "the correction",
        lambda: worker.get(f"/v1/transfers/{transfer}")["children"][0]["record"],
        lambda record: record is not None and record["standing"] == "corrected",
    )
    after = lcs.read(f"/referrals/{before['referral_id']}")
    require("both dates are kept", held["dated"] == before["date_of_referral"])
    require("LCS has the right date", after["date_of_referral"] == held["dated_now"])
    require("the next step is in time", not after["next_step_late"])
    say(f"   Date of Referral {held['dated']} -> {held['dated_now']}")
    say(
        f"   assessment due {before['assessment_due_on']} -> {after['assessment_due_on']}: "
        f"{_standing(after)}"
    )


def _standing(referral: dict[str, Any]) -> str:
    return "OUT OF TIMESCALE" if referral["next_step_late"] else "in time"
