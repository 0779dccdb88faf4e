"""Which forms travel on a consent alone, and how they cease to be shared once it is gone."""

from collections.abc import Iterator
from dataclasses import replace

from app.domain.breach import Severity
from app.domain.decision import Situation
from app.domain.form import AttachedForm, FormReference
from app.domain.protocol import Rule
from app.domain.rules.family import ConsentGiven, FormWithConsent
from app.domain.transfer import Transfer


def shared_without(
    scope: str, transfer: Transfer, situation: Situation
) -> tuple[AttachedForm, ...]:
    """The attached forms that need consent to the scope and have none, nor another basis."""
    kinds = {
        rule.needs.form
        for rule in _must(transfer, situation)
        if isinstance(rule.needs, FormWithConsent)
        and rule.needs.scope == scope
        and rule.needs.missing(situation.facts(transfer)) is not None
    }
    return tuple(form for form in transfer.form.forms if form.form in kinds)


def without_withdrawn(transfer: Transfer, situation: Situation) -> Transfer:
    """The transfer without forms that no basis lets travel any more, their consent withdrawn.

    A basis that stood when the family withdrew may have ended since. Where the consent has but
    expired, whether the form travels is for people to settle.
    """
    scopes = {c.scope: c.withdrawn_at is not None for c in transfer.consents}
    for scope in (scope for scope, withdrawn in scopes.items() if withdrawn):
        transfer = referred_to(transfer, shared_without(scope, transfer, situation))
    return transfer


def lacks_consent_itself(scope: str, transfer: Transfer, situation: Situation) -> bool:
    """Whether a rule asks for consent to the scope as such, and no later one has been given."""
    facts = situation.facts(transfer)
    return any(
        isinstance(rule.needs, ConsentGiven)
        and rule.needs.scope == scope
        and rule.needs.missing(facts) is not None
        for rule in _must(transfer, situation)
    )


def referred_to(transfer: Transfer, forms: tuple[AttachedForm, ...]) -> Transfer:
    """The transfer with these forms as references alone: their answers are dropped."""
    kept = tuple(form for form in transfer.form.forms if form not in forms)
    known = transfer.form.references
    named = (FormReference(form.form, form.record_id) for form in forms)
    new = tuple(reference for reference in named if reference not in known)
    return replace(transfer, form=replace(transfer.form, forms=kept, references=(*known, *new)))


def _must(transfer: Transfer, situation: Situation) -> Iterator[Rule]:
    """The rules that block, at whatever gate, and count for this transfer as it is."""
    facts = situation.facts(transfer)
    for rule in situation.rules(transfer).rules:
        if rule.severity is Severity.MUST and rule.condition.holds(facts):
            yield rule
