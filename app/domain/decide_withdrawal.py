"""What a manager decides once a consent was withdrawn after the transfer was sent (hazard 12)."""

from collections.abc import Iterator
from dataclasses import replace

from app.domain import commands as c
from app.domain.authority import require, require_version
from app.domain.breach import Breach, must
from app.domain.consent import Consent, WithdrawalDecision
from app.domain.decide import decide
from app.domain.decision import Alert, Decision, Event, Situation
from app.domain.errors import RulesBroken
from app.domain.london import local_date
from app.domain.pathway import Action, Stage, transition
from app.domain.people import Actor
from app.domain.recording import recorded
from app.domain.rights import Act
from app.domain.shared_forms import lacks_consent_itself
from app.domain.sharing_basis import has_basis
from app.domain.transfer import Milestone, Transfer
from app.domain.withdraw_consent import consent_of, with_consent

RECALLED = "consent_withdrawn"
"""The reason with which a recalled transfer is cancelled."""


def decide_withdrawal(  # noqa: PLR0913 - which, what, by whom
    transfer: Transfer,
    consent_id: str,
    decision: WithdrawalDecision,
    comment: str,
    actor: Actor,
    situation: Situation,
    *,
    expected_version: int | None = None,
) -> Decision:
    """The transfer with what a manager of either side decided.

    `recall` cancels it where the table of transitions has it cancelled, by those who may cancel;
    later it is recorded, and the receiving team is told.

    Raises:
        NotVisible: no such consent, or as in decide. NotPermitted, StaleVersion: as in decide.
        RulesBroken: there is nothing to decide, or no basis to continue on.
    """
    require(Act.DECIDE_WITHDRAWAL, actor, transfer)
    require_version(transfer, expected_version)
    consent = consent_of(transfer, consent_id)
    breaches = tuple(_breaches(transfer, consent, decision, situation))
    if breaches:
        raise RulesBroken(breaches)
    now = situation.now
    decided = replace(
        consent, decision=decision, decided_at=now, decided_by=actor.id, decided_comment=comment
    )
    mark = Milestone("withdrawal_decided", now, actor.id, now, outcome=decision.value)
    marked = with_consent(transfer, decided).with_milestone(mark)
    codes, recalls = (consent.scope, decision.value), decision is WithdrawalDecision.RECALL
    gated = situation.rules(transfer).gated
    if recalls and transition(Action.CANCEL, transfer.stage, gated=gated):
        cancelled = decide(marked, c.Cancel(RECALLED, comment), actor, situation)
        stage, version = transfer.stage, cancelled.after.version
        event = Event("withdrawal_decided", actor.id, now, stage, stage, version, codes)
        return replace(cancelled, before=transfer, events=(event, *cancelled.events))
    after = replace(marked, version=transfer.version + 1)
    kept = recorded(transfer, after, "withdrawal_decided", actor, situation, codes)
    return replace(kept, alerts=_alerts(after, consent) if recalls else ())


def _breaches(
    transfer: Transfer, consent: Consent, decision: WithdrawalDecision, situation: Situation
) -> Iterator[Breach]:
    sent = transfer.dispatch > 0 and transfer.stage is not Stage.CANCELLED
    if consent.withdrawn_at is None or not sent:
        says = "Decide about a consent that was withdrawn from a transfer that was sent"
        yield must("withdrawal-decision", says, "nothing to decide", "IS 7")
    if consent.decision is not None:
        yield must("withdrawal-decided", "It is decided already", "decided", "IS 7")
    scope, today = consent.scope, local_date(situation.now)
    if (
        decision is WithdrawalDecision.CONTINUE
        and lacks_consent_itself(scope, transfer, situation)
        and not has_basis(transfer.sharing_bases, scope, today)
    ):
        says = "Record the basis for sharing on which the transfer continues, or recall it"
        yield must("withdrawal-basis", says, "no basis", "IS 7")


def _alerts(transfer: Transfer, consent: Consent) -> tuple[Alert, ...]:
    if transfer.sent_to is None:
        return ()
    says = "The sender recalls what was sent: the family has withdrawn consent"
    key = f"consent_recall:{consent.id}"
    return (Alert("consent_recall", key, transfer.sent_to, says),)
