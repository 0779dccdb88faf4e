"""Raising a disagreement on a transfer, by anybody of either team (CE M7, M27; RO 15, 27)."""

from collections.abc import Iterator
from dataclasses import replace

from app.domain.authority import require, require_version
from app.domain.breach import Breach, must
from app.domain.decision import Decision, Situation
from app.domain.disagreement import Disagreement
from app.domain.errors import RulesBroken
from app.domain.milestone_names import DISAGREEMENT_RAISED
from app.domain.people import Actor
from app.domain.recording import recorded
from app.domain.rights import RIGHT_TO, Act
from app.domain.transfer import Milestone, Transfer


def raise_disagreement(
    transfer: Transfer,
    disagreement: Disagreement,
    actor: Actor,
    situation: Situation,
    *,
    expected_version: int | None = None,
) -> Decision:
    """The transfer with that disagreement open: the lead does not pass until it is resolved.

    Raises:
        NotVisible, NotPermitted, StaleVersion: as in decide.
        RulesBroken: one is open already, the transfer has ended, or the protocol does not know
            its kinds; every breach at once.
    """
    require(Act.RAISE_DISAGREEMENT, actor, transfer)
    require_version(transfer, expected_version)
    breaches = tuple(_breaches(transfer, disagreement, situation))
    if breaches:
        raise RulesBroken(breaches)
    mark = Milestone(
        DISAGREEMENT_RAISED,
        disagreement.raised_at,
        actor.id,
        situation.now,
        outcome=disagreement.kinds[0],
    )
    after = replace(
        transfer.with_milestone(mark),
        disagreements=(*transfer.disagreements, disagreement),
        version=transfer.version + 1,
    )
    return recorded(transfer, after, mark.name, actor, situation, disagreement.kinds)


def _breaches(
    transfer: Transfer, disagreement: Disagreement, situation: Situation
) -> Iterator[Breach]:
    escalation = situation.rules(transfer).escalation
    kinds = escalation.kinds if escalation else {}
    cites = escalation.source if escalation else "protocol"
    unknown = sum(kind not in kinds for kind in disagreement.kinds)
    if unknown or not disagreement.kinds:
        choice = f"Choose from: {', '.join(kinds)}" if kinds else "This protocol knows none"
        yield must("disagreement-kind", choice, f"{unknown} not known", cites)
    if len(set(disagreement.kinds)) < len(disagreement.kinds):
        yield must("disagreement-kind", "Name each kind once", "one of them twice", cites)
    if transfer.disagreement is not None:
        says = "Resolve the one that is open first, or escalate it"
        found = f"{transfer.disagreement.id} is open"
        yield must("disagreement-open", says, found, cites)
    if transfer.stage not in RIGHT_TO[Act.RAISE_DISAGREEMENT].stages:
        says = "Raise it while the transfer is open"
        yield must("disagreement-stage", says, transfer.stage, cites)
