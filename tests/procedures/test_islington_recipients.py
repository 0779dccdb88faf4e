"""Islington's form, recipients and records: what the Liquidlogic note asks of a step down."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from procedures.case import Body, on_one_store
from procedures.islington_forms import (
    LINE_MANAGER,
    SERVICE,
    SERVICE_MANAGER,
    SERVICE_WORKER,
    SOCIAL_WORKER,
    IslingtonCase,
    form,
    opening,
)
from procedures.seen import messages, tasks, team_closed
from service import Api

from app.domain.messages import MessageKind
from app.domain.referral_date import DateStanding, Raise, RecordDate, judge
from app.store.directory import load_teams, save_team

pytestmark = [on_one_store, pytest.mark.long]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"origin": {"kind": "manual"}}, "LL-11-origin"),
        ({"origin": {"kind": "child_in_need_review"}}, "LL-11-stage"),
        ({"pathway": "step_up"}, "pathway"),
    ],
)
async def test_ll_11_is_01_a_step_down_starts_as_the_outcome_of_a_stage_and_never_by_hand(
    islington: Api, changes: Body, code: str
) -> None:
    person = islington.as_(SOCIAL_WORKER)

    refused = await person.post("/v1/transfers", opening(**changes))

    assert [breach["code"] for breach in refused.json()["breaches"]] == [code]


async def test_ll_13_date_comments_and_recipient_are_mandatory(islington: Api) -> None:
    case = await IslingtonCase.consented(islington)
    await case.edit(SOCIAL_WORKER, date_of_transfer=None, comments=None, recipient=None)
    mandatory = ["LL-13-date", "LL-13-comments", "LL-13-recipient"]
    assert await case.kept_from_meeting() == mandatory

    await case.edit(SOCIAL_WORKER, **form())
    await case.submit()


@pytest.mark.parametrize(
    ("recipient", "codes"),
    [
        ("is-cin-north", ["IS-8-recipient-kind", "LL-13-recipient-system"]),
        ("is-referral-to-progress", ["LL-13-referral-to-progress"]),
        (
            "ff-bishop",
            ["IS-8-recipient-kind", "LL-13-recipient-system", "LL-13-recipient-authority"],
        ),
        ("is-cin", ["IS-8-recipient-kind", "LL-13-recipient-system", "LL-13-recipient-other"]),
    ],
)
async def test_is_08_ll_13_a_team_that_is_none_of_the_services_is_refused(
    islington: Api, recipient: str, codes: list[str]
) -> None:
    person = islington.as_(SOCIAL_WORKER)

    refused = await person.post("/v1/transfers", opening(form(recipient=recipient)))

    assert [breach["code"] for breach in refused.json()["breaches"]] == codes


async def test_is_08_a_service_that_the_meeting_does_not_name_warns(islington: Api) -> None:
    async with islington.store.write() as tx:
        teams = await load_teams(tx, {SERVICE})
        await save_team(tx, replace(teams[SERVICE], service="Play Rangers"))
    case = await IslingtonCase.consented(islington)

    await case.submit()

    assert "IS-8-service" in case.warnings


async def test_is_08_families_first_is_early_help_here_whatever_it_is_elsewhere(
    islington: Api,
) -> None:
    async def kinds(person: str) -> set[tuple[str, str]]:
        teams = (await islington.as_(person).get("/v1/teams")).json()
        found = {(team["kind"], team["case_system"]) for team in teams if _called(team)}
        assert found
        return found

    def _called(team: Body) -> bool:
        return str(team["service"]) == "Families First"

    case = await IslingtonCase.dispatched(islington)

    assert await kinds(SOCIAL_WORKER) == {("early_help", "ehm")}
    assert await kinds("op.worker") == {("social_care", "lcs")}
    (task,) = await tasks(case)
    assert task.tray == "IS-FAMILIES-FIRST"


async def test_ll_13_a_team_that_closes_meanwhile_gets_no_task(islington: Api) -> None:
    case = await IslingtonCase.agreed(islington)
    await team_closed(islington, "is-families-first")
    assert await case.blocked(SOCIAL_WORKER, "finalise") == ["LL-13-recipient-active"]


async def test_ll_13_a_team_that_closes_after_finalise_gets_no_task_either(islington: Api) -> None:
    case = await IslingtonCase.finalised(islington)
    await team_closed(islington, "is-families-first")
    assert await case.blocked(LINE_MANAGER, "authorise") == ["LL-13-recipient-active"]


@pytest.mark.parametrize(
    ("team", "codes"),
    [
        ("is-cin-north", ["IS-8-recipient-kind", "LL-13-recipient-system"]),
        ("is-referral-to-progress", ["LL-13-referral-to-progress"]),
    ],
)
async def test_is_08_ll_13_a_task_is_not_moved_to_a_team_that_is_none_of_the_services(
    islington: Api, team: str, codes: list[str]
) -> None:
    case = await IslingtonCase.dispatched(islington)
    elsewhere = {"recipient": team, "comment": "The wrong tray."}

    assert await case.blocked(LINE_MANAGER, "redirect", elsewhere) == codes


async def test_ll_16_the_chronology_does_not_travel_and_may_be_referred_to(islington: Api) -> None:
    chronology = {"form": "chronology", "record_id": "CHR-4"}
    case = await IslingtonCase.consented(islington)
    person = islington.as_(SOCIAL_WORKER)

    attached = await person.patch(case.path, {"forms": [chronology]}, version=case.view["version"])
    assert [breach["code"] for breach in attached.json()["breaches"]] == ["LL-16-chronology"]

    await case.edit(SOCIAL_WORKER, references=[chronology])
    await case.submit()


async def test_ll_18_the_origin_begins_to_close_after_the_task_is_sent_and_ends_after_the_handover(
    islington: Api,
) -> None:
    case = await IslingtonCase.finalised(islington)
    assert await case.not_recorded(SOCIAL_WORKER, "origin_closing_begun") == ["milestone-order"]
    await case.act(LINE_MANAGER, "authorise")
    await case.record(SOCIAL_WORKER, "origin_closing_begun")
    await case.pick_up(SERVICE_WORKER)
    await case.start(SERVICE_MANAGER)
    assert await case.not_closed(SOCIAL_WORKER) == ["closing-acceptance"]

    await case.hand_over()
    await case.close(SOCIAL_WORKER)

    assert case.stage == "completed"


async def test_ll_18_a_transfer_that_is_completed_before_the_origin_closed_warns(
    islington: Api,
) -> None:
    case = await IslingtonCase.started(islington)
    await case.hand_over()

    await case.act(LINE_MANAGER, "complete", {"comment": "Closed on paper."})

    assert "LL-18-close" in case.warnings


async def test_ll_20_the_start_date_of_the_episode_is_the_date_of_transfer_and_is_not_amended(
    islington: Api,
) -> None:
    case = await IslingtonCase.dispatched(islington)
    await case.pick_up(SERVICE_WORKER)
    case.at(datetime(2026, 11, 24, 10, tzinfo=UTC))
    await case.start(SERVICE_MANAGER)

    (message,) = await messages(case, MessageKind.CHECK_RECORD_DATE)
    found = RecordDate(date(2026, 11, 24), message.check.child, version="1")
    judged = judge(message.check, found, today=date(2026, 11, 24))

    assert message.check.right == date(2026, 11, 25)
    assert isinstance(judged, Raise)
    assert judged.standing is DateStanding.DISCREPANCY
