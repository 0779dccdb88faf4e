"""One decision: may this actor do this to this transfer now, and what follows.

The order of refusals is the order of the answers over HTTP: unseen (404), not theirs (403), no
such row from this stage (409), a stale version (412), rules of the protocol (422, all at once).
"""

from collections.abc import Iterable
from dataclasses import replace

from app.domain.authority import parties, require_role, require_separation, require_visible
from app.domain.breach import Breach, Severity
from app.domain.commands import Command, Open
from app.domain.decision import Decision, Event, Situation
from app.domain.dispatch import dispatch
from app.domain.effects import Acting, apply
from app.domain.errors import (
    IllegalTransition,
    NotPermitted,
    NotVisible,
    RulesBroken,
    StaleVersion,
)
from app.domain.form_codes import unknown_codes
from app.domain.pathway import Action, Party, Pathway, Stage, Transition, transition
from app.domain.people import Actor, Role
from app.domain.protocol import Gate
from app.domain.re_referral import SteppedDown, re_referral_of
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
    if expected_version is not None and expected_version != transfer.version:
        raise StaleVersion(transfer.id)

    acting, gates = Acting(actor.id, Party.RECEIVING_SYSTEM in who, situation), gates_of(row)
    try:
        after, messages = apply(command, transfer, acting)
    except RulesBroken as broken:  # of the command itself: say what its gates ask as well
        rules, facts = situation.rules(transfer), situation.facts(transfer)
        raise RulesBroken((*broken.breaches, *rules.breaches(gates, facts))) from broken
    warnings = _hold_to_rules(after, gates, situation)
    if Gate.DISPATCH in gates:
        after, task = dispatch(after, actor.id, situation)
        messages = (*messages, task)
    after = replace(after, stage=row.target, version=transfer.version + 1)
    decision = Decision(
        before=transfer,
        after=after,
        events=(_event(command.action, transfer.stage, after, actor, situation, warnings),),
        messages=messages,
        warnings=warnings,
    )
    return complete_when_due(decision, situation)


def gates_of(row: Transition) -> tuple[Gate, ...]:
    """The gates that a row passes: dispatch wherever a task is about to be created."""
    sends = row.target is Stage.DISPATCHED and row.action is not Action.RELEASE
    return GATES.get(row.action, ()) + ((Gate.DISPATCH,) if sends else ())


def open_transfer(
    command: Open, actor: Actor, situation: Situation, earlier: Iterable[SteppedDown] = ()
) -> Decision:
    """A new transfer in draft, or every reason why not.

    A step up is linked to the latest of `earlier`, the step downs of its children, that was
    completed within the last 12 months.

    Raises:
        NotVisible: the origin team is not the actor's, as far as they may know.
        NotPermitted: the actor works in the origin team but not as practitioner or manager.
        RulesBroken: the protocol's `open` rules do not hold, or the route does not exist.
    """
    team = situation.teams.get(command.origin_team)
    if team is None or team.authority != actor.authority or team.id not in actor.teams():
        raise NotVisible(command.origin_team)
    if not (actor.is_(Role.PRACTITIONER, team.id) or actor.is_(Role.TEAM_MANAGER, team.id)):
        raise NotPermitted("A practitioner or manager of the origin team opens a transfer")
    rules = situation.protocol.pathways.get(command.pathway)
    if rules is None:
        says = f"{situation.protocol.short_name}'s protocol has no {command.pathway}"
        raise RulesBroken((Breach("pathway", says, "protocol", Severity.MUST, "no such pathway"),))
    if command.route not in rules.routes:
        routes = ", ".join(rules.routes)
        says = f"Choose a route of this pathway: {routes}"
        raise RulesBroken((Breach("route", says, "protocol", Severity.MUST, "no such route"),))
    if team.case_system is not rules.from_system:
        says = f"Open it from a team that records in {rules.from_system.upper()}"
        found = f"a team that records in {team.case_system.upper()}"
        raise RulesBroken((Breach("origin-system", says, "protocol", Severity.MUST, found),))

    now = situation.now
    came_back = re_referral_of(earlier, now)
    after = Transfer(
        id=command.id,
        authority=actor.authority,
        pathway=command.pathway,
        route=command.route,
        protocol=situation.protocol.code,
        protocol_version=situation.protocol.version,
        origin=command.origin,
        origin_record=command.origin_record,
        origin_team=command.origin_team,
        children=command.children,
        form=command.form,
        author=actor.id,
        last_editor=actor.id,
        origin_lead=command.origin_lead,
        re_referral_of=came_back if command.pathway is Pathway.STEP_UP else None,
    ).with_milestone(Milestone("opened", now, actor.id, now))
    warnings = _hold_to_rules(after, GATES[Action.OPEN], situation)
    event = _event(Action.OPEN, None, after, actor, situation, warnings)
    if after.re_referral_of is not None:
        event = replace(event, codes=(*event.codes, "re_referral"))
    return Decision(None, after, (event,), warnings=warnings)


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
    if any(breach.severity is Severity.MUST for breach in warnings):
        return decision
    actor = Actor("protocol", after.authority)
    done = replace(after, stage=Stage.COMPLETED).with_milestone(
        Milestone("completed", situation.now, actor.id, situation.now)
    )
    event = _event(Action.COMPLETE, after.stage, done, actor, situation, warnings)
    events, warned = (*decision.events, event), (*decision.warnings, *warnings)
    return replace(decision, after=done, events=events, warnings=warned)


def allowed(
    transfer: Transfer, action: Action, actor: Actor, situation: Situation
) -> tuple[frozenset[Party], Transition]:
    """What the actor is to the transfer, and the row of the table that the action takes.

    Raises:
        NotVisible, NotPermitted, SeparationOfDuties, IllegalTransition: it is not theirs now.
    """
    require_visible(actor, transfer)
    rules = situation.rules(transfer)
    who = parties(actor, transfer, rules)
    require_role(action, actor, who)
    row = transition(action, transfer.stage, gated=rules.gated)
    if row is None:
        raise IllegalTransition(action, transfer.stage)
    if not row.who & who:
        raise NotPermitted(f"{action} from {transfer.stage} is not for {actor.id}")
    require_separation(action, actor, transfer)
    return who, row


def _hold_to_rules(
    transfer: Transfer, gates: tuple[Gate, ...], situation: Situation
) -> tuple[Breach, ...]:
    rules = situation.rules(transfer)
    unknown = unknown_codes(transfer.form, rules) if Gate.EDIT in gates else ()
    breaches = (*unknown, *rules.breaches(gates, situation.facts(transfer)))
    if any(breach.severity is Severity.MUST for breach in breaches):
        raise RulesBroken(breaches)
    return breaches


def _event(  # noqa: PLR0913 - one line of the audit has as many columns
    action: Action,
    from_stage: Stage | None,
    after: Transfer,
    actor: Actor,
    situation: Situation,
    warnings: tuple[Breach, ...],
) -> Event:
    codes = tuple(f"warned:{warning.code}" for warning in warnings)
    return Event(action, actor.id, situation.now, from_stage, after.stage, after.version, codes)
