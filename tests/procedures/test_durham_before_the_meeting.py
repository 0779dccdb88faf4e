"""Durham: a case is put forward, prepared, checked and on the agenda in time (DF 1 to 8)."""

from datetime import timedelta

import pytest
from procedures.case import on_one_store, tick
from procedures.durham_forms import (
    ASSESSMENT,
    CONTACT,
    EVIDENCE,
    MEETING,
    NEXT_MEETING,
    OPENED,
    PREPARED,
    STEP_DOWN,
    STEP_UP,
    DurhamCase,
    Sides,
    both_ways,
    december,
    either_way,
    november,
)
from service import Api

pytestmark = [on_one_store, pytest.mark.long]

WEDNESDAY = {"series": "weekly", "starts_at": MEETING.isoformat()}
A_MINUTE = timedelta(minutes=1)
ALERTED = {"DF-7-checked", "DF-8-agenda"}


@both_ways
async def test_df_01_02_a_case_goes_to_a_meeting_once_it_is_talked_over_and_the_manager_agrees(
    api: Api, sides: Sides
) -> None:
    case = await DurhamCase.drafted(api, sides)

    at_once = await case.refused(sides.worker, "submit-to-meeting", WEDNESDAY)
    await case.record(sides.worker, "discussed_with_manager")
    not_agreed = await case.refused(sides.worker, "submit-to-meeting", WEDNESDAY)
    await case.record(sides.manager, "manager_agreed")
    await case.submit()

    assert at_once == ["DF-1-discussed", "DF-2-agreed"]
    assert not_agreed == ["DF-2-agreed"]
    assert (case.stage, case.warnings) == ("draft", [])


@either_way
async def test_df_02_the_worker_does_not_agree_for_the_manager(api: Api, sides: Sides) -> None:
    case = await DurhamCase.drafted(api, sides)

    await case.not_for(sides.worker, "manager_agreed")


@either_way
async def test_df_03_the_form_is_with_the_manager_48_hours_before_the_meeting(
    api: Api, sides: Sides
) -> None:
    case = await DurhamCase.booked(api, sides)
    due = await case.due("DF-3-form")

    case.at(due)
    await case.record(sides.worker, "form_given_to_manager")

    assert due == november(30, 10)
    assert await case.state("DF-3-form") == "met"


@either_way
async def test_df_03_a_form_that_comes_later_is_counted_and_alerts_nobody(
    api: Api, sides: Sides
) -> None:
    case = await DurhamCase.booked(api, sides)

    before = await case.state_at("DF-3-form", november(30, 10), november(30, 10) + A_MINUTE)
    alerted = await case.alerted("DF-3-form", november(30, 9), november(30, 15))
    await case.record(sides.worker, "form_given_to_manager")

    assert before == ["nearly_late", "late"]
    assert alerted == []
    assert await case.state("DF-3-form") == "met_late"
    assert await case.late_by("DF-3-form") == timedelta(hours=5)


async def test_df_04_a_step_down_goes_to_the_meeting_with_the_plan_or_is_warned(api: Api) -> None:
    bare = STEP_DOWN.form() | {"forms": [ASSESSMENT]}

    with_plan = await DurhamCase.booked(api, STEP_DOWN)
    without = await DurhamCase.booked(api, STEP_DOWN, form=bare)

    assert with_plan.warnings == []
    assert without.warnings == ["DF-4-plan"]
    assert without.view["meeting"] is not None


async def test_df_05_a_step_up_goes_to_the_meeting_with_its_evidence_and_leaves_with_it(
    api: Api,
) -> None:
    bare = STEP_UP.form() | {"forms": [CONTACT]}
    case = await DurhamCase.drafted(api, STEP_UP, form=bare)
    await case.put_forward()

    too_bare = await case.refused("op.worker", "submit-to-meeting", WEDNESDAY)
    await case.edit("op.worker", forms=[CONTACT, EVIDENCE])
    await case.submit()
    await case.edit("op.worker", forms=[CONTACT])
    taken_away = await case.refused("op.worker", "finalise")

    assert too_bare == ["DF-5-evidence"]
    assert "DF-5-evidence" in taken_away


@either_way
@pytest.mark.parametrize("updated", [True, False], ids=["updated", "not updated"])
async def test_df_06_records_that_were_not_brought_up_to_date_are_warned_of(
    api: Api, sides: Sides, *, updated: bool
) -> None:
    case = await DurhamCase.booked(api, sides)
    await case.record(sides.manager, "form_quality_assured")
    if updated:
        await case.record(sides.worker, "records_updated")
    case.at(MEETING)
    await case.decide("agreed")

    await case.act(sides.worker, "finalise")

    assert case.warnings == ([] if updated else ["DF-6-records"])


@either_way
async def test_df_07_no_case_leaves_a_meeting_unchecked(api: Api, sides: Sides) -> None:
    case = await DurhamCase.booked(api, sides)
    await case.record(sides.worker, "records_updated")
    case.at(MEETING)
    await case.decide("agreed")

    unchecked = await case.refused(sides.worker, "finalise")
    await case.record(sides.manager, "form_quality_assured")
    await case.send()

    assert unchecked == ["DF-7-quality"]


@either_way
async def test_df_07_neither_a_worker_nor_who_wrote_or_last_changed_the_form_checks_it(
    api: Api, sides: Sides
) -> None:
    case = await DurhamCase.booked(api, sides)

    await case.not_for(sides.worker, "form_quality_assured")
    await case.edit(sides.manager, comments="Put more plainly.")
    refused = await case.not_recorded(sides.manager, "form_quality_assured")
    await case.edit(sides.worker, comments="Put more plainly still.")
    await case.record(sides.manager, "form_quality_assured")

    assert refused == ["milestone-author"]
    assert await case.state("DF-7-checked") == "met"


@either_way
async def test_df_07_a_change_of_the_form_takes_its_check_away(api: Api, sides: Sides) -> None:
    case = await DurhamCase.prepared(api, sides)

    checked = await case.state("DF-7-checked")
    await case.edit(sides.worker, comments="What nobody has checked.")
    not_any_more = await case.state("DF-7-checked")
    refused = await case.refused(sides.worker, "finalise")
    await case.record(sides.manager, "form_quality_assured")

    assert (checked, not_any_more) == ("met", "running")
    assert refused == ["DF-7-quality", "DF-9-decision"]
    assert await case.state("DF-7-checked") == "met"


@either_way
async def test_df_07_a_change_after_the_meeting_asks_for_a_new_check_and_leaves_the_old_in_time(
    api: Api, sides: Sides
) -> None:
    case = await DurhamCase.decided(api, sides)

    await case.edit(sides.worker, comments="What nobody has checked.")
    refused = await case.refused(sides.worker, "finalise")
    state = await case.state("DF-7-checked")
    await case.record(sides.manager, "form_quality_assured")
    await case.send()

    assert refused == ["DF-7-quality"]
    assert state == "met"


@either_way
async def test_df_07_the_check_is_no_authorisation(api: Api, sides: Sides) -> None:
    case = await DurhamCase.prepared(api, sides)

    answer = await api.as_(sides.manager).post(
        f"{case.path}/authorise", version=case.view["version"]
    )

    assert case.stage == "draft"
    assert answer.status_code in (403, 409)


@either_way
@pytest.mark.parametrize(
    ("code", "name"),
    [("DF-7-checked", "form_quality_assured"), ("DF-8-agenda", "agenda_circulated")],
)
async def test_df_07_08_the_check_and_the_agenda_are_done_24_hours_before_the_meeting(
    api: Api, sides: Sides, code: str, name: str
) -> None:
    on_time = await DurhamCase.booked(api, sides)
    late = await DurhamCase.booked(api, sides)
    due = await on_time.due(code)

    nearly = due - (due - OPENED) / 4
    states = await late.state_at(code, nearly - A_MINUTE, nearly, due)
    await on_time.record(sides.manager, name)
    alerted = await late.alerted(code, nearly - A_MINUTE, nearly, due, due + A_MINUTE, MEETING)
    await late.record(sides.manager, name)

    assert due == december(1, 10)
    assert states == ["running", "nearly_late", "nearly_late"]
    assert await on_time.state(code) == "met"
    assert alerted == [("clock_nearly_late", sides.origin), ("clock_late", sides.origin)]
    assert await late.state(code) == "met_late"
    assert await late.late_by(code) == timedelta(hours=24)


async def test_df_08_the_agenda_is_the_co_ordinator_s_or_a_manager_s(api: Api) -> None:
    down = await DurhamCase.booked(api, STEP_DOWN)
    up = await DurhamCase.booked(api, STEP_UP)
    body = up.milestone("agenda_circulated")

    await down.not_for("ff.socialworker", "agenda_circulated")
    await up.not_for("op.worker", "agenda_circulated")
    await down.record("ff.coordinator", "agenda_circulated")
    of_the_other_side = await api.as_("ff.coordinator").post(
        f"{up.path}/milestones", body, version=3
    )
    await up.record("op.manager", "agenda_circulated")

    assert of_the_other_side.status_code == 404
    assert await down.state("DF-8-agenda") == await up.state("DF-8-agenda") == "met"


@either_way
async def test_df_08_there_is_no_agenda_before_the_case_is_submitted(
    api: Api, sides: Sides
) -> None:
    case = await DurhamCase.drafted(api, sides)

    assert await case.not_recorded(sides.manager, "agenda_circulated") == ["milestone-order"]


@either_way
async def test_df_03_07_08_a_case_submitted_on_the_eve_is_late_for_all_three_at_once(
    api: Api, sides: Sides
) -> None:
    case = await DurhamCase.booked(api, sides, at=december(1, 16))

    await tick(api)
    clocks = case.view["clocks"]
    alerts = await case.alerts()

    assert {c["code"] for c in clocks if c["state"] == "late"} == {"DF-3-form", *ALERTED}
    assert [(a["kind"], a["team"]) for a in alerts] == [("clock_late", sides.origin)] * 2
    assert all(any(c["says"] in a["says"] for a in alerts) for c in clocks if c["code"] in ALERTED)


@either_way
async def test_df_03_08_a_case_that_is_moved_to_the_next_meeting_takes_its_clocks_with_it(
    api: Api, sides: Sides
) -> None:
    case = await DurhamCase.booked(api, sides)
    case.at(PREPARED)

    await case.submit(NEXT_MEETING)

    assert await case.due("DF-3-form") == december(7, 10)
    assert await case.due("DF-7-checked") == await case.due("DF-8-agenda") == december(8, 10)


@either_way
async def test_df_09_a_meeting_that_is_over_takes_no_case(api: Api, sides: Sides) -> None:
    case = await DurhamCase.drafted(api, sides, at=MEETING)
    await case.put_forward()

    assert await case.refused(sides.worker, "submit-to-meeting", WEDNESDAY) == ["meeting-time"]
