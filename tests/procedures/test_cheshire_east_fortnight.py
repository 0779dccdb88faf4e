"""Cheshire East's fortnight: from papers to outcomes, with the terms of reference (CE M)."""

from datetime import timedelta
from typing import Any

import pytest
from icalendar import Calendar
from procedures.case import on_one_store
from procedures.cheshire_east_forms import (
    AGENDA,
    DECIDED,
    HELD,
    NEXT_NORTH,
    NORTH,
    PAPERS,
    SOUTH,
    TUESDAY,
    EastCase,
    london,
)
from procedures.meeting_room import MeetingRoom
from service import Api

pytestmark = [on_one_store, pytest.mark.long, pytest.mark.usefixtures("cheshire_east")]

CHAIR, DEPUTY, ADMIN, MEMBER = "ce.chair", "ce.checs.manager", "ce.admin.north", "ce.health.north"
THIRD_DAY = london("2026-12-03 12:00")
MINUTE = timedelta(minutes=1)
PEOPLE: list[dict[str, Any]] = [
    {
        "name": "Service Manager",
        "represents": "Cheshire East",
        "role": "chair",
        "status": "apologies",
        "feedback": "The school of the second case has been told.",
    },
    {
        "name": "ChECS Manager",
        "represents": "ChECS",
        "role": "deputy_chair",
        "status": "attended",
        "deputises_for": "Service Manager",
    },
    {"name": "Health", "represents": "NHS", "role": "member", "status": "absent"},
]


async def three_cases(api: Api) -> tuple[EastCase, EastCase, EastCase]:
    """Two that do not move and one assessed; the second's papers come a minute late."""
    first = await EastCase.brought(api)
    down = await EastCase.assessed(api, TUESDAY + MINUTE)
    await down.submit_to_meeting("ce.area.manager", "north", NORTH)
    second = await EastCase.stuck(api, TUESDAY + MINUTE)
    second.at(PAPERS + MINUTE)
    await second.submit_to_meeting("ce.lead", "north", NORTH)
    assert second.warnings == ["meeting-papers"]
    return first, second, down


async def the_meeting(api: Api) -> tuple[MeetingRoom, EastCase, EastCase, EastCase]:
    """North's meeting with three cases, its agenda round in time."""
    cases = await three_cases(api)
    api.clock.now = AGENDA - MINUTE
    room = await MeetingRoom.of(api, ADMIN, "north", NORTH.date())
    await room.act(ADMIN, "circulate-agenda")
    return room, *cases


async def test_ce_m09_m10_m18_m20_the_agenda_has_ten_minutes_a_case_and_late_papers_come_last(
    api: Api,
) -> None:
    first, second, down = await three_cases(api)
    room = await MeetingRoom.of(api, ADMIN, "north", NORTH.date())

    items = await room.agenda(MEMBER)

    assert [(i["transfer"], i["starts_at"][11:16], i["late"]) for i in items] == [
        (first.view["id"], "14:00", False),
        (down.view["id"], "14:10", False),
        (second.view["id"], "14:20", True),
    ]
    assert items[0]["children"] == [first.view["children"][0]["child_id"]]
    assert {paper["form"] for paper in items[0]["papers"]} >= {"well_being_plan"}
    assert room.view["papers_due_at"] == PAPERS.isoformat()
    assert room.view["agenda_due_at"] == AGENDA.isoformat()


async def test_ce_m20_the_agenda_goes_round_once_and_meets_the_clock_of_every_case(
    api: Api,
) -> None:
    room, *cases = await the_meeting(api)

    again = await room.post(ADMIN, "circulate-agenda")

    assert [await case.state("CE-M20-agenda") for case in cases] == ["met"] * 3
    assert again.status_code == 409
    assert again.json()["type"] == "/problems/agenda-circulated"


async def test_ce_m20_once_the_agenda_went_round_the_next_meeting_is_named(api: Api) -> None:
    await the_meeting(api)
    fourth = await EastCase.stuck(api, AGENDA)

    body = {"series": "north", "starts_at": NORTH.isoformat()}
    refusal = await fourth.api.as_("ce.lead").post(
        f"{fourth.path}/submit-to-meeting", body, version=fourth.view["version"]
    )

    (breach,) = [b for b in refusal.json()["breaches"] if b["code"] == "meeting-agenda"]
    assert breach["says"].endswith("or to the next meeting: 16 December 2026 at 14:00")
    await fourth.submit_to_meeting("ce.lead", "north", NEXT_NORTH)


async def test_ce_m10_the_invitation_is_read_back_and_names_no_child_and_nobody(api: Api) -> None:
    room, *cases = await the_meeting(api)

    answer = await api.as_(MEMBER).get(f"{room.path}/agenda.ics")

    assert answer.headers["Content-Type"].startswith("text/calendar")
    read: Any = Calendar.from_ical(answer.content)
    (event,) = read.walk("VEVENT")
    assert event["UID"] == f"{room.view['id']}@transfer-pathways"
    assert int(event["SEQUENCE"]) == room.view["version"]
    assert event["DTSTART"].dt == NORTH
    assert event["DTSTART"].params["TZID"] == "Europe/London"
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=30)
    assert (str(event["SUMMARY"]), str(event["LOCATION"]), str(event["STATUS"])) == (
        "Step Up / Step Down Meeting, North",
        "Macclesfield Town Hall",
        "CONFIRMED",
    )
    lines = str(event["DESCRIPTION"]).splitlines()
    assert [line[:42] for line in lines] == [
        f"14:{10 * n:02} {case.view['id']}"[:42]
        for n, case in enumerate((cases[0], cases[2], cases[1]))
    ]
    for case in cases:
        child = case.view["children"][0]
        assert child["name"] not in answer.text
        assert child["child_id"] not in answer.text


async def test_ce_m01_m13_m21_to_m26_the_whole_meeting_from_attendance_to_outcomes(
    api: Api,
) -> None:
    room, first, second, down = await the_meeting(api)
    api.clock.now = DECIDED
    await room.act(ADMIN, "attendance", {"people": PEOPLE})
    tell = {"what": "Tell the school", "owner": "Lead professional", "due_on": "2026-12-04"}

    await room.decide(DEPUTY, first, "agreed", themes=["school"], actions=[tell])
    await room.decide(DEPUTY, down, "not_agreed")
    await room.decide(ADMIN, second, "deferred", themes=["engagement", "school"])

    told = room.case(first)
    assert told["decision"] | {"at": None} == {
        "outcome": "agreed",
        "rationale": "Why it is agreed.",
        "at": None,
        "by": DEPUTY,
    }
    assert (told["themes"], told["actions"][0]["owner"]) == (["school"], "Lead professional")
    assert first.view["form"]["meeting"] == HELD | {
        "chair": "ChECS Manager",
        "notes": "Why it is agreed.",
    }
    assert [c["standing"] for c in room.view["cases"]] == ["decided"] * 3

    await room.act("ce.lead", f"cases/{first.view['id']}/actions/{told['actions'][0]['id']}/done")
    api.clock.now = THIRD_DAY
    await room.record(ADMIN, "outcomes_circulated")
    await room.record(CHAIR, "social_worker_told")
    states = [await case.state("CE-M25-outcomes") for case in (first, second, down)]

    assert states == ["met"] * 3
    assert await down.state("CE-A5-social-worker-told") in ("met", "met_late")
    await room.look_at(first)
    await first.act("ce.lead", "finalise")
    assert first.stage == "dispatched"


async def test_ce_m24_a_deferred_case_is_decided_here_and_new_before_the_next_meeting(
    api: Api,
) -> None:
    room, first, second, _ = await the_meeting(api)
    api.clock.now = DECIDED
    await room.decide(CHAIR, second, "deferred")
    await room.look_at(first)
    await second.submit_to_meeting("ce.lead", "north", NEXT_NORTH)
    await first.submit_to_meeting("ce.lead", "north", NEXT_NORTH)

    here = await MeetingRoom.of(api, MEMBER, "north", NORTH.date())
    later = await MeetingRoom.of(api, MEMBER, "north", NEXT_NORTH.date())

    assert (here.case(first)["standing"], here.case(second)["standing"]) == ("moved", "decided")
    assert [later.case(case)["standing"] for case in (first, second)] == ["listed", "listed"]
    assert later.case(second)["decision"] is None


async def test_ce_m25_where_one_case_is_undecided_no_outcome_is_circulated(api: Api) -> None:
    room, first, second, down = await the_meeting(api)
    api.clock.now = DECIDED
    await room.decide(CHAIR, first, "agreed")

    breaches = await room.refused(ADMIN, "milestones", room.milestone("outcomes_circulated"))

    named = {breach["says"].split(":")[0] for breach in breaches}
    assert named == {second.view["id"], down.view["id"]}
    await room.look_at(first)
    assert "outcomes_circulated" not in [m["name"] for m in first.view["milestones"]]


@pytest.mark.parametrize(
    ("person", "status"),
    [
        (CHAIR, 200),
        (DEPUTY, 200),
        (ADMIN, 200),
        (MEMBER, 403),
        ("ce.lead", 403),
        ("ce.lead.manager", 403),
        ("ce.auditor", 403),
        ("ce.admin.south", 404),
        ("ce.lead.south", 404),
    ],
)
async def test_ce_m13_who_may_decide_in_norths_meeting(api: Api, person: str, status: int) -> None:
    room, first, *_ = await the_meeting(api)
    api.clock.now = DECIDED
    body = {"outcome": "agreed", "rationale": "Three worries stand."}

    answer = await room.post(person, f"cases/{first.view['id']}/decision", body)

    assert answer.status_code == status


@pytest.mark.parametrize(
    ("person", "cases", "others"),
    [
        (MEMBER, 3, 0),
        ("ce.auditor", 3, 0),
        ("ce.lead", 2, 1),
        ("ce.socialworker", 1, 2),
    ],
)
async def test_ce_m14_a_team_sees_its_own_cases_and_the_series_all(
    api: Api, person: str, cases: int, others: int
) -> None:
    room, *_ = await the_meeting(api)

    seen = (await api.as_(person).get(room.path)).json()
    items = (await api.as_(person).get(f"{room.path}/agenda")).json()["items"]

    assert (len(seen["cases"]), seen["other_cases"]) == (cases, others)
    assert sum(item["transfer"] is not None for item in items) == cases
    assert len(items) == 3


async def test_h14_ce_m22_what_the_absent_wrote_is_for_those_who_see_every_case(api: Api) -> None:
    room, *_ = await the_meeting(api)
    api.clock.now = DECIDED
    await room.act(ADMIN, "attendance", {"people": PEOPLE})

    wrote = {}
    for person in (MEMBER, "ce.auditor", "ce.lead", "ce.socialworker"):
        seen = (await api.as_(person).get(room.path)).json()
        assert [x["name"] for x in seen["attendance"]] == [x["name"] for x in PEOPLE]
        wrote[person] = seen["attendance"][0]["feedback"]

    written = PEOPLE[0]["feedback"]
    assert wrote == {
        MEMBER: written,
        "ce.auditor": written,
        "ce.lead": None,
        "ce.socialworker": None,
    }


async def test_h14_a_case_that_went_to_the_other_series_shows_no_papers_to_the_first(
    api: Api,
) -> None:
    room, first, *_ = await the_meeting(api)
    await room.look_at(first)
    await first.submit_to_meeting("ce.lead", "south", SOUTH)
    api.clock.now = DECIDED
    body = {"outcome": "agreed", "rationale": "Three worries stand."}

    norths, both = [(await room.agenda(person))[0] for person in (ADMIN, CHAIR)]
    decided = await room.refused(ADMIN, f"cases/{first.view['id']}/decision", body)

    assert not await first.seen_by(ADMIN)
    assert (norths["standing"], norths["children"], norths["papers"]) == ("moved", [], [])
    assert both["children"]
    assert [breach["found"] for breach in decided] == ["moved to another meeting"]


async def test_ce_m15_m17_the_dates_of_both_series_are_listed_with_their_cases(api: Api) -> None:
    await three_cases(api)

    listed = await api.as_("ce.lead.south").get(
        "/v1/meetings", **{"from": "2026-11-25", "to": "2027-01-06"}
    )

    assert [
        (m["series"], m["starts_at"][:16], m["cases"], m["late"]) for m in listed.json()["items"]
    ] == [
        ("south", "2026-11-25T14:00", 0, 0),
        ("north", "2026-12-02T14:00", 3, 1),
        ("south", "2026-12-09T14:00", 0, 0),
        ("north", "2026-12-16T14:00", 0, 0),
        ("south", "2026-12-23T14:00", 0, 0),
        ("north", "2026-12-30T14:00", 0, 0),
        ("south", "2027-01-06T14:00", 0, 0),
    ]


async def test_an_extraordinary_meeting_is_planned_by_hand_and_takes_a_case(api: Api) -> None:
    case = await EastCase.stuck(api)
    friday = london("2026-12-04 09:00")
    body = {"series": "north", "starts_at": friday.isoformat()}
    before = await case.blocked("ce.lead", "submit-to-meeting", body)

    planned = await api.as_(ADMIN).post("/v1/meetings", body)
    again = await api.as_(ADMIN).post("/v1/meetings", body)
    await case.submit_to_meeting("ce.lead", "north", friday)

    assert before == ["meeting-time"]
    assert (planned.status_code, planned.json()["extraordinary"]) == (201, True)
    assert planned.headers["Location"] == f"/v1/meetings/{planned.json()['id']}"
    assert [b["found"] for b in again.json()["breaches"]] == ["a meeting is planned then"]
    room = await MeetingRoom.of(api, MEMBER, "north", friday.date())
    assert room.case(case)["standing"] == "listed"
