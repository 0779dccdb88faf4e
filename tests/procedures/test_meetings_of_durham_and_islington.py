"""Durham's weekly meeting and Islington's Targeted Allocations Meeting, held over HTTP."""

import pytest
from procedures.case import on_one_store
from procedures.durham_forms import DECIDED, MEETING, STEP_DOWN, STEP_UP, DurhamCase
from procedures.islington_forms import DECIDED as TAM_DECIDED
from procedures.islington_forms import MEETING as TAM
from procedures.islington_forms import IslingtonCase
from procedures.meeting_room import MeetingRoom
from service import Api

pytestmark = [on_one_store, pytest.mark.long]
CO, CHAIR = "meeting.coordinator", "meeting.chair"


async def durhams(api: Api) -> tuple[MeetingRoom, DurhamCase, DurhamCase]:
    """One case that goes up and one that goes down, before one meeting."""
    up = await DurhamCase.prepared(api, STEP_UP)
    down = await DurhamCase.prepared(api, STEP_DOWN)
    room = await MeetingRoom.of(api, CO, "weekly", MEETING.date(), "systems.team")
    return room, up, down


async def test_df_08_the_coordinator_circulates_and_a_chair_does_not(api: Api) -> None:
    case = await DurhamCase.booked(api, STEP_UP)
    room = await MeetingRoom.of(api, CO, "weekly", MEETING.date(), "systems.team")

    by_chair = await room.post(CHAIR, "circulate-agenda")
    await room.act(CO, "circulate-agenda")
    await room.look_at(case)

    assert by_chair.status_code == 403
    assert case.view["milestones"][-1]["name"] == "agenda_circulated"


async def test_df_12_where_the_threshold_is_uncertain_the_meeting_asks_for_a_mapping_exercise(
    api: Api,
) -> None:
    room, up, _ = await durhams(api)
    api.clock.now = DECIDED

    await room.decide(CHAIR, up, "mapping_exercise")

    assert room.case(up)["decision"]["outcome"] == "mapping_exercise"
    assert up.view["form"]["meeting"]["decision"] == "mapping_exercise"
    await up.record(STEP_UP.worker, "mapping_exercise_completed")


async def test_df_13_df_22_df_23_df_24_minutes_and_case_notes_of_all_cases_are_one_act_each(
    api: Api,
) -> None:
    room, up, down = await durhams(api)
    api.clock.now = DECIDED
    await room.decide(CHAIR, up, "agreed")
    await room.decide(CHAIR, down, "not_agreed")

    for name in ("minutes_uploaded", "case_noted_in_lcs", "case_noted_in_ehm"):
        await room.record(CO, name)

    for case in (up, down):
        await room.look_at(case)
        names = [mark["name"] for mark in case.view["milestones"]]
        assert names[-3:] == ["minutes_uploaded", "case_noted_in_lcs", "case_noted_in_ehm"]


async def test_dl_01_what_was_decided_on_the_transfer_itself_shows_in_the_meeting(
    api: Api,
) -> None:
    room, up, _ = await durhams(api)
    api.clock.now = DECIDED

    await up.record(CHAIR, "meeting_decided", outcome="agreed", note="Said there.")
    again = await MeetingRoom.of(api, CO, "weekly", MEETING.date(), "systems.team")

    assert again.case(up)["decision"]["rationale"] == "Said there."
    assert again.view["version"] == room.view["version"]


async def test_is_08_is_09_is_13_the_panel_decides_and_names_who_leads_and_who_tells(
    islington: Api,
) -> None:
    case = await IslingtonCase.submitted(islington)
    islington.clock.now = TAM_DECIDED
    by = "is.tam.coordinator"
    room = await MeetingRoom.of(islington, by, "tam", TAM.date(), "is.systems")
    people = [
        {"name": name, "represents": name, "status": "attended", "role": "member"}
        for name in ("Children's Centres Family Support", "Targeted Youth Support")
    ]

    await room.act(by, "attendance", {"people": people})
    await room.decide("is.tam.deputy", case, "agreed")
    for name in ("lead_named", "informer_named", "referrer_informed"):
        await room.record("is.tam.chair", name)

    await room.look_at(case)
    names = [mark["name"] for mark in case.view["milestones"]]
    assert names[-4:] == ["meeting_decided", "lead_named", "informer_named", "referrer_informed"]
    assert case.view["form"]["meeting"]["chair"] == "is.tam.deputy"
