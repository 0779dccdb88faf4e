"""Rochdale's whole step up over HTTP, and what the Liquidlogic note asks of its form."""

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
    STEP_UP,
    TEAM_MANAGER,
    RochdaleCase,
)
from procedures.seen import messages, tasks, team_closed
from service import Api

from app.domain.messages import MessageKind
from app.domain.referral_date import Amend, RecordDate, judge


async def test_the_step_up_in_its_order_and_in_time(rochdale: Api) -> None:
    case = await RochdaleCase.opened(rochdale, LEAD, STEP_UP.opening(form={}))
    await case.edit(LEAD, **STEP_UP.form())
    await case.act(LEAD, "team-around-the-family", NURSE)

    case.at(MET)
    await case.record(LEAD, "meeting_decided", outcome="agreed")
    await case.record(LEAD, "next_meeting_agreed", until=NEXT_MEETING)
    case.at(SENT)
    await case.record(COORDINATOR, "minutes_shared")
    await case.act(LEAD, "finalise")
    assert (case.stage, case.warnings) == ("dispatched", [])
    await case.record(LEAD, "origin_closing_begun")

    case.at(CREATED)
    await case.pick_up(SOCIAL_WORKER)
    await case.start(TEAM_MANAGER)
    await case.record(SOCIAL_WORKER, "roles_explained")
    case.at(HANDED_OVER)
    await case.act(TEAM_MANAGER, "allocate", {"worker": SOCIAL_WORKER})
    assert (case.view["custody"]["team"], case.warnings) == ("ro-cin", [])

    await case.close(LEAD)
    assert (case.stage, case.warnings) == ("completed", [])
    assert set((await case.undisputed(LEAD)).values()) == {"met"}


async def test_the_step_up_late_at_every_turn_is_complete_all_the_same(rochdale: Api) -> None:
    case = await RochdaleCase.dispatched(rochdale, STEP_UP)
    case.at(datetime(2026, 11, 19, 10, tzinfo=UTC))
    await case.record(COORDINATOR, "minutes_shared")
    await case.pick_up(SOCIAL_WORKER)
    await case.start(TEAM_MANAGER)
    await case.hand_over(datetime(2026, 11, 21, 10, tzinfo=UTC))

    await case.close(LEAD)

    assert case.stage == "completed"
    late = {code: (await case.late_by(code)).days for code in await case.undisputed(LEAD)}
    assert late == {"HZ-3-picked-up": 6, "HZ-1-allocated": 0, "RO-13-minutes": 1}
    assert set((await case.undisputed(LEAD)).values()) == {"met_late"}


@on_one_store
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"origin": {"kind": "child_in_need_review", "stage_record_id": "R-1"}}, "LL-2-origin"),
        ({"origin": {"kind": "early_help_assessment"}}, "LL-2-stage"),
        (
            {"origin_record": {"record_id": "E-1", "started_on": "2026-05-04", "active": False}},
            "LL-2-active-episode",
        ),
    ],
)
async def test_ll_02_a_step_up_starts_from_an_active_episode_and_from_what_may_start_it(
    rochdale: Api, changes: Body, code: str
) -> None:
    refused = await rochdale.as_(LEAD).post("/v1/transfers", STEP_UP.opening(**changes))

    assert [breach["code"] for breach in refused.json()["breaches"]] == [code]


@on_one_store
@pytest.mark.parametrize("kind", ["manual", "early_help_assessment", "team_around_the_family"])
async def test_ll_02_a_step_up_starts_by_hand_or_as_the_outcome_of_a_stage(
    rochdale: Api, kind: str
) -> None:
    origin = {"kind": kind} | ({} if kind == "manual" else {"stage_record_id": "STG-1"})

    case = await RochdaleCase.opened(rochdale, LEAD, STEP_UP.opening(origin=origin))

    assert case.stage == "draft"


@on_one_store
async def test_ll_03_what_an_empty_form_lacks_is_asked_for_at_once(rochdale: Api) -> None:
    case = await RochdaleCase.opened(rochdale, LEAD, STEP_UP.opening(form={}))

    blocked = await case.blocked(LEAD, "finalise")

    assert blocked == [
        "LL-3-date",
        "LL-3-comments",
        "LL-3-recipient",
        "RO-1-contact-record",
        "RO-2-level",
        "RO-3-needs-and-risk",
        "RO-7-child-voice",
    ]


@on_one_store
@pytest.mark.parametrize(
    ("recipient", "codes"),
    [
        ("ro-taf-heywood", ["LL-3-recipient-kind", "LL-3-recipient-system"]),
        ("ro-referral-to-progress", ["LL-3-referral-to-progress"]),
        ("ff-bishop", ["LL-3-recipient-authority"]),
        ("ro-taf", ["LL-3-recipient-kind", "LL-3-recipient-system", "LL-3-recipient-other"]),
    ],
)
async def test_ll_03_the_wrong_tray_is_refused(
    rochdale: Api, recipient: str, codes: list[str]
) -> None:
    form = STEP_UP.form() | {"recipient": recipient}

    refused = await rochdale.as_(LEAD).post("/v1/transfers", STEP_UP.opening(form=form))

    assert [breach["code"] for breach in refused.json()["breaches"]] == codes


@on_one_store
async def test_ll_03_a_team_that_closes_meanwhile_gets_no_task(rochdale: Api) -> None:
    case = await RochdaleCase.decided(rochdale, STEP_UP)
    await team_closed(rochdale, "ro-cin")

    assert await case.kept() == ["LL-3-recipient-active"]


@on_one_store
async def test_ll_03_a_task_is_not_moved_to_referral_to_progress_either(rochdale: Api) -> None:
    case = await RochdaleCase.dispatched(rochdale, STEP_UP)
    elsewhere = {"recipient": "ro-referral-to-progress", "comment": "The wrong tray."}

    blocked = await case.blocked(EARLY_HELP_MANAGER, "redirect", elsewhere)

    assert blocked == ["LL-3-referral-to-progress"]


@on_one_store
async def test_ll_03_with_all_of_it_a_step_up_is_sent_at_once_without_authorisation(
    rochdale: Api,
) -> None:
    case = await RochdaleCase.decided(rochdale, STEP_UP)
    case.at(SENT)

    await case.act(LEAD, "finalise")

    (task,) = await tasks(case)
    assert (case.stage, case.view["authorised_by"]) == ("dispatched", None)
    assert (task.title, task.tray) == ("Transfer from Rochdale EHM", "RO-CIN")
    assert task.referral_source == "5D"


@on_one_store
async def test_ll_05_ro_01_the_contact_record_copies_forward(rochdale: Api) -> None:
    case = await RochdaleCase.decided(rochdale, STEP_UP)
    await case.edit(LEAD, forms=[])
    assert await case.kept() == ["RO-1-contact-record"]

    await case.edit(LEAD, forms=STEP_UP.form()["forms"])
    await case.send()

    (task,) = await tasks(case)
    assert task.forms[0].form == "ehm_contact_record"
    assert task.forms[0].fields["views_of_child"] == "Likes school"


@on_one_store
async def test_ll_07_the_episode_begins_to_close_after_the_task_is_sent_and_ends_after_the_handover(
    rochdale: Api,
) -> None:
    case = await RochdaleCase.decided(rochdale, STEP_UP)
    assert await case.not_recorded(LEAD, "origin_closing_begun") == ["milestone-order"]
    await case.send()
    await case.record(LEAD, "origin_closing_begun")
    assert await case.not_closed(LEAD) == ["closing-acceptance"]

    await case.pick_up(SOCIAL_WORKER)
    await case.start(TEAM_MANAGER)
    await case.hand_over()
    await case.close(LEAD)

    assert case.stage == "completed"


@on_one_store
async def test_ll_07_a_transfer_that_is_completed_before_the_episode_is_closed_warns(
    rochdale: Api,
) -> None:
    case = await RochdaleCase.started(rochdale, STEP_UP)
    await case.hand_over()

    await case.act(EARLY_HELP_MANAGER, "complete", {"comment": "Closed on paper."})

    assert case.warnings == ["LL-7-close"]


@on_one_store
async def test_ll_09_the_copied_date_of_the_referral_becomes_the_day_it_was_created(
    rochdale: Api,
) -> None:
    case = await RochdaleCase.started(rochdale, STEP_UP)
    (message,) = await messages(case, MessageKind.CHECK_RECORD_DATE)
    copied = RecordDate(date(2026, 5, 4), message.check.child, version="1")

    judged = judge(message.check, copied, today=date(2026, 11, 12))

    assert judged == Amend(read=date(2026, 5, 4), right=date(2026, 11, 12))


@on_one_store
async def test_no_meeting_is_booked_as_each_family_has_its_own(rochdale: Api) -> None:
    case = await RochdaleCase.drafted(rochdale, STEP_UP)
    body = {"series": "weekly", "starts_at": NEXT_MEETING.isoformat()}

    assert await case.refused(LEAD, "submit-to-meeting", body) == ["meeting-series"]
