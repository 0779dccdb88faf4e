"""Durham's step down as it happens: DL 11 to 21."""

from datetime import date, datetime, timedelta

from app.cli.demo.forms import by_hand, step_down
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


def play_step_down(running: Running, ehm: MockSystem, say: Say, today: date) -> None:
    """From a refused start to an early help episode with its lead professional.

    Raises:
        StepFailed: a step did not hold.
    """
    deputy, manager = person(running, "ff.deputy"), person(running, "ff.manager")
    began = today - timedelta(days=120)

    say("1. A step down is never started by hand (DL 11)")
    refused(deputy.post("/v1/transfers", by_hand(step_down(began, today))), 422, say)

    say("2. It starts as the outcome of the finalised CIN plan, and is finalised (DL 11-17)")
    opened = expected(deputy.post("/v1/transfers", step_down(began, today)), 201)
    path = f"/v1/transfers/{opened['id']}"
    waiting = deputy.act(opened, "finalise")
    require("a step down waits for its manager", waiting["stage"] == "awaiting_authorisation")
    say(f"   {waiting['stage']}")

    say("3. Its own author may not authorise it, although they manage the team too (DL 17)")
    refused(deputy.try_to(waiting, "authorise"), 403, say)

    say("4. Nothing exists before authorisation: no task in the tray, no delivery")
    require("the tray is empty", ehm.tray("OP-BISHOP") == [])
    require("nothing is on its way", manager.get(f"{path}/deliveries") == [])
    say("   One Point Bishop Auckland: 0 tasks")

    say("5. The Families First Team Manager authorises: one task in the One Point tray (DL 17)")
    sent = manager.act(waiting, "authorise")
    task = task_in_tray(ehm, "OP-BISHOP", sent["reference"])
    require("the title is the briefing's", task["title"] == "Transfer from Durham LCS")
    require("there is one task", len(ehm.tray("OP-BISHOP")) == 1)
    say(f"   {task['title']}: {task['state']}")

    say("6. One Point presses Pickup and Start Early Help Episode in EHM (DL 19)")
    by = {"worker": "op.manager"}
    ehm.press(f"/duty-tasks/{task['reference']}/pick-up", by)
    begun = ehm.press(f"/duty-tasks/{task['reference']}/start-early-help-episode", by)
    (record,) = begun["records"]
    say(f"   {record['record_id']}: Start Date of Episode {record['dated']}")

    say("7. The relay reads the start date and leaves it alone (DL 20)")
    held = eventually(
        "the check of the start date",
        lambda: manager.get(path)["children"][0]["record"],
        lambda found: found is not None and found["standing"] != "unchecked",
    )
    require("the date is right as it is", held["standing"] == "already_right")
    require("and is the form's", held["dated_now"] == waiting["form"]["date_of_transfer"])
    say(f"   {held['standing']}: the form's Date of Transfer")

    say("8. The record is completed and allocated to the lead professional (DL 21)")
    ehm.press(f"/episodes/{record['record_id']}/finalise")
    lead = {"lead_professional": "op.keyworker"}
    ehm.press(f"/episodes/{record['record_id']}/allocate", lead)
    allocated = eventually(
        "the allocation", lambda: manager.get(path), lambda seen: seen["stage"] == "allocated"
    )
    say(f"   {allocated['lead_professional']} of {allocated['custody']['team']} has the lead")

    say("9. Families First closes the LCS referral (DL 18), and the transfer is complete")
    passed = local_date(datetime.fromisoformat(allocated["custody"]["since"]))
    closed = {"closed_on": passed.isoformat()}
    done = manager.act(allocated, "closing", closed)
    require("the transfer is complete", done["stage"] == "completed")
    say(f"   {done['stage']}")
