"""What an actor can do now to a transfer, and why not the rest."""

from dataclasses import dataclass

from app.domain.breach import Breach, Severity
from app.domain.decide import allowed, gates_of
from app.domain.decision import Situation
from app.domain.errors import IllegalTransition, NotPermitted, SeparationOfDuties
from app.domain.pathway import Action
from app.domain.people import Actor
from app.domain.transfer import Transfer

CHANGES_WHAT_IS_ASKED = frozenset({Action.EDIT, Action.REDIRECT})
"""What these are held to depends on what they bring, so nothing is asked beforehand."""


@dataclass(frozen=True, slots=True)
class Available:
    """One action. `why_not` is a code, None where it can be done; `breaches` where rules refuse."""

    action: Action
    why_not: str | None = None
    breaches: tuple[Breach, ...] = ()


def available_actions(
    transfer: Transfer, actor: Actor, situation: Situation
) -> tuple[Available, ...]:
    """Every action on a transfer that is there, in the order of the process."""
    return tuple(
        _available(action, transfer, actor, situation)
        for action in Action
        if action is not Action.OPEN
    )


def _available(action: Action, transfer: Transfer, actor: Actor, situation: Situation) -> Available:
    try:
        _, row = allowed(transfer, action, actor, situation)
    except SeparationOfDuties:
        return Available(action, "separation-of-duties")
    except NotPermitted:
        return Available(action, "not-permitted")
    except IllegalTransition:
        return Available(action, "illegal-transition")
    if action in CHANGES_WHAT_IS_ASKED:
        return Available(action)
    rules, facts = situation.rules(transfer), situation.facts(transfer)
    broken = tuple(
        breach
        for breach in rules.breaches(gates_of(row), facts)
        if breach.severity is Severity.MUST
    )
    return Available(action, "rules-broken" if broken else None, broken)
