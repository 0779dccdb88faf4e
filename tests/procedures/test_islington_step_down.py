"""Islington's whole step down over HTTP, from the review to the chair's review, on both stores."""

from datetime import UTC, datetime

from procedures.islington_forms import (
    ASSESSMENT,
    CHAIR,
    DECIDED,
    HANDED_OVER,
    LINE_MANAGER,
    PLAN,
    SENT,
    SERVICE_MANAGER,
    SERVICE_WORKER,
    SOCIAL_WORKER,
    SUBMITTED,
    IslingtonCase,
    form,
    opening,
)
from service import Api


async def test_the_procedure_in_its_order_and_in_time(islington: Api) -> None:
    case = await IslingtonCase.opened(islington, SOCIAL_WORKER, opening({}))
    await case.edit(SOCIAL_WORKER, **form(forms=[ASSESSMENT, PLAN]))
    await case.record(SOCIAL_WORKER, "service_suggested")
    await case.record(LINE_MANAGER, "plan_actions_checked")
    await case.record(LINE_MANAGER, "step_down_decided")
    for scope in ("service", "share_assessment", "share_plan"):
        await case.consent(SOCIAL_WORKER, scope)
    around = {"name": "A. Nurse", "agency": "Health visiting", "purpose": "The baby's weight"}
    await case.act(SOCIAL_WORKER, "team-around-the-family", around)

    case.at(SUBMITTED)
    await case.submit()
    assert case.warnings == []

    case.at(DECIDED)
    await case.record(CHAIR, "meeting_decided", outcome="agreed")
    await case.record(CHAIR, "lead_named")
    await case.record(CHAIR, "informer_named")
    case.at(SENT)
    await case.act(SOCIAL_WORKER, "finalise")
    assert (case.stage, case.warnings) == ("awaiting_authorisation", [])
    await case.act(LINE_MANAGER, "authorise")
    await case.record(SOCIAL_WORKER, "origin_closing_begun")

    await case.pick_up(SERVICE_WORKER)
    await case.record(SERVICE_MANAGER, "allocation_told")
    await case.record(SERVICE_WORKER, "transfer_date_agreed", until=HANDED_OVER)
    await case.record(CHAIR, "referrer_informed")
    case.at(datetime(2026, 11, 24, 15, tzinfo=UTC))
    await case.record(SERVICE_WORKER, "handover_meeting_held")
    await case.record(SOCIAL_WORKER, "joint_visit_made")
    await case.start(SERVICE_MANAGER)
    assert case.view["custody"]["team"] == "is-cin"

    await case.hand_over()
    assert (case.view["custody"]["team"], case.warnings) == ("is-families-first", [])
    assert case.view["lead_professional"] == SERVICE_WORKER
    await case.close(LINE_MANAGER)
    assert (case.stage, case.warnings) == ("completed", [])

    case.at(datetime(2026, 12, 24, 10, tzinfo=UTC))
    await case.review(CHAIR, "IS-15-review", "as_hoped")
    assert set((await case.undisputed(CHAIR)).values()) == {"met"}


async def test_the_procedure_late_at_every_turn_is_complete_all_the_same(islington: Api) -> None:
    case = await IslingtonCase.dispatched(islington)
    case.at(datetime(2026, 11, 23, 10, tzinfo=UTC))
    await case.pick_up(SERVICE_WORKER)
    await case.start(SERVICE_MANAGER)
    await case.hand_over(datetime(2026, 12, 4, 10, tzinfo=UTC))
    await case.close(LINE_MANAGER)
    assert case.stage == "completed"

    case.at(datetime(2027, 1, 5, 10, tzinfo=UTC))
    await case.review(CHAIR, "IS-15-review", "as_hoped")

    late = {code: (await case.late_by(code)).days for code in await case.undisputed(CHAIR)}
    assert late == {
        "HZ-3-picked-up": 2, "HZ-1-allocated": 9, "IS-15-transfer": 1, "IS-15-review": 0,
    }  # fmt: skip
    assert set((await case.undisputed(CHAIR)).values()) == {"met_late"}
