"""Withdrawing a consent, at whatever stage (IS 7; hazards 11 and 12)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.authority import require, require_version
from app.domain.breach import Breach, must
from app.domain.consent import Consent, standing
from app.domain.decision import Decision, Situation
from app.domain.dispatch import limit_sharing
from app.domain.errors import NotVisible, RulesBroken
from app.domain.london import local_date
from app.domain.messages import Message
from app.domain.people import Actor
from app.domain.recording import both_told, recorded
from app.domain.rights import Act
from app.domain.shared_forms import referred_to, shared_without
from app.domain.sharing_basis import has_basis
from app.domain.transfer import Milestone, Transfer


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """When the family withdrew, and what was said of it: free text that stays in the record."""

    at: datetime
    comment: str | None = None


def withdraw_consent(  # noqa: PLR0913 - which, how, by whom
    transfer: Transfer,
    consent_id: str,
    withdrawal: Withdrawal,
    actor: Actor,
    situation: Situation,
    *,
    expected_version: int | None = None,
) -> Decision:
    """The transfer without that consent, and both teams told.

    Before the first dispatch the rules of the gates to come ask for it again. Once a task was
    sent, the forms that travelled on that consent alone become references, and the receiving
    system is told to share them no further; unless another basis for sharing stands.

    Raises:
        NotVisible: no such consent, or as in decide. NotPermitted, StaleVersion: as in decide.
        RulesBroken: it is withdrawn already, or the time is before it was given or to come.
    """
    require(Act.WITHDRAW_CONSENT, actor, transfer)
    require_version(transfer, expected_version)
    consent = consent_of(transfer, consent_id)
    breaches = tuple(_breaches(consent, withdrawal, situation))
    if breaches:
        raise RulesBroken(breaches)
    withdrawn = replace(
        consent,
        withdrawn_at=withdrawal.at,
        withdrawn_by=actor.id,
        withdrawn_comment=withdrawal.comment,
    )
    mark = Milestone(
        "consent_withdrawn", withdrawal.at, actor.id, situation.now, outcome=consent.scope
    )
    after = with_consent(transfer, withdrawn).with_milestone(mark)
    after, messages = _limited(after, consent.scope, situation)
    after = replace(after, version=transfer.version + 1)
    codes = (consent.scope,)
    decision = recorded(transfer, after, "consent_withdrawn", actor, situation, codes)
    words = situation.rules(after).consents.get(consent.scope, consent.scope)
    says = f"The family has withdrawn consent: {words}"
    alerts = both_told(after, "consent_withdrawn", consent.id, says)
    return replace(decision, messages=messages, alerts=alerts)


def consent_of(transfer: Transfer, consent_id: str) -> Consent:
    """The consent of that id.

    Raises:
        NotVisible: there is none.
    """
    found = next((c for c in transfer.consents if c.id == consent_id), None)
    if found is None:
        raise NotVisible(consent_id)
    return found


def with_consent(transfer: Transfer, consent: Consent) -> Transfer:
    """The same transfer with the consent of that id replaced."""
    consents = tuple(consent if c.id == consent.id else c for c in transfer.consents)
    return replace(transfer, consents=consents)


def _breaches(consent: Consent, withdrawal: Withdrawal, situation: Situation) -> Iterator[Breach]:
    if consent.withdrawn_at is not None:
        yield must("consent-withdrawn", "It was withdrawn already", "withdrawn", "IS 7")
    if withdrawal.at > situation.now or local_date(withdrawal.at) < consent.given_on:
        says = "Give a time since the consent was given, and not one to come"
        yield must("consent-withdrawn-time", says, "another time", "IS 7")


def _limited(
    transfer: Transfer, scope: str, situation: Situation
) -> tuple[Transfer, tuple[Message, ...]]:
    """The transfer without what was shared on the scope, and what its receivers are told of it."""
    if transfer.dispatch == 0:
        return transfer, ()
    today = local_date(situation.now)
    forms = shared_without(scope, transfer, situation)
    shared_still = standing(transfer.consents, scope, today) or has_basis(
        transfer.sharing_bases, scope, today
    )
    if shared_still and not forms:
        return transfer, ()
    return referred_to(transfer, forms), limit_sharing(transfer, scope, forms, situation)
