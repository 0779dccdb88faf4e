"""Durham: at immediate risk a step up skips the meeting, and nothing but the meeting. Hazard 7."""

from datetime import timedelta
from typing import Any

import pytest
from builders import durham
from procedures.case import on_one_store
from procedures.durham_forms import (
    MEETING,
    STEP_UP,
    SUNDAY,
    DurhamCase,
    december,
    end_of,
)
from service import Api

from app.domain.pathway import Pathway

pytestmark = on_one_store

RULES = durham().pathways[Pathway.STEP_UP]
CONTACT_ALONE = {"forms": STEP_UP.form()["forms"][:1], "meeting": None}
MANDATORY = {"DL-3-date", "DL-3-comments", "DL-3-recipient", "DL-5-contact-record"}
URGENT_CLOCKS = {"HZ-3-urgent", "DF-16-arranged-unbooked", "DF-17-visited-unbooked"}
OF_THE_RECIPIENT = ("DL-3-recipient-", "DL-3-referral-to-progress")
"""They hold at every edit, so no draft comes to finalise against one."""


@pytest.mark.parametrize("now", [SUNDAY, december(25, 3)], ids=str)
async def test_h07_an_urgent_case_goes_at_any_hour_and_no_rule_of_the_meeting_holds_it_up(
    api: Api, now: Any
) -> None:
    case = await DurhamCase.urgent(api, now)

    await case.send()

    states = await case.states("op.worker")
    going = {code for code, state in states.items() if state == "running"}
    assert case.warnings == []
    assert case.view["milestones"][-1]["at"].startswith(now.isoformat()[:16])
    assert going == URGENT_CLOCKS
    assert {state for code, state in states.items() if code not in URGENT_CLOCKS} == {"waiting"}


async def test_h07_no_clock_before_a_meeting_counts_for_an_urgent_case_at_all(api: Api) -> None:
    case = await DurhamCase.urgent(api)

    states = await case.states("op.worker")

    before_it = {c.code for c in RULES.clocks if not c.starts}
    assert before_it == {"DF-3-form", "DF-7-checked", "DF-8-agenda"}
    assert before_it & states.keys() == set()


async def test_h07_an_urgent_case_is_submitted_to_no_meeting(api: Api) -> None:
    case = await DurhamCase.urgent(api, MEETING - timedelta(days=1))
    wednesday = {"series": "weekly", "starts_at": MEETING.isoformat()}

    assert await case.refused("op.worker", "submit-to-meeting", wednesday) == ["meeting-series"]


async def test_h07_an_urgent_case_is_excused_from_no_mandatory_field(api: Api) -> None:
    case = await DurhamCase.urgent(api)

    await case.edit("op.worker", date_of_transfer=None, comments=None, recipient=None, forms=[])

    assert set(await case.refused("op.worker", "finalise")) == {*MANDATORY, "DL-1-contact"}


async def test_h07_an_urgent_case_is_sent_once_the_managers_have_spoken(api: Api) -> None:
    form = STEP_UP.form() | CONTACT_ALONE
    case = await DurhamCase.drafted(api, STEP_UP, SUNDAY, route="immediate_risk", form=form)

    silent = await case.refused("op.worker", "finalise")
    with_no_manager = await case.not_recorded(
        "op.manager", "receiving_manager_contacted", person="ff.socialworker"
    )
    await case.record("op.manager", "receiving_manager_contacted", person="ff.manager")
    await case.send()

    assert silent == ["DL-1-contact"]
    assert with_no_manager == ["milestone-person"]


async def test_h07_an_urgent_case_is_asked_everything_but_what_is_about_the_meeting(
    api: Api,
) -> None:
    case = await DurhamCase.urgent(api)

    answer = await api.as_("op.worker").get(f"{case.path}/checklist")

    asked = {gate["gate"]: gate["rules"] for gate in answer.json()["gates"]}
    must = {rule["code"] for rule in asked["finalise"] if rule["severity"] == "must"}
    of_the_recipient = {code for code in must if code.startswith(OF_THE_RECIPIENT)}
    assert "submit_to_meeting" not in asked
    assert {rule["severity"] for rule in asked["finalise"]} == {"must"}
    assert must - of_the_recipient == {*MANDATORY, "DL-1-contact"}
    assert len(of_the_recipient) == 6
    assert all(rule["holds"] for rule in asked["finalise"])


async def test_df_16_17_an_urgent_case_s_handover_is_counted_from_its_dispatch(api: Api) -> None:
    case = await DurhamCase.urgent(api)
    await case.send()

    assert await case.due("DF-16-arranged-unbooked") == SUNDAY + timedelta(hours=48)
    assert await case.due("DF-17-visited-unbooked") == end_of(december(11, 0))

    case.at(december(8, 13))
    await case.record("ff.socialworker", "handover_visit_arranged")
    case.at(december(14, 9))
    await case.record("ff.socialworker", "handover_visited")

    assert await case.state("DF-16-arranged-unbooked") == "met"
    assert await case.state("DF-17-visited-unbooked") == "met_late"


async def test_df_18_19_20_an_urgent_case_is_warned_of_its_last_steps_too(api: Api) -> None:
    case = await DurhamCase.urgent(api)
    await case.send()
    await case.take()
    await case.act("ff.manager", "allocate", {"worker": "ff.socialworker"})

    await case.act("op.manager", "complete", {"comment": "Closed on paper."})

    assert case.stage == "completed"
    assert case.warnings == ["DL-7-close", "DF-18-next-taf", "DF-19-handover-taf", "DF-20-sign-off"]
