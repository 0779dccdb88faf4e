"""Rochdale's whole step down over HTTP, and what the Liquidlogic note asks of its form."""

from datetime import UTC, date, datetime

import pytest
from procedures.case import Body, on_one_store
from procedures.rochdale_forms import (
    COORDINATOR,
    CREATED,
    EARLY_HELP_MANAGER,
    HANDED_OVER,
    LEAD,
    MET,
    NEXT_MEETING,
    NURSE,
    SENT,
    SOCIAL_WORKER,
    STEP_DOWN,
    TEAM_MANAGER,
    RochdaleCase,
)
from procedures.seen import messages, tasks, team_closed
from service import Api

from app.domain.messages import MessageKind
from app.domain.referral_date import DateStanding, Raise, RecordDate, judge


async def test_the_step_down_in_its_order_and_in_time(rochdale: Api) -> None:
    case = await RochdaleCase.opened(rochdale, SOCIAL_WORKER, STEP_DOWN.opening(form={}))
    await case.edit(SOCIAL_WORKER, **STEP_DOWN.form())
    await case.act(SOCIAL_WORKER, "team-around-the-family", NURSE)

    case.at(MET)
    await case.record(SOCIAL_WORKER, "meeting_decided", outcome="agreed")
    await case.record(SOCIAL_WORKER, "next_meeting_agreed", until=NEXT_MEETING)
    await case.record(TEAM_MANAGER, "minutes_shared")
    case.at(SENT)
    await case.act(SOCIAL_WORKER, "finalise")
    assert (case.stage, case.warnings) == ("awaiting_authorisation", [])
    await case.act(TEAM_MANAGER, "authorise")
    await case.record(SOCIAL_WORKER, "origin_closing_begun")

    case.at(CREATED)
    await case.pick_up(LEAD)
    await case.start(EARLY_HELP_MANAGER)
    await case.record(LEAD, "roles_explained")
    case.at(HANDED_OVER)
    await case.act(EARLY_HELP_MANAGER, "allocate", {"worker": LEAD})
    assert (case.view["custody"]["team"], case.warnings) == ("ro-taf", [])
    assert case.view["lead_professional"] == LEAD

    await case.close(TEAM_MANAGER)
    assert (case.stage, case.warnings) == ("completed", [])
    assert set((await case.undisputed(SOCIAL_WORKER)).values()) == {"met"}


async def test_the_step_down_late_at_every_turn_is_complete_all_the_same(rochdale: Api) -> None:
    case = await RochdaleCase.dispatched(rochdale, STEP_DOWN)
    case.at(datetime(2026, 11, 18, 10, tzinfo=UTC))
    await case.record(COORDINATOR, "minutes_shared")
    await case.pick_up(LEAD)
    await case.start(EARLY_HELP_MANAGER)
    await case.hand_over(datetime(2026, 11, 20, 10, tzinfo=UTC))

    await case.close(TEAM_MANAGER)

    assert case.stage == "completed"
    late = {code: (await case.late_by(code)).days for code in await case.undisputed(SOCIAL_WORKER)}
    assert late == {"HZ-3-picked-up": 5, "HZ-1-allocated": 0, "RO-13-minutes": 0}
    assert set((await case.undisputed(SOCIAL_WORKER)).values()) == {"met_late"}


@on_one_store
@pytest.mark.parametrize(
    ("origin", "code"),
    [
        ({"kind": "manual"}, "LL-11-origin"),
        ({"kind": "early_help_assessment", "stage_record_id": "EHA-5"}, "LL-11-origin"),
        ({"kind": "child_in_need_review"}, "LL-11-stage"),
    ],
)
async def test_ll_11_a_step_down_in_rochdale_is_never_started_by_hand(
    rochdale: Api, origin: Body, code: str
) -> None:
    body = STEP_DOWN.opening(origin=origin)

    refused = await rochdale.as_(SOCIAL_WORKER).post("/v1/transfers", body)

    assert [breach["code"] for breach in refused.json()["breaches"]] == [code]


@on_one_store
async def test_ll_13_what_an_empty_step_down_lacks_is_asked_for_at_once(rochdale: Api) -> None:
    opening = STEP_DOWN.opening(form={})
    case = await RochdaleCase.opened(rochdale, SOCIAL_WORKER, opening)

    blocked = await case.blocked(SOCIAL_WORKER, "finalise")

    assert blocked == [
        "LL-13-date",
        "LL-13-comments",
        "LL-13-recipient",
        "RO-1-assessment-or-plan",
        "RO-2-level",
        "RO-3-needs-and-risk",
        "RO-7-child-voice",
        "RO-10-members",
    ]


@on_one_store
@pytest.mark.parametrize(
    ("recipient", "codes"),
    [
        ("ro-cin-heywood", ["LL-13-recipient-kind", "LL-13-recipient-system"]),
        ("ro-ehm-referral-to-progress", ["LL-13-referral-to-progress"]),
        ("op-bishop", ["LL-13-recipient-authority"]),
        ("ro-cin", ["LL-13-recipient-kind", "LL-13-recipient-system", "LL-13-recipient-other"]),
    ],
)
async def test_ll_13_the_wrong_tray_is_refused(
    rochdale: Api, recipient: str, codes: list[str]
) -> None:
    body = STEP_DOWN.opening(form=STEP_DOWN.form() | {"recipient": recipient})

    refused = await rochdale.as_(SOCIAL_WORKER).post("/v1/transfers", body)

    assert [breach["code"] for breach in refused.json()["breaches"]] == codes


@on_one_store
async def test_ll_13_a_team_that_closes_after_finalise_gets_no_task(rochdale: Api) -> None:
    case = await RochdaleCase.decided(rochdale, STEP_DOWN)
    await case.act(SOCIAL_WORKER, "finalise")
    await team_closed(rochdale, "ro-taf")

    assert await case.blocked(TEAM_MANAGER, "authorise") == ["LL-13-recipient-active"]


@on_one_store
async def test_ll_16_the_chronology_does_not_travel_in_rochdale_either(rochdale: Api) -> None:
    chronology = {"form": "chronology", "record_id": "CHR-4"}
    case = await RochdaleCase.decided(rochdale, STEP_DOWN)
    await case.edit(SOCIAL_WORKER, references=[chronology])
    person, version = rochdale.as_(SOCIAL_WORKER), case.view["version"]

    attached = await person.patch(case.path, {"forms": [chronology]}, version=version)

    assert [breach["code"] for breach in attached.json()["breaches"]] == ["LL-16-chronology"]
    await case.send()


@on_one_store
async def test_ll_17_a_task_is_sent_once_a_team_manager_has_authorised_the_form(
    rochdale: Api,
) -> None:
    case = await RochdaleCase.decided(rochdale, STEP_DOWN)
    await case.act("ro.deputy", "finalise")
    await case.forbidden("ro.deputy", "authorise")
    await case.forbidden(SOCIAL_WORKER, "authorise")
    assert await tasks(case) == []

    await case.act(TEAM_MANAGER, "authorise")

    (task,) = await tasks(case)
    assert (task.title, task.tray) == ("Transfer from Rochdale LCS", "RO-TAF")


@on_one_store
async def test_ll_18_the_referral_begins_to_close_after_the_task_is_sent(rochdale: Api) -> None:
    case = await RochdaleCase.decided(rochdale, STEP_DOWN)
    assert await case.not_recorded(SOCIAL_WORKER, "origin_closing_begun") == ["milestone-order"]
    await case.send()
    await case.record(SOCIAL_WORKER, "origin_closing_begun")
    assert await case.not_closed(SOCIAL_WORKER) == ["closing-acceptance"]

    await case.pick_up(LEAD)
    await case.start(EARLY_HELP_MANAGER)
    await case.hand_over()
    await case.act(TEAM_MANAGER, "complete", {"comment": "Closed on paper."})

    assert case.warnings == ["LL-18-close"]


@on_one_store
async def test_ll_20_the_episode_s_start_date_is_the_date_of_transfer_and_is_not_amended(
    rochdale: Api,
) -> None:
    case = await RochdaleCase.started(rochdale, STEP_DOWN)
    (message,) = await messages(case, MessageKind.CHECK_RECORD_DATE)
    other = RecordDate(date(2026, 5, 4), message.check.child, version="1")

    judged = judge(message.check, other, today=date(2026, 11, 12))

    assert message.check.right == date(2026, 11, 13)
    assert isinstance(judged, Raise)
    assert judged.standing is DateStanding.DISCREPANCY
