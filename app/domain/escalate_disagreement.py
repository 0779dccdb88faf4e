"""Escalating a disagreement: up the protocol's ladder, level by level (DF 21, CE M27, RO 28)."""

from dataclasses import replace

from app.domain.authority import require_right, require_version, require_visible
from app.domain.breach import must
from app.domain.decision import Decision, Situation
from app.domain.disagreement import Disagreement, Step
from app.domain.errors import NotVisible, RulesBroken
from app.domain.escalation import Escalation, Level
from app.domain.milestone_names import DISAGREEMENT_ESCALATED
from app.domain.party import Parties, Party
from app.domain.people import Actor
from app.domain.recording import both_told, recorded
from app.domain.relations import relations
from app.domain.rights import RIGHT_TO, Act
from app.domain.transfer import Milestone, Transfer


def escalate_disagreement(  # noqa: PLR0913 - which one, how far, why, by whom
    transfer: Transfer,
    disagreement_id: str,
    comment: str,
    actor: Actor,
    situation: Situation,
    *,
    level: str | None = None,
    expected_version: int | None = None,
) -> Decision:
    """The disagreement one level up, or at `level`; both teams are alerted (hazard 19).

    For a manager or chair of either team, and for whoever raised it.

    Raises:
        NotVisible: no such disagreement, or as in decide. NotPermitted, StaleVersion: as in decide.
        RulesBroken: it is resolved, the transfer has ended, or there is no such level above it.
    """
    found, escalation = known_disagreement(transfer, disagreement_id, actor, situation)
    require_right(Act.ESCALATE_DISAGREEMENT, at_disagreement(actor, transfer, found))
    require_version(transfer, expected_version)
    require_open(found, escalation)
    if transfer.stage not in RIGHT_TO[Act.ESCALATE_DISAGREEMENT].stages:
        says = "Escalate it while the transfer is open: now it is resolved where it is"
        raise RulesBroken((must("disagreement-stage", says, transfer.stage, escalation.source),))
    target = _target(found, escalation, level)

    step = Step(target.code, actor.id, situation.now, comment)
    risen = replace(found, steps=(*found.steps, step))
    mark = Milestone(
        DISAGREEMENT_ESCALATED, situation.now, actor.id, situation.now, outcome=target.code
    )
    after = replace(
        transfer.with_disagreement(risen).with_milestone(mark), version=transfer.version + 1
    )
    decision = recorded(transfer, after, mark.name, actor, situation, (target.code,))
    key = f"{after.id}:{risen.id}:{len(risen.steps)}"
    says = f"A disagreement is escalated: {target.says} ({target.source})"
    return replace(decision, alerts=both_told(after, mark.name, key, says))


def known_disagreement(
    transfer: Transfer, disagreement_id: str, actor: Actor, situation: Situation
) -> tuple[Disagreement, Escalation]:
    """The disagreement of that id, and the ladder that it goes up.

    Raises:
        NotVisible: there is none, for this actor.
    """
    require_visible(actor, transfer)
    escalation = situation.rules(transfer).escalation
    found = next((x for x in transfer.disagreements if x.id == disagreement_id), None)
    if found is None or escalation is None:
        raise NotVisible(disagreement_id)
    return found, escalation


def at_disagreement(actor: Actor, transfer: Transfer, disagreement: Disagreement) -> Parties:
    """What the actor is to the transfer and to that disagreement on it."""
    raiser = {Party.RAISER} if actor.id == disagreement.raised_by else set[Party]()
    return relations(actor, transfer) | raiser


def require_open(disagreement: Disagreement, escalation: Escalation) -> None:
    """Pass, or raise.

    Raises:
        RulesBroken: it is resolved already.
    """
    if not disagreement.open:
        says = "It is resolved: raise another where there is one"
        raise RulesBroken((must("disagreement-resolved", says, "resolved", escalation.source),))


def _target(disagreement: Disagreement, escalation: Escalation, level: str | None) -> Level:
    above = {x.code: x for x in escalation.above(disagreement.level)}
    if not above:
        says, found = "It is at the highest level: resolve it there", "no level above"
        raise RulesBroken((must("disagreement-level", says, found, escalation.source),))
    target = above.get(level) if level else next(iter(above.values()))
    if target is None:
        says, found = f"Choose a level above: {', '.join(above)}", "no such level above"
        raise RulesBroken((must("disagreement-level", says, found, escalation.source),))
    return target
