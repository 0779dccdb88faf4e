"""Recording the family's consent to one scope (IS 6, 7; DF on joint visits)."""

from dataclasses import replace

from app.domain.authority import require, require_version
from app.domain.breach import Breach, must
from app.domain.consent import Consent
from app.domain.decision import Decision, Situation
from app.domain.errors import RulesBroken
from app.domain.london import local_date
from app.domain.people import Actor
from app.domain.recording import recorded
from app.domain.rights import Act
from app.domain.transfer import Transfer


def record_consent(
    transfer: Transfer,
    consent: Consent,
    actor: Actor,
    situation: Situation,
    *,
    expected_version: int | None = None,
) -> Decision:
    """The transfer with one more consent; a later one to the same scope stands beside it.

    Raises:
        NotVisible, NotPermitted, StaleVersion: as in decide.
        RulesBroken: the protocol has no such scope, the day is to come or lies before a
            withdrawal, or it would expire before it was given.
    """
    require(Act.RECORD_CONSENT, actor, transfer)
    require_version(transfer, expected_version)
    breaches = list(scope_faults(consent.scope, transfer, situation))
    if consent.given_on > local_date(situation.now):
        says = "Record it once it was given"
        breaches.append(must("consent-day", says, "a day in the future"))
    if any(_withdrawn_after(consent, other) for other in transfer.consents):
        says = "The family has withdrawn it since: record what they have consented to from then on"
        breaches.append(must("consent-day", says, "a day before it was withdrawn", "IS 7"))
    if consent.expires_on is not None and consent.expires_on < consent.given_on:
        says = "Give the last day on which it stands, or none"
        breaches.append(must("consent-expiry", says, "a day before it was given"))
    if breaches:
        raise RulesBroken(tuple(breaches))
    consents = (*transfer.consents, consent)
    after = replace(transfer, consents=consents, version=transfer.version + 1)
    codes = (consent.scope,)
    return recorded(transfer, after, "consent_recorded", actor, situation, codes)


def _withdrawn_after(given: Consent, other: Consent) -> bool:
    """Whether the family said the other way after it: what they said last counts."""
    if other.scope != given.scope or other.withdrawn_at is None:
        return False
    return given.given_on < local_date(other.withdrawn_at)


def scope_faults(scope: str, transfer: Transfer, situation: Situation) -> tuple[Breach, ...]:
    """That the protocol's half knows no such scope."""
    known = situation.rules(transfer).consents
    if scope in known:
        return ()
    choice = f"Choose a scope: {', '.join(known)}" if known else "This protocol knows none"
    return (must("consent-scope", choice, "no such scope"),)
