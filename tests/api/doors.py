"""Every request that takes a body, with canaries in it, and every way to put something bad in."""

import copy
import json
from dataclasses import dataclass, field
from typing import Any

from builders import TRANSFER_ID

from app.api import examples
from app.api.meeting_examples import ACTION_ID, MEETING_ID
from app.api.rights_examples import HOLD_ID, REQUEST_ID
from app.api.subscription_examples import ADDRESS, SUBSCRIPTION_ID

AT = f"/v1/transfers/{TRANSFER_ID}"
MEETING = f"/v1/meetings/{MEETING_ID}"
SUBSCRIPTION = f"/v1/subscriptions/{SUBSCRIPTION_ID}"
REQUEST = f"/v1/subject-access/{REQUEST_ID}"
CANARIES = ("Quetzalcoatl", "Zebedee", "9434765919", "A950000178301", "DURCANARY7")
HOLE = "here stands what is bad"


@dataclass(frozen=True)
class Door:
    """A request; its fields by the kind of what they take, as JSON pointers without /body."""

    method: str
    path: str
    body: dict[str, Any]
    words: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    instants: tuple[str, ...] = ()
    objects: tuple[str, ...] = ("",)
    answers: tuple[str, ...] = field(default=())

    def with_(self, pointer: str, raw: str) -> bytes:
        """The body with these bytes of JSON at that place."""
        body = copy.deepcopy(self.body)
        *way, last = pointer.removeprefix("/").split("/")
        place: Any = body
        for step in way:
            place = place[int(step)] if isinstance(place, list) else place[step]
        place[int(last) if isinstance(place, list) else last] = HOLE
        return json.dumps(body).replace(json.dumps(HOLE), raw).encode()


def _open_body() -> dict[str, Any]:
    body = copy.deepcopy(examples.STEP_UP)
    body["children"][0] |= {"name": "Zebedee Quetzalcoatl", "child_id": "DURCANARY7"}
    body["form"]["comments"] = "Zebedee was hit"
    body["form"]["forms"][0]["fields"] = {"Zebedee": "Quetzalcoatl"}
    body["form"]["next_lead_professional"] = "Zebedee Quetzalcoatl"
    body["origin_lead"] = "Zebedee Quetzalcoatl"
    return body


_FORM_WORDS = (
    *("/comments", "/meeting/notes", "/meeting/chair", "/meeting/decision"),
    "/next_lead_professional",
)
_FORM_DAYS = ("/date_of_transfer", "/meeting/held_on", "/forms/0/completed_on")
_FORM_CODES = ("/recipient", "/forms/0/form", "/forms/0/record_id", "/primary_need")
_OPEN = _open_body()
_COMMENT = {"comment": "Zebedee was hit"}
_REASON = {"reason": "threshold_not_met", **_COMMENT}
_RECORD = {
    "child_id": "DURCANARY7",
    "record_id": "REF-5001",
    "created_at": "2026-11-20T09:30:00Z",
    "dated": "2026-05-04",
}

DOORS = {
    "open": Door(
        "POST",
        "/v1/transfers",
        _OPEN,
        words=("/children/0/name", "/origin_lead", *(f"/form{x}" for x in _FORM_WORDS)),
        codes=(
            "/route",
            "/origin_team",
            "/origin/kind",
            "/origin_record/record_id",
            "/children/0/child_id",
            "/children/0/nhs_number",
            "/children/0/upn",
            "/children/0/upn_unknown",
            *(f"/form{x}" for x in _FORM_CODES),
        ),
        days=(
            "/origin_record/started_on",
            "/children/0/date_of_birth",
            *(f"/form{x}" for x in _FORM_DAYS),
        ),
        objects=("", "/origin", "/origin_record", "/children/0", "/form", "/form/meeting"),
        answers=("/form/forms/0/fields/Zebedee",),
    ),
    "edit": Door(
        "PATCH",
        AT,
        _OPEN["form"] | {"statements": {"zebedee": "Zebedee was hit"}, "factors": ["zebedee"]},
        words=(*_FORM_WORDS, "/statements/zebedee"),
        codes=(*_FORM_CODES, "/factors/0"),
        days=_FORM_DAYS,
        objects=("", "/meeting", "/forms/0"),
        answers=("/forms/0/fields/Zebedee",),
    ),
    "return": Door("POST", f"{AT}/return", _COMMENT, words=("/comment",)),
    "redirect": Door(
        "POST",
        f"{AT}/redirect",
        {"recipient": "ff-chester", **_COMMENT},
        words=("/comment",),
        codes=("/recipient",),
    ),
    "pick up": Door("POST", f"{AT}/pick-up", {"worker": "Zebedee"}, words=("/worker",)),
    "decline": Door("POST", f"{AT}/decline", _REASON, words=("/comment",), codes=("/reason",)),
    "start": Door(
        "POST",
        f"{AT}/start",
        {"records": [_RECORD]},
        codes=("/records/0/child_id", "/records/0/record_id"),
        days=("/records/0/dated",),
        instants=("/records/0/created_at",),
        objects=("", "/records/0"),
    ),
    "allocate": Door("POST", f"{AT}/allocate", {"worker": "Zebedee"}, words=("/worker",)),
    "complete": Door("POST", f"{AT}/complete", _COMMENT, words=("/comment",)),
    "cancel": Door("POST", f"{AT}/cancel", _REASON, words=("/comment",), codes=("/reason",)),
    "submit to meeting": Door(
        "POST",
        f"{AT}/submit-to-meeting",
        {"series": "weekly", "starts_at": "2026-11-25T14:00:00Z"},
        codes=("/series",),
        instants=("/starts_at",),
    ),
    "milestone": Door(
        "POST",
        f"{AT}/milestones",
        {
            "name": "origin_closing_begun",
            "at": "2026-11-20T10:00:00Z",
            "person": "ff.manager",
            "note": "Zebedee was hit",
            "outcome": "agreed",
            "until": "2026-11-20T10:00:00Z",
            "team": "ff-bishop",
        },
        words=("/note",),
        codes=("/name", "/person", "/outcome", "/team"),
        instants=("/at", "/until"),
    ),
    "consent": Door(
        "POST",
        f"{AT}/consents",
        {
            "scope": "joint_visit",
            "given_by": "Zebedee Quetzalcoatl",
            "given_on": "2026-11-19",
            "how": "oral",
            "informed": True,
            "explicit": True,
            "expires_on": "2026-12-31",
        },
        words=("/given_by",),
        codes=("/scope", "/how"),
        days=("/given_on", "/expires_on"),
    ),
    "withdraw consent": Door(
        "POST",
        f"{AT}/consents/{TRANSFER_ID}/withdraw",
        {"at": "2026-11-20T10:00:00Z", "comment": "Zebedee was hit"},
        words=("/comment",),
        instants=("/at",),
    ),
    "decide withdrawal": Door(
        "POST",
        f"{AT}/consents/{TRANSFER_ID}/decision",
        {"decision": "continue", "comment": "Zebedee was hit"},
        words=("/comment",),
        codes=("/decision",),
    ),
    "sharing basis": Door(
        "POST",
        f"{AT}/sharing-bases",
        {
            "scope": "joint_visit",
            "basis": "section_47",
            "says": "Zebedee was hit",
            "ends_on": "2026-12-31",
        },
        words=("/says",),
        codes=("/scope", "/basis"),
        days=("/ends_on",),
    ),
    "closing": Door(
        "POST",
        f"{AT}/closing",
        {
            "closed_on": "2026-11-20",
            "reason": "RC7",
            "comment": "Zebedee was hit",
            "activities": {
                "assessments": [{"started_on": "2026-09-07", "completed_on": "2026-10-16"}],
                "section_47s": [{"started_on": "2026-09-07"}],
                "child_in_need_plan_on": "2026-09-07",
                "child_protection_plan_on": "2026-09-07",
                "icpc_on": "2026-09-07",
                "latest_on": "2026-09-07",
            },
            "remaining": [
                {
                    "child_id": "DUR1002",
                    "outcome": "no_further_help",
                    "comment": "Zebedee was hit",
                }
            ],
        },
        words=("/comment", "/remaining/0/comment"),
        codes=("/reason", "/remaining/0/outcome"),
        days=(
            "/closed_on",
            "/activities/assessments/0/started_on",
            "/activities/assessments/0/completed_on",
            "/activities/section_47s/0/started_on",
            "/activities/child_in_need_plan_on",
            "/activities/child_protection_plan_on",
            "/activities/icpc_on",
            "/activities/latest_on",
        ),
        objects=("", "/activities", "/activities/assessments/0", "/activities/section_47s/0"),
    ),
    "review": Door(
        "POST",
        f"{AT}/reviews",
        {
            "review": "IS-15-review",
            "at": "2026-11-20T10:00:00Z",
            "outcome": "as_hoped",
            "findings": "Zebedee was hit",
            "outcomes_achieved": "Zebedee was hit",
        },
        words=("/findings", "/outcomes_achieved"),
        codes=("/review", "/outcome"),
        instants=("/at",),
    ),
    "feedback": Door(
        "POST",
        f"{AT}/feedback",
        {
            "said_by": "child",
            "child_id": "DURCANARY7",
            "about": "transfer",
            "words": "Zebedee was hit",
            "given_on": "2026-11-19",
            "how": "oral",
        },
        words=("/words",),
        codes=("/said_by", "/child_id", "/about", "/how"),
        days=("/given_on",),
    ),
    "step in": Door(
        "POST",
        f"{AT}/team-around-the-family",
        {
            "name": "Zebedee Quetzalcoatl",
            "agency": "A school",
            "purpose": "Zebedee was hit",
            "stepped_in_at": "2026-11-19T09:00:00Z",
        },
        words=("/name", "/agency", "/purpose"),
        instants=("/stepped_in_at",),
    ),
    "step out": Door(
        "POST",
        f"{AT}/team-around-the-family/{TRANSFER_ID}/step-out",
        {"at": "2026-11-20T10:00:00Z"},
        instants=("/at",),
    ),
    "raise": Door(
        "POST",
        f"{AT}/disagreements",
        {"kinds": ["not_agreed"], "about": "Zebedee was hit"},
        words=("/about",),
        codes=("/kinds/0",),
    ),
    "escalate": Door(
        "POST",
        f"{AT}/disagreements/{TRANSFER_ID}/escalate",
        {"comment": "Zebedee was hit", "level": "operations_manager"},
        words=("/comment",),
        codes=("/level",),
    ),
    "resolve": Door(
        "POST",
        f"{AT}/disagreements/{TRANSFER_ID}/resolve",
        {"outcome": "stays", "rationale": "Zebedee was hit"},
        words=("/rationale",),
        codes=("/outcome",),
    ),
    "pause": Door(
        "POST", f"{AT}/clocks/HZ-3-pick-up/pause", _REASON, words=("/comment",), codes=("/reason",)
    ),
    "resume": Door(
        "POST", f"{AT}/clocks/HZ-3-pick-up/resume", _REASON, words=("/comment",), codes=("/reason",)
    ),
    "plan a meeting": Door(
        "POST",
        "/v1/meetings",
        {"series": "weekly", "starts_at": "2026-11-27T14:00:00Z"},
        codes=("/series",),
        instants=("/starts_at",),
    ),
    "milestone for a meeting": Door(
        "POST",
        f"{MEETING}/milestones",
        {
            "name": "minutes_uploaded",
            "at": "2026-11-20T10:00:00Z",
            "note": "Zebedee was hit",
        },
        words=("/note",),
        codes=("/name",),
        instants=("/at",),
    ),
    "call a meeting off": Door(
        "POST", f"{MEETING}/call-off", {"reason": "Zebedee was hit"}, words=("/reason",)
    ),
    "attendance": Door(
        "POST",
        f"{MEETING}/attendance",
        {
            "people": [
                {
                    "name": "Zebedee Quetzalcoatl",
                    "represents": "A school",
                    "status": "apologies",
                    "role": "chair",
                    "feedback": "Zebedee was hit",
                }
            ]
        },
        words=("/people/0/name", "/people/0/represents", "/people/0/feedback"),
        codes=("/people/0/status", "/people/0/role"),
        objects=("", "/people/0"),
    ),
    "decide a case": Door(
        "POST",
        f"{MEETING}/cases/{TRANSFER_ID}/decision",
        {
            "outcome": "agreed",
            "rationale": "Zebedee was hit",
            "at": "2026-11-20T10:00:00Z",
            "themes": ["zebedee"],
            "actions": [{"what": "Tell Zebedee", "owner": "Quetzalcoatl", "due_on": "2026-11-24"}],
        },
        words=("/rationale", "/actions/0/what", "/actions/0/owner"),
        codes=("/outcome", "/themes/0"),
        days=("/actions/0/due_on",),
        instants=("/at",),
        objects=("", "/actions/0"),
    ),
    "reassign": Door(
        "POST",
        "/v1/people/op.worker/reassign",
        {"to": "op.keyworker", "team": "op-bishop", **_COMMENT},
        words=("/comment",),
        codes=("/to", "/team"),
    ),
    "rename a team": Door(
        "POST", "/v1/teams/op-bishop/rename", {"name": "Zebedee"}, words=("/name",)
    ),
    "close a team": Door(
        "POST",
        "/v1/teams/op-bishop/close",
        {"successor": "op-east", **_COMMENT},
        words=("/comment",),
        codes=("/successor",),
    ),
    "subscribe": Door(
        "POST",
        "/v1/subscriptions",
        {"name": "Zebedee", "url": ADDRESS, "events": ["clock.late"]},
        words=("/name",),
        codes=("/events/0",),
    ),
    "change a subscription": Door(
        "PATCH",
        SUBSCRIPTION,
        {"name": "Zebedee", "events": ["clock.late"], "state": "paused"},
        words=("/name",),
        codes=("/events/0", "/state"),
    ),
    "rotate a secret": Door("POST", f"{SUBSCRIPTION}/rotate-secret", {"overlap_hours": 1}),
    "place a hold": Door(
        "POST",
        "/v1/legal-holds",
        {"reason": "litigation", "child_id": "DURCANARY7"},
        codes=("/reason", "/child_id"),
    ),
    "lift a hold": Door(
        "POST", f"/v1/legal-holds/{HOLD_ID}/lift", {"reason": "concluded"}, codes=("/reason",)
    ),
    "ask for records": Door(
        "POST",
        "/v1/subject-access",
        {"child_id": "DURCANARY7", "applicant": "child", "received_on": "2026-11-18"},
        codes=("/child_id", "/applicant"),
        days=("/received_on",),
    ),
    "extend a request": Door(
        "POST", f"{REQUEST}/extend", {"reason": "complexity"}, codes=("/reason",)
    ),
    "decide a request": Door(
        "POST",
        f"{REQUEST}/decide",
        {
            "serious_harm_considered": True,
            "withheld": [{"part": "feedback", "reason": "serious_harm"}],
            "third_parties": "withheld",
            "refused_because": "excessive",
        },
        codes=("/withheld/0/part", "/withheld/0/reason", "/third_parties"),
        objects=("", "/withheld/0"),
    ),
    "replay": Door(
        "POST", "/v1/deliveries/1/replay", {"reason": "tray_mended"}, codes=("/reason",)
    ),
}
WITHOUT_BODY = (
    *(f"{AT}/{action}" for action in ("finalise", "authorise", "release")),
    *(f"{SUBSCRIPTION}/{action}" for action in ("end", "test")),
    f"{REQUEST}/review",
    f"{MEETING}/circulate-agenda",
    f"{MEETING}/cases/{TRANSFER_ID}/actions/{ACTION_ID}/done",
)

HEADERS = {
    "Content-Type": "application/json",
    "Idempotency-Key": "a-key",
    "If-Match": '"1"',
}
