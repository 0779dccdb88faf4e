"""Resolving a disagreement, and what its outcome does to the transfer (CE M27, RO 28, IS 12)."""

from dataclasses import replace

from app.domain import commands as c
from app.domain.authority import may, require_right, require_version
from app.domain.breach import must
from app.domain.decide import carry_out
from app.domain.decision import Decision, Event, Situation
from app.domain.effects import Acting
from app.domain.errors import RulesBroken, SeparationOfDuties
from app.domain.escalate_disagreement import at_disagreement, known_disagreement, require_open
from app.domain.escalation import Outcome, Then
from app.domain.milestone_kind import Side
from app.domain.milestone_names import DISAGREEMENT_RESOLVED
from app.domain.overruling import agreed_after_all, is_overruled, require_not_overruling
from app.domain.pathway import ENDED, Stage, transition
from app.domain.people import Actor
from app.domain.recording import both_told, recorded
from app.domain.relations import recorders
from app.domain.rights import Act
from app.domain.transfer import Milestone, Transfer


def resolve_disagreement(  # noqa: PLR0913 - which one, how, why, by whom
    transfer: Transfer,
    disagreement_id: str,
    outcome: str,
    rationale: str,
    actor: Actor,
    situation: Situation,
    *,
    expected_version: int | None = None,
) -> Decision:
    """The transfer with the disagreement resolved, and moved as the outcome says.

    For those who decide at the level that it is at, and never for whoever raised it. An outcome
    moves the transfer only where the table of actions has such a row from its stage:

    - `goes_ahead`: what the meeting decided otherwise is agreed; a declined task is sent again to
      the same team, held to the rules of the dispatch;
    - `taken_back`: a form that waits for authorisation, or was declined, is a draft again; a task
      that nobody picked up is withdrawn and the transfer cancelled, by somebody of the origin or
      of the meeting alone;
    - everywhere else, and for `stays`, it is recorded and nothing moves; on a transfer that has
      ended only `stays` is, where the protocol has such an outcome.

    Both teams are alerted to how it ended.

    Raises:
        NotVisible: no such disagreement, or as in decide. NotPermitted, StaleVersion: as in decide.
        SeparationOfDuties: the actor raised it, or decides for who did alone.
        RulesBroken: it is resolved already, no such outcome, a meeting that is overruled below the
            first level, or the rules of the dispatch.
    """
    found, escalation = known_disagreement(transfer, disagreement_id, actor, situation)
    ended = transfer.stage in ENDED
    roles, side = escalation.deciders(found.level, ended=ended)
    if not roles:
        says = "Escalate it first: nobody resolves it below the first level"
        raise RulesBroken((must("disagreement-level", says, "no level", escalation.source),))
    who, deciding = at_disagreement(actor, transfer, found), recorders(side, roles)
    require_right(Act.RESOLVE_DISAGREEMENT, who, deciding)
    by_others = actor.without_delegations_by((found.raised_by,))
    if not may(Act.RESOLVE_DISAGREEMENT, at_disagreement(by_others, transfer, found), deciding):
        raise SeparationOfDuties("This is never for the delegate of who raised it")
    require_version(transfer, expected_version)
    require_open(found, escalation)
    known = escalation.outcomes.get(outcome)
    if known is None:
        says = f"Choose an outcome: {', '.join(escalation.outcomes)}"
        raise RulesBroken(
            (must("disagreement-outcome", says, "no such outcome", escalation.source),)
        )
    resting = any(x.then is Then.STAYS for x in escalation.outcomes.values())
    if ended and resting and known.then is not Then.STAYS:
        says = "Choose an outcome that moves nothing: the transfer has ended"
        raise RulesBroken((must("disagreement-stage", says, transfer.stage, escalation.source),))
    if known.then is Then.GOES_AHEAD and found.level is None:
        require_not_overruling(transfer, actor, situation, escalation)
    now = situation.now
    mark = Milestone(DISAGREEMENT_RESOLVED, now, actor.id, now, outcome=outcome)
    settled = replace(
        found, outcome=outcome, rationale=rationale, resolved_by=actor.id, resolved_at=now
    )
    resolved = transfer.with_disagreement(settled).with_milestone(mark)
    withdraws = isinstance(_command(resolved, known.then, rationale), c.Cancel)
    if withdraws and not may(Act.RESOLVE_DISAGREEMENT, who, recorders(Side.ORIGIN, roles)):
        says = "Have the origin resolve it so: what is theirs is not withdrawn without them"
        source = escalation.source
        raise RulesBroken(
            (must("disagreement-outcome", says, "somebody of the receiving team", source),)
        )
    decision = _followed(transfer, resolved, known, rationale, actor, situation)
    told = f"A disagreement is resolved: {known.says} ({escalation.source})"
    alerts = both_told(transfer, mark.name, f"{transfer.id}:{found.id}", told)
    return replace(decision, alerts=(*decision.alerts, *alerts))


def _followed(  # noqa: PLR0913 - what was decided, by whom
    before: Transfer,
    resolved: Transfer,
    outcome: Outcome,
    rationale: str,
    actor: Actor,
    situation: Situation,
) -> Decision:
    command = _command(resolved, outcome.then, rationale)
    code = resolved.milestones[-1].outcome or ""
    if command is None:
        if outcome.then is Then.GOES_AHEAD and is_overruled(resolved, situation):
            resolved = resolved.with_milestone(
                agreed_after_all(resolved, rationale, actor, situation)
            )
        after = replace(resolved, version=before.version + 1)
        return recorded(before, after, DISAGREEMENT_RESOLVED, actor, situation, (code,))
    row = transition(command.action, before.stage, gated=situation.rules(before).gated)
    if row is None:
        raise LookupError(f"the table has no {command.action} from {before.stage}")
    acting = Acting(actor.id, by_system=False, situation=situation)
    moved = carry_out(resolved, command, row, actor, acting)
    version, stage = moved.after.version, before.stage
    event = Event(DISAGREEMENT_RESOLVED, actor.id, situation.now, stage, stage, version, (code,))
    return replace(moved, before=before, events=(event, *moved.events))


def _command(transfer: Transfer, then: Then, rationale: str) -> c.Command | None:
    """What the outcome does, as the decider's act; None: nothing that the table would know."""
    match then, transfer.stage:
        case Then.GOES_AHEAD, Stage.DECLINED:
            return c.Redirect(transfer.form.recipient or "", rationale)
        case Then.TAKEN_BACK, Stage.DECLINED | Stage.AWAITING_AUTHORISATION:
            return c.Return(rationale)
        case Then.TAKEN_BACK, Stage.DISPATCHED:
            return c.Cancel(Then.TAKEN_BACK, rationale)
        case _:
            return None
