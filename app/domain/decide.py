"""One decision: may this actor do this to this transfer now, and what follows.

It refuses in this order: unseen, not theirs, no such row from this stage, a stale version, rules of
the protocol (all at once).
"""

from collections.abc import Callable
from dataclasses import replace

from app.domain.authority import (
    by_others,
    require_ever,
    require_separation,
    require_version,
    require_visible,
)
from app.domain.breach import Breach
from app.domain.children_started import sender_is_told
from app.domain.closed_tray import left_in_a_closed_tray
from app.domain.commands import Command
from app.domain.decision import Decision, Event, Situation
from app.domain.dispatch import dispatch
from app.domain.effects import Acting, apply
from app.domain.errors import IllegalTransition, NotPermitted, RulesBroken, SeparationOfDuties
from app.domain.form_codes import unknown_codes
from app.domain.meetings.cut_offs import papers_breach
from app.domain.on_behalf import on_behalf
from app.domain.party import Parties, Party
from app.domain.pathway import Action, Stage, Transition, transition
from app.domain.people import Actor
from app.domain.protocol import Gate, PathwayRules
from app.domain.relations import parties
from app.domain.transfer import Milestone, Transfer

GATES: dict[Action, tuple[Gate, ...]] = {
    Action.OPEN: (Gate.OPEN, Gate.EDIT),
    Action.EDIT: (Gate.EDIT,),
    Action.SUBMIT_TO_MEETING: (Gate.SUBMIT_TO_MEETING,),
    Action.FINALISE: (Gate.FINALISE,),
    Action.AUTHORISE: (Gate.AUTHORISE,),
    Action.START: (Gate.START,),
    Action.ALLOCATE: (Gate.ALLOCATE,),
    Action.COMPLETE: (Gate.COMPLETE,),
}


def decide(
    transfer: Transfer,
    command: Command,
    actor: Actor,
    situation: Situation,
    *,
    expected_version: int | None = None,
) -> Decision:
    """The outcome of `command` on `transfer`.

    Raises:
        NotVisible, NotPermitted, SeparationOfDuties, IllegalTransition, StaleVersion, RulesBroken:
            see errors.py.
    """
    who, row = allowed(transfer, command.action, actor, situation)
    require_version(transfer, expected_version)
    acting = Acting(actor.id, Party.RECEIVING_SYSTEM in who, situation)
    return carry_out(transfer, command, row, actor, acting)


def carry_out(
    transfer: Transfer, command: Command, row: Transition, actor: Actor, acting: Acting
) -> Decision:
    """The outcome of `command` by that row of the table, for somebody whose act it is.

    Raises:
        RulesBroken: of the command itself, or of the gates that the row passes.
    """
    situation, gates = acting.situation, gates_of(row)
    try:
        after, messages = apply(command, transfer, acting)
    except RulesBroken as broken:  # of the command itself: say what its gates ask as well
        rules, facts = situation.rules(transfer), situation.facts(transfer)
        raise RulesBroken((*broken.breaches, *rules.breaches(gates, facts))) from broken
    warnings = hold_to_rules(after, gates, situation)
    if Gate.DISPATCH in gates:
        after, task = dispatch(after, actor.id, situation)
        messages = (*messages, task)
    after = replace(after, stage=row.target, version=transfer.version + 1)
    event = event_of(command.action, transfer.stage, after, actor, situation, warnings)
    behalf = on_behalf(actor, _takes(row, transfer, situation.rules(transfer)))
    decision = Decision(
        before=transfer,
        after=after,
        events=(replace(event, codes=(*event.codes, *behalf)),),
        messages=messages,
        alerts=(*sender_is_told(transfer, after), *left_in_a_closed_tray(transfer, after)),
        warnings=warnings,
    )
    return complete_when_due(decision, situation)


def gates_of(row: Transition) -> tuple[Gate, ...]:
    """The gates that a row passes: dispatch wherever a task is about to be created."""
    sends = row.target is Stage.DISPATCHED and row.action is not Action.RELEASE
    return GATES.get(row.action, ()) + ((Gate.DISPATCH,) if sends else ())


def complete_when_due(decision: Decision, situation: Situation) -> Decision:
    """End an allocated transfer once its protocol's completion milestones are all reached.

    A `must` rule of the gate `complete` that does not hold keeps it open.
    """
    after = decision.after
    rules = situation.rules(after)
    reached = all(after.reached(name) for name in rules.completes_on)
    if after.stage is not Stage.ALLOCATED or not reached:
        return decision
    warnings = rules.breaches((Gate.COMPLETE,), situation.facts(after))
    if any(breach.blocks for breach in warnings):
        return decision
    actor = Actor("protocol", after.authority)
    done = replace(after, stage=Stage.COMPLETED).with_milestone(
        Milestone("completed", situation.now, actor.id, situation.now)
    )
    event = event_of(Action.COMPLETE, after.stage, done, actor, situation, warnings)
    events, warned = (*decision.events, event), (*decision.warnings, *warnings)
    return replace(decision, after=done, events=events, warnings=warned)


def allowed(
    transfer: Transfer, action: Action, actor: Actor, situation: Situation
) -> tuple[Parties, Transition]:
    """What the actor is to the transfer, and the row of the table that the action takes.

    Raises:
        NotVisible, NotPermitted, SeparationOfDuties, IllegalTransition: it is not theirs now.
    """
    require_visible(actor, transfer)
    rules = situation.rules(transfer)
    who = parties(actor, transfer, rules)
    require_ever(action, who)
    row = transition(action, transfer.stage, gated=rules.gated)
    if row is None:
        raise IllegalTransition(action, transfer.stage)
    if not row.who & who:
        raise NotPermitted(f"{action} from {transfer.stage} is not for {actor.id}")
    require_separation(row.never, who)
    if not _takes(row, transfer, rules)(by_others(row.never, actor, transfer)):
        raise SeparationOfDuties("This is never for the delegate of whoever prepared the form")
    return who, row


def _takes(row: Transition, transfer: Transfer, rules: PathwayRules) -> Callable[[Actor], bool]:
    """Whether that row is somebody's to take on the transfer."""
    return lambda somebody: bool(row.who & parties(somebody, transfer, rules))


def hold_to_rules(
    transfer: Transfer, gates: tuple[Gate, ...], situation: Situation
) -> tuple[Breach, ...]:
    """What the gates' rules only warn of.

    Raises:
        RulesBroken: one of them blocks.
    """
    rules = situation.rules(transfer)
    unknown = unknown_codes(transfer.form, rules) if Gate.EDIT in gates else ()
    late = papers_breach(transfer, situation) if Gate.SUBMIT_TO_MEETING in gates else None
    breaches = (*unknown, *rules.breaches(gates, situation.facts(transfer)))
    breaches += (late,) if late else ()
    if any(breach.blocks for breach in breaches):
        raise RulesBroken(breaches)
    return breaches


def event_of(  # noqa: PLR0913 - one line of the audit has as many columns
    action: Action,
    from_stage: Stage | None,
    after: Transfer,
    actor: Actor,
    situation: Situation,
    warnings: tuple[Breach, ...],
) -> Event:
    """The line of the audit on an action."""
    codes = tuple(f"warned:{warning.code}" for warning in warnings)
    return Event(action, actor.id, situation.now, from_stage, after.stage, after.version, codes)
