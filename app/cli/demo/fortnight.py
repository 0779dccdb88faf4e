"""Cheshire East's fortnight as it happens: papers, agenda, meeting, outcomes (CE M)."""

from datetime import datetime, timedelta

from app.cli.demo import fortnight_forms as forms
from app.cli.demo.fortnight_after import escalated, sent, told
from app.cli.demo.fortnight_scene import ADMIN, CHAIR, LEAD, MANAGER, WORKER, Scene, spoken
from app.cli.demo.processes import Running
from app.cli.demo.stage_hands import (
    Json,
    MockSystem,
    Say,
    expected,
    refused,
    require,
)
from app.domain.london import LONDON, local_date

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
TELL_THE_SCHOOL = {"what": "Tell the school", "owner": "Lead professional"}
ATTENDANCE = [
    {"name": "The Service Manager", "represents": "Cheshire East", "role": "chair",
     "status": "attended"},
    {"name": "The ChECS Team Manager", "represents": "ChECS", "role": "deputy_chair",
     "status": "attended"},
    {"name": "The school nurse", "represents": "Health", "role": "member", "status": "apologies",
     "feedback": "Height and weight are as they should be again."},
]  # fmt: skip


def play_fortnight(running: Running, lcs: MockSystem, say: Say) -> None:
    """Three cases go to North's meeting: agreed, not agreed and escalated, deferred.

    Raises:
        StepFailed: a step did not hold.
    """
    scene = Scene(running, say)
    meets, following = _dates(scene)
    say(f"1. North's next meeting with time for papers is on {spoken(meets)} (CE M15, M17)")
    cases = _brought(scene, meets)
    meeting = _agenda_goes_round(scene, meets, cases)
    up, down, put_off = cases
    _decided(scene, meeting, cases, meets)
    escalated(scene, down)
    say("8. The case that was put off goes to the next meeting, and off this agenda")
    scene.act(MANAGER, put_off, "submit-to-meeting", _to(following))
    say(f"   {spoken(following)}")
    scene.let_it_be(meets + DAY - 4 * HOUR)
    told(scene, meeting, up, down)
    sent(scene, lcs, up)


def _dates(scene: Scene) -> tuple[datetime, datetime]:
    """The first two meetings that still leave time for papers."""
    found = scene.as_(ADMIN).get("/v1/meetings?series=north")["items"]
    starts = [datetime.fromisoformat(meeting["starts_at"]) for meeting in found]
    meets, following, *_ = [at for at in starts if at > scene.running.now + 9 * DAY]
    return meets, following


def _brought(scene: Scene, meets: datetime) -> tuple[Json, Json, Json]:
    today, day = local_date(scene.running.now), local_date(meets)
    scene.say("2. Three cases are prepared and brought to it (CE L1-L8, A1-A2, C1-C6)")
    up = _opened(scene, LEAD, forms.stuck(today, day))
    for milestone in ("group_supervision_held", "supervisor_consulted"):
        scene.mark(LEAD, up, milestone)
    scene.mark(LEAD, up, "family_advised", outcome="letter")
    down = _opened(scene, WORKER, forms.assessed(today, day))
    scene.mark(MANAGER, down, "assessment_authorised")
    put_off = _opened(scene, WORKER, forms.in_need(today, day))
    scene.mark(WORKER, put_off, "child_in_need_meeting_decided")
    scene.mark(MANAGER, put_off, "supervision_confirmed")
    scene.mark(WORKER, put_off, "lead_role_discussed")
    final = (meets + 2 * DAY).isoformat()
    scene.mark(WORKER, put_off, "final_meeting_date_shared", until=final)
    for name, case in ((LEAD, up), (MANAGER, down), (MANAGER, put_off)):
        scene.act(name, case, "submit-to-meeting", _to(meets))
        scene.mark(LEAD if case is up else WORKER, case, "papers_sent")
        scene.say(f"   {case['pathway']} by {case['route']}, of {case['origin_team']}")
    return up, down, put_off


def _agenda_goes_round(scene: Scene, meets: datetime, cases: tuple[Json, ...]) -> Json:
    (listed,) = (
        found
        for found in scene.as_(ADMIN).get("/v1/meetings?series=north")["items"]
        if datetime.fromisoformat(found["starts_at"]) == meets
    )
    meeting = scene.as_(CHAIR).get(f"/v1/meetings/{listed['id']}")
    due = datetime.fromisoformat(meeting["agenda_due_at"])
    papers_due = datetime.fromisoformat(meeting["papers_due_at"])
    scene.say(f"   papers in before they were due, {spoken(papers_due)} (CE M18)")
    scene.let_it_be(due - HOUR)
    scene.say("3. The agenda goes round, ten minutes a case, and stands from now on (CE M10, M20)")
    scene.in_meeting(ADMIN, meeting, "circulate-agenda")
    names = {case["id"]: f"{case['pathway']} by {case['route']}" for case in cases}
    for item in scene.as_(CHAIR).get(f"/v1/meetings/{meeting['id']}/agenda")["items"]:
        at = datetime.fromisoformat(item["starts_at"]).astimezone(LONDON)
        scene.say(f"   {at:%H:%M} {names[item['transfer']]}")
    scene.say("   a second time is refused:")
    who, path = scene.as_(ADMIN), f"/v1/meetings/{meeting['id']}"
    refused(who.post_on(f"{path}/circulate-agenda", who.get(path)), 409, scene.say)
    return meeting


def _decided(scene: Scene, meeting: Json, cases: tuple[Json, ...], meets: datetime) -> None:
    scene.let_it_be(meets)
    scene.say("4. The meeting sits; who could not come reports in writing (CE M13, M21, M22)")
    scene.in_meeting(ADMIN, meeting, "attendance", {"people": ATTENDANCE})
    for somebody in ATTENDANCE:
        scene.say(f"   {somebody['name']}, {somebody['represents']}: {somebody['status']}")
    scene.say("5. The chair decides case by case and gives the reasons (CE M23, M24)")
    up, down, put_off = cases
    due = str(local_date(meets) + 7 * DAY)
    agreed = {"themes": ["school"], "actions": [TELL_THE_SCHOOL | {"due_on": due}]}
    for minutes, case, outcome, rationale, more in (
        (8, up, "agreed", "Everything was tried that early help can try.", agreed),
        (17, down, "not_agreed", "The tenancy is at risk: not yet.", {"themes": ["housing"]}),
        (24, put_off, "deferred", "The school's view is missing.", {}),
    ):
        scene.running.let_it_be(meets + minutes * MINUTE)
        body = {"outcome": outcome, "rationale": rationale} | more
        after = scene.in_meeting(CHAIR, meeting, f"cases/{case['id']}/decision", body)
        (held,) = (found for found in after["cases"] if found["transfer"] == case["id"])
        require("the meeting shows what it decided", held["decision"]["outcome"] == outcome)
        scene.say(f"   {case['pathway']} by {case['route']}: {outcome}. {rationale}")


def _opened(scene: Scene, name: str, body: Json) -> Json:
    return expected(scene.as_(name).post("/v1/transfers", body), 201)


def _to(meets: datetime) -> Json:
    return {"series": "north", "starts_at": meets.isoformat()}
