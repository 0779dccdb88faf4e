"""What an actor can do now to a transfer, and why not the rest."""

from dataclasses import dataclass

from app.domain import commands as c
from app.domain.booking import as_if_booked, no_such_series
from app.domain.breach import Breach
from app.domain.decide import allowed, gates_of
from app.domain.decision import Situation
from app.domain.effects import Acting, apply
from app.domain.errors import IllegalTransition, NotPermitted, SeparationOfDuties
from app.domain.pathway import Action
from app.domain.people import Actor
from app.domain.transfer import Transfer

CHANGES_WHAT_IS_ASKED = frozenset({Action.EDIT, Action.REDIRECT})
"""What these are held to depends on what they bring, so nothing is asked beforehand."""
NEED_NOTHING: dict[Action, c.Command] = {
    Action.FINALISE: c.Finalise(),
    Action.AUTHORISE: c.Authorise(),
    Action.COMPLETE: c.Complete(""),
}
"""What is done by these is known beforehand, and the rules are asked once it is done."""


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
    facts = situation.facts(_as_rules_see_it(action, transfer, actor, situation))
    breaches = situation.rules(transfer).breaches(gates_of(row), facts)
    broken = tuple(breach for breach in breaches if breach.blocks)
    if action is Action.SUBMIT_TO_MEETING:
        broken = (*_goes_nowhere(transfer, situation), *broken)
    return Available(action, "rules-broken" if broken else None, broken)


def _as_rules_see_it(
    action: Action, transfer: Transfer, actor: Actor, situation: Situation
) -> Transfer:
    if action is Action.SUBMIT_TO_MEETING:
        return as_if_booked(transfer, situation.now)
    if action in NEED_NOTHING:
        acting = Acting(actor.id, by_system=False, situation=situation)
        return apply(NEED_NOTHING[action], transfer, acting)[0]
    return transfer


def _goes_nowhere(transfer: Transfer, situation: Situation) -> tuple[Breach, ...]:
    route = situation.rules(transfer).routes[transfer.route]
    return () if route.meetings else (no_such_series(route),)
