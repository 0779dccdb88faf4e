"""A case system reports on a task: keep the report, and let it change what it changes."""

from dataclasses import dataclass, replace
from typing import Any

from app.domain.decision import Alert, Decision, Situation
from app.domain.duty_task import CaseSystem
from app.domain.errors import IllegalTransition, RulesBroken, StaleReport
from app.domain.hear import hear
from app.domain.people import system_actor
from app.domain.transfer import Transfer
from app.domain.tray_reports import Report, TaskReceived, not_later_than
from app.store.alerts import raise_alert
from app.store.inbox import InboxEntry, claim_entry, keep_answer
from app.store.leases import Proof, prove_delivered
from app.store.transfers import load_transfer
from app.usecases.call import Call

OK, FORBIDDEN, NOT_FOUND, CONFLICT = 200, 403, 404, 409
NOTED = {"noted": True}
NOTHING_NEW = {"noted": False}


@dataclass(frozen=True, slots=True)
class Callback:
    """A callback whose signature held. `digest` is the SHA-256 of its body.

    `report` is None for kinds that say nothing to a transfer.
    """

    system: CaseSystem
    message_id: str
    digest: str
    kind: str
    reference: str | None
    report: Report | None


@dataclass(frozen=True, slots=True)
class CallbackAnswer:
    """A status and a body; an error carries its words under `detail`."""

    status: int
    body: dict[str, Any]


async def receive_report(call: Call, callback: Callback) -> CallbackAnswer:
    """Answer a callback: 200, or 403, 404, 409. The answer is kept, and given again to a repeat."""
    entry = InboxEntry(
        system=callback.system,
        message_id=callback.message_id,
        digest=callback.digest,
        transfer=None,
        kind=callback.kind,
        received_at=call.now,
        status=OK,
        answer=NOTHING_NEW,
    )
    before = await claim_entry(call.tx, entry)
    if before is not None and before.digest == callback.digest:
        return CallbackAnswer(before.status, before.answer)
    transfer = await _transfer_of(call, callback.reference)
    if before is not None:
        spoken_of = transfer or await _transfer_of(call, before.transfer)
        await _alert(call, spoken_of, callback, "callback_reused")
        return CallbackAnswer(CONFLICT, {"detail": "this message id came with another body"})
    answer = await _answer(call, callback, transfer)
    about = transfer.id if transfer else None
    await keep_answer(
        call.tx, replace(entry, transfer=about, status=answer.status, answer=answer.body)
    )
    return answer


async def _answer(call: Call, callback: Callback, transfer: Transfer | None) -> CallbackAnswer:
    if callback.report is None or callback.reference is None:
        return CallbackAnswer(OK, NOTHING_NEW)
    if transfer is None:
        return CallbackAnswer(NOT_FOUND, {"detail": "no task has this reference"})
    if (await call.rules(transfer)).to_system != callback.system:
        await _alert(call, transfer, callback, "callback_of_another_system")
        return CallbackAnswer(FORBIDDEN, {"detail": "the task is not in this system"})
    try:
        changed = await hear_report(
            call, transfer, callback.reference, callback.report, callback.system
        )
    except (StaleReport, IllegalTransition, RulesBroken):
        # That a withdrawn task had arrived leaves a person nothing to do: its withdrawal follows.
        if not isinstance(callback.report, TaskReceived):
            await _alert(call, transfer, callback, "callback_out_of_place")
        return CallbackAnswer(CONFLICT, {"detail": "the task does not stand so that this can be"})
    return CallbackAnswer(OK, NOTED if changed else NOTHING_NEW)


async def hear_report(
    call: Call, transfer: Transfer, reference: str, report: Report, system: CaseSystem
) -> Transfer | None:
    """Let one report change the transfer; the transfer afterwards, None where it is nothing new.

    Raises:
        StaleReport, IllegalTransition, RulesBroken: it cannot be.
    """
    situation = await call.situation(transfer)
    decision = heard(transfer, reference, report, situation, system)
    await prove_delivered(call.tx, [Proof(transfer.id, system.value, transfer.dispatch)], call.now)
    if decision is None:
        return None
    await call.record(decision, situation)
    return decision.after


def heard(
    transfer: Transfer, reference: str, report: Report, situation: Situation, system: CaseSystem
) -> Decision | None:
    """What a report of a case system changes; None where it is nothing new.

    A time in the future is the sender's clock going wrong: it counts as now.

    Raises:
        StaleReport, IllegalTransition, RulesBroken: it cannot be.
    """
    actor = system_actor(system, transfer.authority)
    return hear(transfer, reference, not_later_than(situation.now, report), actor, situation)


async def _transfer_of(call: Call, reference: str | None) -> Transfer | None:
    if reference is None:
        return None
    return await load_transfer(call.tx, reference.partition(".")[0], to_change=True)


async def _alert(call: Call, transfer: Transfer | None, callback: Callback, kind: str) -> None:
    if transfer is None:
        return
    key = f"{kind}:{callback.system}:{callback.message_id}:{callback.digest}"
    team = transfer.form.recipient or transfer.origin_team
    says = f"{callback.system.upper()} reported {callback.kind}"
    await raise_alert(
        call.tx,
        Alert(kind, key, team, says),
        authority=transfer.authority,
        transfer=transfer.id,
        now=call.now,
    )
