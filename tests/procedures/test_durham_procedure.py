"""Durham's flowchart (DF) from open to complete, on both pathways and both stores."""

from datetime import datetime, timedelta

import pytest
from procedures.case import on_one_store, tick
from procedures.durham_forms import (
    DECIDED,
    MEETING,
    PREPARED,
    SENT,
    STEP_DOWN,
    STEP_UP,
    DurhamCase,
    Sides,
    both_ways,
    december,
    end_of,
    november,
)
from service import Api

ENDED_IN_TIME = {"met", "stopped", "waiting"}
MEETING_CLOCKS = {"DF-3-form", "DF-7-checked", "DF-8-agenda", "DF-14-sent", "DF-14-taken"}
HANDOVER_CLOCKS = {"DF-16-arranged", "DF-17-visited", "HZ-3-pick-up", "HZ-1-allocated"}
RECORD_CLOCKS = {"DF-24-minutes", "DF-23-note-lcs", "DF-23-note-ehm"}
ON_THE_WAY = MEETING_CLOCKS | HANDOVER_CLOCKS | RECORD_CLOCKS
DUE_WHEN_SENT_LATE = {
    "DF-3-form": november(30, 10),
    "DF-7-checked": december(1, 10),
    "DF-8-agenda": december(1, 10),
    "DF-14-sent": december(3, 10, 30),
    "DF-14-taken": december(3, 10, 30),
    "DF-16-arranged": december(4, 10, 30),
    "DF-17-visited": end_of(december(9, 0)),
    "DF-24-minutes": december(4, 10, 30),
    "DF-23-note-lcs": december(4, 10, 30),
    "DF-23-note-ehm": december(4, 10, 30),
    "HZ-3-pick-up": end_of(december(9, 0)),
}


@pytest.mark.parametrize(
    ("database_url", "sides"),
    [("sqlite", STEP_UP), ("sqlite", STEP_DOWN), ("postgresql", STEP_UP)],
    indirect=["database_url"],
    ids=["step_up-sqlite", "step_down-sqlite", "step_up-postgresql"],
)
async def test_df_09_15_a_case_that_keeps_to_the_flowchart_is_late_for_nothing_and_warns_nobody(
    api: Api, sides: Sides
) -> None:
    case = await DurhamCase.drafted(api, sides)
    warned: list[str] = []

    async def done(by: str, name: str, **more: object) -> None:
        await case.record(by, name, **more)
        warned.extend(case.warnings)

    async def it_is(now: datetime) -> None:
        case.at(now)
        await tick(api)

    await done(sides.worker, "discussed_with_manager")
    await done(sides.manager, "manager_agreed")
    await case.submit()
    warned += case.warnings
    await it_is(PREPARED)
    await done(sides.worker, "form_given_to_manager")
    await done(sides.worker, "records_updated")
    await done(sides.manager, "form_quality_assured")
    await done(sides.minute_taker, "agenda_circulated")
    await it_is(DECIDED)
    await done(sides.minute_taker, "meeting_decided", outcome="agreed")
    await it_is(SENT)
    await case.send()
    warned += case.warnings
    await it_is(SENT + timedelta(hours=1))
    await case.take()
    await it_is(december(3, 9))
    await done(sides.worker, "handover_visit_arranged")
    await done(sides.worker, "next_taf_passed_over", until=december(16, 14).isoformat())
    for noted in ("minutes_uploaded", "case_noted_in_lcs", "case_noted_in_ehm"):
        await done("ff.coordinator", noted)
    await case.act(sides.receiving_manager, "allocate", {"worker": "the.new.lead"})
    await it_is(december(7, 11))
    await done(sides.receiver, "handover_visited")
    await done(sides.worker, "handover_taf_held")
    await done(sides.manager, "signed_off")
    await case.close(sides.worker)

    states = {clock["code"]: clock["state"] for clock in case.view["clocks"]}
    assert case.stage == "completed"
    assert case.view["custody"]["team"] == sides.receiving
    assert datetime.fromisoformat(case.view["meeting"]["starts_at"]) == MEETING
    assert {code for code, state in states.items() if state == "met"} == ON_THE_WAY
    assert set(states.values()) <= ENDED_IN_TIME
    assert warned == []
    assert await case.alerts() == []


@on_one_store
@both_ways
async def test_df_09_a_case_that_keeps_nothing_is_late_for_each_thing_and_completes_all_the_same(
    api: Api, sides: Sides
) -> None:
    case = await DurhamCase.booked(api, sides)
    case.at(december(2, 9))
    await case.record(sides.manager, "form_quality_assured")
    await case.record(sides.minute_taker, "agenda_circulated")
    case.at(DECIDED)
    await case.decide("agreed")
    case.at(december(8, 9))
    await case.send()
    case.at(december(14, 9))
    await tick(api)
    await case.take()
    for name in ("form_given_to_manager", "handover_visit_arranged", "handover_visited"):
        await case.record(sides.worker, name)
    for noted in ("minutes_uploaded", "case_noted_in_lcs", "case_noted_in_ehm"):
        await case.record("ff.coordinator", noted)
    await case.act(sides.receiving_manager, "allocate", {"worker": "the.new.lead"})
    await case.close(sides.worker)

    late = {c["code"]: c["due_at"] for c in case.view["clocks"] if c["state"] == "met_late"}
    assert case.stage == "completed"
    assert {code: datetime.fromisoformat(due) for code, due in late.items()} == DUE_WHEN_SENT_LATE
    assert {"DF-18-next-taf", "DF-19-handover-taf", "DF-20-sign-off"} <= set(case.warnings)
    told = {alert["team"] for alert in await case.alerts() if alert["kind"] == "clock_late"}
    assert told == {sides.origin, sides.receiving}


@on_one_store
async def test_dl_01_df_09_a_step_up_that_went_to_no_meeting_is_held_to_the_briefing_note_alone(
    api: Api,
) -> None:
    form = STEP_UP.form()
    form["forms"] = form["forms"][:1]
    case = await DurhamCase.drafted(api, STEP_UP, form=form)

    await case.send()

    states = await case.states("op.worker")
    running = {code for code, state in states.items() if state == "running"}
    assert case.warnings == []
    assert running == {"HZ-3-pick-up", "DF-16-arranged-unbooked", "DF-17-visited-unbooked"}
