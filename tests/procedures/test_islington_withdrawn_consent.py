"""Islington's families withdraw consent, and what was shared on it is shared no further (IS 7)."""

import asyncio
from collections.abc import Awaitable, Sequence
from datetime import timedelta
from typing import Any

import httpx
import pytest
from api.seeding import connected
from outbox.fake_tray import FakeTray, Fault
from procedures.case import on_one_store
from procedures.islington_forms import (
    ASSESSMENT,
    LINE_MANAGER,
    PLAN,
    SERVICE_MANAGER,
    SERVICE_WORKER,
    SOCIAL_WORKER,
    IslingtonCase,
)
from procedures.seen import messages, tasks
from service import Api
from usecases.waits import ALERT_AFTER, LEASE

from app.domain.duty_task import DutyTask, SharingLimit
from app.domain.messages import MessageKind
from app.outbox.attempt import Patience
from app.outbox.drain import Drain, Made, Pace
from app.outbox.outlet import TrayOutlet
from app.outbox.tray import Receipt, TrayUnavailable
from app.store.engine import Transaction
from app.usecases.mark_deliveries import Mark, mark_deliveries

pytestmark = pytest.mark.long
SHARED = [ASSESSMENT | {"fields": {"worries": "Quarrels at night"}}, PLAN]
WHY = {"comment": "They rang: please do not pass it on."}
ELSEWHERE = {"recipient": "is-childrens-centres", "comment": "The wrong tray."}
RECALL = {"decision": "recall", "comment": "The family does not want it."}
REFERENCE = {"form": ASSESSMENT["form"], "record_id": ASSESSMENT["record_id"]}


def path(case: IslingtonCase, scope: str, what: str = "withdraw") -> str:
    """The way to the consent to that scope that was recorded last."""
    found = [consent for consent in case.view["consents"] if consent["scope"] == scope]
    return f"consents/{found[-1]['id']}/{what}"


async def withdraw(case: IslingtonCase, scope: str, by: str = SOCIAL_WORKER, **body: Any) -> None:
    await case.act(by, path(case, scope), WHY | body)


def basis(scope: str, **more: Any) -> dict[str, Any]:
    return {"scope": scope, "basis": "section_47", "says": "Enquiries were opened."} | more


def travelled(task: DutyTask) -> list[str]:
    return [form.record_id for form in task.forms]


@on_one_store
@pytest.mark.parametrize("how", ["withdrawn", "expired"])
async def test_h11_a_consent_that_ends_between_finalise_and_authorise_stops_the_dispatch(
    islington: Api, how: str
) -> None:
    case = await IslingtonCase.agreed(islington, forms=SHARED)
    if how == "expired":
        await case.consent(SOCIAL_WORKER, "share_plan", expires_on=case.today.isoformat())
    await case.act(SOCIAL_WORKER, "finalise")
    if how == "withdrawn":
        await withdraw(case, "share_plan")
    else:
        case.at(islington.clock() + timedelta(days=1))

    assert await case.blocked(LINE_MANAGER, "authorise") == ["IS-6-consent-plan"]
    assert await tasks(case) == []


@on_one_store
async def test_is_07_what_the_family_shares_again_travels_again(islington: Api) -> None:
    case = await IslingtonCase.finalised(islington, forms=SHARED)
    await withdraw(case, "share_plan")
    await case.consent(SOCIAL_WORKER, "share_plan")

    await case.act(LINE_MANAGER, "authorise")

    (task,) = await tasks(case)
    assert travelled(task) == ["CFA-310", "CIN-88"]
    stands = [(consent["scope"], consent["stands"]) for consent in case.view["consents"]]
    assert stands[-2:] == [("share_plan", False), ("share_plan", True)]


@on_one_store
async def test_h11_a_step_down_without_consent_to_the_service_is_not_redirected(
    islington: Api,
) -> None:
    case = await IslingtonCase.dispatched(islington)
    await withdraw(case, "service")

    blocked = await case.blocked(LINE_MANAGER, "redirect", ELSEWHERE)

    assert blocked == ["IS-6-consent-service"]
    assert len(await tasks(case)) == 1


@on_one_store
@pytest.mark.parametrize("stage", ["dispatched", "picked_up", "started", "allocated"])
async def test_is_07_after_the_dispatch_the_receiver_is_told_and_the_answers_are_gone(
    islington: Api, stage: str
) -> None:
    case = await IslingtonCase.dispatched(islington, forms=SHARED)
    if stage != "dispatched":
        await case.pick_up(SERVICE_WORKER)
    if stage in ("started", "allocated"):
        await case.start(SERVICE_MANAGER)
    if stage == "allocated":
        await case.hand_over()

    await withdraw(case, "share_assessment", SERVICE_WORKER)

    reference = case.view["reference"]
    told = await messages(case, MessageKind.LIMIT_SHARING)
    assert told == [SharingLimit(reference, ("share_assessment",), ("CFA-310",))]
    assert [form["record_id"] for form in case.view["form"]["forms"]] == ["CIN-88"]
    assert case.view["form"]["references"] == [REFERENCE]
    assert "Quarrels" not in str(case.view)
    alerts = [(a["kind"], a["team"]) for a in await case.alerts()]
    assert sorted(x for x in alerts if x[0] == "consent_withdrawn") == [
        ("consent_withdrawn", "is-cin"),
        ("consent_withdrawn", "is-families-first"),
    ]


@on_one_store
async def test_is_07_the_next_dispatch_goes_without_what_was_withdrawn(islington: Api) -> None:
    case = await IslingtonCase.dispatched(islington, forms=SHARED)
    await withdraw(case, "share_assessment")

    await case.act(LINE_MANAGER, "redirect", ELSEWHERE)

    *_, last = await tasks(case)
    assert travelled(last) == ["CIN-88"]


@on_one_store
async def test_h12_with_a_statutory_basis_the_forms_go_on_and_the_service_still_needs_consent(
    islington: Api,
) -> None:
    case = await IslingtonCase.finalised(islington, forms=SHARED)
    for scope in ("share_assessment", "share_plan", "service"):
        await case.act(LINE_MANAGER, "sharing-bases", basis(scope))
        await withdraw(case, scope)

    assert await case.blocked(LINE_MANAGER, "authorise") == ["IS-6-consent-service"]
    await case.consent(SOCIAL_WORKER, "service")
    await case.act(LINE_MANAGER, "authorise")

    (task,) = await tasks(case)
    assert travelled(task) == ["CFA-310", "CIN-88"]
    shown = case.view["sharing_bases"][0]
    assert (shown["source"], shown["stands"]) == ("Children Act 1989, section 47", True)


class Ehm(FakeTray):
    """An EHM that keeps what it was told."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(faults=faults)
        self.got: list[DutyTask | SharingLimit] = []

    async def deliver(self, task: DutyTask, key: str) -> Receipt:
        receipt = await super().deliver(task, key)
        self.got.append(task)
        return receipt

    async def limit_sharing(self, limit: SharingLimit, key: str) -> Receipt:
        receipt = await super().limit_sharing(limit, key)
        self.got.append(limit)
        return receipt


async def relayed(api: Api, tray: FakeTray) -> None:
    """Let a relay push all that is due."""

    async def mark(tx: Transaction, made: Sequence[Made]) -> None:
        book, now = api.app.state.service.book, api.clock()
        marks = [Mark(delivery, attempt.settlement, attempt.learned) for delivery, attempt in made]
        await mark_deliveries(tx, book, marks, now=now, alert_after=ALERT_AFTER)

    outlets = {"ehm": TrayOutlet(tray, Patience((0.0, 5.0, 30.0)))}
    pace = Pace(8, LEASE)
    drain = Drain(api.store, lambda: outlets, mark, worker="one", pace=pace, clock=api.clock)
    while await drain.step():
        await drain.settle_all()


async def test_h12_what_is_withdrawn_while_the_case_system_is_down_does_not_travel(
    islington: Api,
) -> None:
    case = await IslingtonCase.dispatched(islington, forms=SHARED)
    ehm = Ehm(Fault(TrayUnavailable("ConnectError")))
    await relayed(islington, ehm)
    nothing_yet = list(ehm.got)

    await withdraw(case, "share_assessment")
    case.at(islington.clock() + timedelta(minutes=5))
    await relayed(islington, ehm)

    task, limit = ehm.got
    assert nothing_yet == []
    assert isinstance(task, DutyTask)
    assert travelled(task) == ["CIN-88"]
    assert limit == SharingLimit(task.reference, ("share_assessment",), ("CFA-310",))


@on_one_store
async def test_h12_the_manager_continues_on_a_basis_or_recalls(islington: Api) -> None:
    case = await IslingtonCase.dispatched(islington)
    await withdraw(case, "service")
    goes_on = {"decision": "continue", "comment": "Enquiries are under way."}
    decision = path(case, "service", "decision")

    await case.forbidden(SOCIAL_WORKER, decision, goes_on)
    refused = await case.refused(SERVICE_MANAGER, decision, goes_on)
    await case.act(SERVICE_MANAGER, "sharing-bases", basis("service"))
    await case.act(SERVICE_MANAGER, decision, goes_on)

    (consent,) = case.view["consents"]
    assert refused == ["withdrawal-basis"]
    assert (consent["decision"], consent["decided_by"]) == ("continue", SERVICE_MANAGER)
    assert await case.refused(LINE_MANAGER, decision, goes_on) == ["withdrawal-decided"]


@on_one_store
async def test_h12_a_recall_cancels_what_waits_in_the_tray(islington: Api) -> None:
    waiting = await IslingtonCase.dispatched(islington)
    await withdraw(waiting, "service")
    await waiting.forbidden(SERVICE_MANAGER, path(waiting, "service", "decision"), RECALL)
    await waiting.act(LINE_MANAGER, path(waiting, "service", "decision"), RECALL)

    assert waiting.stage == "cancelled"
    assert waiting.view["milestones"][-1]["reason"] == "consent_withdrawn"
    assert len(await messages(waiting, MessageKind.WITHDRAW_TASK)) == 1


@on_one_store
async def test_h12_a_recall_of_what_was_started_is_told_to_its_team(islington: Api) -> None:
    begun = await IslingtonCase.started(islington)
    await withdraw(begun, "service")

    await begun.act(LINE_MANAGER, path(begun, "service", "decision"), RECALL)

    assert begun.stage == "started"
    assert ("consent_recall", "is-families-first") in [
        (alert["kind"], alert["team"]) for alert in await begun.alerts()
    ]


async def _both(first: Awaitable[httpx.Response], second: Awaitable[httpx.Response]) -> list[int]:
    return [answer.status_code for answer in await asyncio.gather(first, second)]


@pytest.mark.parametrize("rival", ["redirect", "authorise"])
async def test_h06_h12_of_a_withdrawal_and_a_dispatch_at_once_one_wins_and_nothing_slips_through(
    islington: Api, rival: str
) -> None:
    begun = IslingtonCase.dispatched if rival == "redirect" else IslingtonCase.finalised
    case = await begun(islington, forms=SHARED)
    await connected(islington)
    worker, manager = islington.as_(SOCIAL_WORKER), islington.as_(LINE_MANAGER)
    version, out = case.view["version"], f"{case.path}/{path(case, 'share_assessment')}"
    body = ELSEWHERE if rival == "redirect" else None

    found = await _both(
        worker.post(out, WHY, version=version),
        manager.post(f"{case.path}/{rival}", body, version=version),
    )
    case.view = (await worker.get(case.path)).json()
    sent = await tasks(case)
    limits = await messages(case, MessageKind.LIMIT_SHARING)

    assert sorted(found) == [200, 412]
    if found[0] == 200 and rival == "authorise":
        assert (sent, limits) == ([], [])
        assert await case.blocked(LINE_MANAGER, rival) == ["IS-6-consent-assessment"]
    elif found[0] == 200:
        assert len(limits) == 1
        assert [travelled(task) for task in sent][-1] == ["CIN-88"]
    else:
        assert limits == []
        await withdraw(case, "share_assessment")
        assert [travelled(task) for task in await tasks(case)][-1] == ["CIN-88"]
