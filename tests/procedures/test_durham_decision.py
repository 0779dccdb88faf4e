"""Durham: the meeting decides, and what may and must follow from it (DF 9 to 12, 21)."""

from datetime import timedelta

import pytest
from procedures.case import on_one_store
from procedures.durham_forms import (
    DECIDED,
    MEETING,
    NEXT_MEETING,
    PREPARED,
    STEP_UP,
    DurhamCase,
    Sides,
    both_ways,
    december,
    either_way,
)
from service import Api

pytestmark = [on_one_store, pytest.mark.long]

NEXT_WEDNESDAY = {"series": "weekly", "starts_at": NEXT_MEETING.isoformat()}
A_MINUTE = timedelta(minutes=1)


@both_ways
async def test_df_09_nothing_is_sent_before_the_meeting_agrees(api: Api, sides: Sides) -> None:
    case = await DurhamCase.prepared(api, sides)

    undecided = await case.refused(sides.worker, "finalise")
    case.at(DECIDED)
    await case.decide("agreed")
    await case.send()

    assert undecided == ["DF-9-decision"]
    assert case.warnings == []


@either_way
async def test_df_09_10_what_was_not_agreed_is_not_sent_and_no_joint_visit_informs_it(
    api: Api, sides: Sides
) -> None:
    case = await DurhamCase.prepared(api, sides)
    await case.consent(sides.worker, "joint_visit")
    case.at(DECIDED)

    visits = [await case.not_recorded(sides.worker, "joint_visit_made")]
    sendings = [await case.refused(sides.worker, "finalise")]
    for outcome in ("mapping_exercise", "deferred", "not_agreed"):
        await case.decide(outcome)
        visits.append(await case.not_recorded(sides.worker, "joint_visit_made"))
        sendings.append(await case.refused(sides.worker, "finalise"))

    assert visits == [["milestone-order"]] * 4
    assert sendings == [["DF-9-decision"]] * 4


@either_way
async def test_df_09_a_decision_has_an_outcome_that_the_council_knows(
    api: Api, sides: Sides
) -> None:
    case = await DurhamCase.prepared(api, sides)
    case.at(DECIDED)
    by = sides.minute_taker

    none = await case.not_recorded(by, "meeting_decided")
    unknown = await case.not_recorded(by, "meeting_decided", outcome="perhaps")
    await case.not_for(sides.worker, "meeting_decided", outcome="agreed")

    assert none == unknown == ["milestone-outcome"]


@either_way
async def test_df_09_a_meeting_decides_on_nothing_that_it_was_not_given(
    api: Api, sides: Sides
) -> None:
    case = await DurhamCase.drafted(api, sides)

    refused = await case.not_recorded(sides.manager, "meeting_decided", outcome="agreed")

    assert refused == ["milestone-order"]


@either_way
async def test_df_09_a_meeting_decides_nothing_before_its_day(api: Api, sides: Sides) -> None:
    case = await DurhamCase.prepared(api, sides)
    by, name = sides.minute_taker, "meeting_decided"

    case.at(december(1, 23, 59))
    the_day_before = await case.not_recorded(by, name, outcome="agreed")
    case.at(DECIDED)
    dated_back = await case.not_recorded(by, name, outcome="agreed", at=december(1, 23, 59))
    await case.submit(NEXT_MEETING)
    await case.record(by, name, outcome="deferred")

    assert the_day_before == dated_back == ["milestone-meeting"]


@either_way
async def test_df_09_what_the_meeting_decided_is_filled_in_without_another_check(
    api: Api, sides: Sides
) -> None:
    case = await DurhamCase.booked(api, sides, form=sides.form() | {"meeting": None})
    case.at(PREPARED)
    await case.record(sides.manager, "form_quality_assured")
    await case.record(sides.worker, "records_updated")
    case.at(DECIDED)
    await case.decide("agreed")

    await case.edit(
        sides.worker,
        meeting={"held_on": "2026-12-02", "chair": "A chair", "decision": "agreed"},
        date_of_transfer="2026-12-03",
    )
    await case.send()

    assert case.warnings == []
    assert await case.state("DF-7-checked") == "met"


@either_way
async def test_df_09_a_case_that_was_put_off_comes_back_next_week_and_its_clocks_with_it(
    api: Api, sides: Sides
) -> None:
    case = await DurhamCase.prepared(api, sides)
    case.at(DECIDED)
    await case.decide("deferred")
    before = await case.states(sides.worker)

    await case.submit(NEXT_MEETING)
    states = await case.states(sides.worker)
    agenda = await case.due("DF-8-agenda")
    case.at(december(7, 9))
    for name in ("form_given_to_manager", "agenda_circulated", "form_quality_assured"):
        await case.record(sides.manager, name)
    case.at(NEXT_MEETING)
    await case.decide("agreed")
    await case.send()

    gone_round = {"DF-3-form", "DF-7-checked", "DF-8-agenda"}
    assert {before[code] for code in gone_round} == {"met"}
    assert {states[code] for code in gone_round} == {"running"}
    assert agenda == december(8, 10)
    assert {await case.state(code) for code in gone_round} == {"met"}
    assert await case.due("DF-16-arranged") == NEXT_MEETING + timedelta(hours=48)


@either_way
async def test_df_09_an_agreed_case_that_is_submitted_again_waits_for_that_meeting_s_decision(
    api: Api, sides: Sides
) -> None:
    case = await DurhamCase.prepared(api, sides)
    case.at(DECIDED)
    await case.decide("agreed")

    await case.submit(NEXT_MEETING)

    refused = await case.refused(sides.worker, "finalise")
    assert "DF-9-decision" in refused
    case.at(NEXT_MEETING)
    await case.decide("agreed")
    await case.send()


@either_way
async def test_df_10_11_a_joint_visit_follows_the_decision_with_the_parents_explicit_consent(
    api: Api, sides: Sides
) -> None:
    case = await DurhamCase.decided(api, sides)

    unasked = await case.not_recorded(sides.worker, "joint_visit_made")
    await case.consent(sides.worker, "joint_visit", explicit=False)
    implied = await case.not_recorded(sides.worker, "joint_visit_made")
    await case.consent(sides.worker, "joint_visit")
    await case.record(sides.worker, "joint_visit_made")

    assert unasked == implied == ["milestone-needs"]
    assert "joint_visit_made" in [mark["name"] for mark in case.view["milestones"]]


@either_way
@pytest.mark.parametrize("ended", ["withdrawn", "expired"])
async def test_df_10_a_consent_that_has_ended_allows_no_joint_visit(
    api: Api, sides: Sides, ended: str
) -> None:
    case = await DurhamCase.decided(api, sides)
    until = {"expires_on": case.today.isoformat()} if ended == "expired" else {}
    await case.consent(sides.worker, "joint_visit", **until)
    (consent,) = case.view["consents"]

    if ended == "withdrawn":
        await case.act(sides.worker, f"consents/{consent['id']}/withdraw", {})
    else:
        case.at(api.clock() + timedelta(days=1))
    visited = await case.not_recorded(sides.worker, "joint_visit_made")

    assert visited == ["milestone-needs"]


async def test_df_10_11_an_urgent_case_is_decided_once_it_is_sent(api: Api) -> None:
    case = await DurhamCase.urgent(api)
    await case.consent("op.worker", "joint_visit")

    before = await case.not_recorded("op.worker", "joint_visit_made")
    await case.send()
    await case.record("ff.socialworker", "joint_visit_made")

    assert before == ["milestone-order"]


@either_way
async def test_df_12_where_the_threshold_is_uncertain_a_mapping_exercise_comes_first(
    api: Api, sides: Sides
) -> None:
    case = await DurhamCase.prepared(api, sides)

    too_early = await case.not_recorded(sides.worker, "mapping_exercise_completed")
    case.at(DECIDED)
    await case.decide("mapping_exercise")
    await case.submit(NEXT_MEETING)
    without = case.warnings
    await case.record(sides.minute_taker, "mapping_exercise_completed")
    await case.submit(NEXT_MEETING)

    assert too_early == ["milestone-order"]
    assert without == ["DF-12-mapping"]
    assert case.warnings == []


@either_way
async def test_df_12_a_mapping_exercise_in_the_meeting_lets_the_same_meeting_agree(
    api: Api, sides: Sides
) -> None:
    case = await DurhamCase.prepared(api, sides)
    case.at(MEETING)
    await case.decide("mapping_exercise")

    await case.record(sides.worker, "mapping_exercise_completed")
    case.at(DECIDED)
    await case.decide("agreed")
    await case.send()

    assert case.stage == "dispatched"


@either_way
async def test_df_21_what_was_not_agreed_goes_to_the_operations_manager_within_24_hours(
    api: Api, sides: Sides
) -> None:
    met = await DurhamCase.decided(api, sides, "not_agreed")
    late = await DurhamCase.decided(api, sides, "not_agreed")
    due = await met.due("DF-21-escalation")

    met.at(due)
    await met.disagree(sides.worker, "not_agreed")
    await met.escalate(sides.manager)
    nearly = due - timedelta(hours=6)
    alerted = await late.alerted("DF-21-escalation", nearly - A_MINUTE, nearly, due, due + A_MINUTE)
    await late.disagree(sides.manager, "not_agreed")
    await late.escalate("operations.manager")

    assert due == december(3, 10, 30)
    assert await met.state("DF-21-escalation") == "met"
    assert alerted == [("clock_nearly_late", sides.origin), ("clock_late", sides.origin)]
    assert await late.late_by("DF-21-escalation") == A_MINUTE
    assert late.view["custody"]["team"] == sides.origin


@either_way
async def test_df_21_it_goes_ahead_where_the_operations_manager_says_so_and_not_without(
    api: Api, sides: Sides
) -> None:
    case = await DurhamCase.decided(api, sides, "not_agreed")
    case.at(december(2, 16))
    refused = await case.blocked(sides.worker, "finalise")

    await case.disagree(sides.worker, "not_agreed")
    await case.escalate(sides.manager)
    still_refused = await case.blocked(sides.worker, "finalise")
    await case.resolve("operations.manager", "goes_ahead")
    agreed = case.view["milestones"][-1]
    await case.act(sides.worker, "finalise")

    assert refused
    assert still_refused == refused
    assert (agreed["name"], agreed["outcome"]) == ("meeting_decided", "agreed")
    assert (agreed["by"], agreed["reason"]) == ("operations.manager", "disagreement_resolved")


@either_way
async def test_df_21_an_agreement_after_all_ends_the_escalation(api: Api, sides: Sides) -> None:
    case = await DurhamCase.decided(api, sides, "not_agreed")
    case.at(december(2, 16))

    await case.decide("agreed")
    await case.send()

    assert await case.state("DF-21-escalation") == "met"


async def test_df_21_nothing_is_escalated_where_all_agree(api: Api) -> None:
    case = await DurhamCase.sent(api, STEP_UP)

    assert await case.state("DF-21-escalation") == "waiting"
