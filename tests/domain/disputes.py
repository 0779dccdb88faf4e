"""A disagreement of Durham's people, raised, escalated and resolved in one line each."""

from collections.abc import Callable
from dataclasses import replace

from builders import NOW, actor, durham, situation

from app.domain.decision import Decision, Situation
from app.domain.disagreement import Disagreement
from app.domain.escalate_disagreement import escalate_disagreement
from app.domain.escalation import Escalation, Level
from app.domain.milestone_kind import Side
from app.domain.people import Actor, Role
from app.domain.raise_disagreement import raise_disagreement
from app.domain.resolve_disagreement import resolve_disagreement
from app.domain.transfer import Transfer

ID = "7d0c1b52-3f7e-4f0a-9a0e-6b1d2c3e4f50"
GO, BACK, STAY = "goes_ahead", "taken_back", "stays"
DECIDERS = ("origin manager", "receiving manager", "operations.manager")
Disputing = Callable[[Transfer, Actor, Situation], Decision]
"""Something that somebody does about a disagreement."""


def dispute(
    kinds: tuple[str, ...] = ("not_agreed",), by: str = "op.worker", **more: str
) -> Disagreement:
    made = Disagreement(ID, kinds, "More risk than the meeting saw", by, NOW)
    return replace(made, **more)  # type: ignore[arg-type]


def raise_one(transfer: Transfer, who: Actor, where: Situation) -> Decision:
    """As somebody raises the next one now."""
    found = dispute(id=f"dispute-{len(transfer.disagreements)}", by=who.id)
    return raise_disagreement(transfer, replace(found, raised_at=where.now), who, where)


def escalate_it(transfer: Transfer, who: Actor, where: Situation) -> Decision:
    """As somebody escalates the one that is open."""
    return escalate_disagreement(transfer, _open(transfer), "Not within the day", who, where)


def resolve_it(outcome: str) -> Disputing:
    """As somebody resolves the one that is open."""
    return lambda transfer, who, where: resolve_disagreement(
        transfer, _open(transfer), outcome, "The school's report", who, where
    )


def _open(transfer: Transfer) -> str:
    return transfer.disagreement.id if transfer.disagreement else "none"


def raised(
    transfer: Transfer,
    disagreement: Disagreement | None = None,
    who: Actor | None = None,
    where: Situation | None = None,
) -> Decision:
    given = disagreement or dispute()
    return raise_disagreement(transfer, given, who or actor(given.raised_by), where or situation())


def escalated(
    transfer: Transfer,
    by: str = "op.manager",
    level: str | None = None,
    where: Situation | None = None,
) -> Decision:
    comment, there = "Not within the day", where or situation()
    return escalate_disagreement(transfer, ID, comment, actor(by), there, level=level)


def resolved(
    transfer: Transfer,
    outcome: str = STAY,
    by: str | None = None,
    who: Actor | None = None,
    where: Situation | None = None,
) -> Decision:
    """As the operations manager, to whom it is escalated first; or by somebody else as it is."""
    there = where or situation()
    if by is None and who is None:
        open_one = transfer.disagreement
        if open_one is not None and open_one.level is None:
            transfer = replace(
                escalated(transfer, where=there).after,
                version=transfer.version,
                milestones=transfer.milestones,
            )
        by = "operations.manager"
    person = who or actor(by or "")
    return resolve_disagreement(transfer, ID, outcome, "The school's report", person, there)


def ladder(
    escalation: Escalation | None, *, more_levels: bool = False, by_origin: bool = False
) -> Situation:
    """Durham's situation with that ladder, and a level more or one that the origin decides."""
    if escalation is not None and more_levels:
        top = Level("partnership", "The partnership", (Role.OPERATIONS_MANAGER,), "X 1")
        escalation = replace(escalation, levels=(*escalation.levels, top))
    if escalation is not None and by_origin:
        levels = tuple(replace(level, by=Side.ORIGIN) for level in escalation.levels)
        escalation = replace(escalation, levels=levels)
    pathways = {
        pathway: replace(rules, escalation=escalation)
        for pathway, rules in durham().pathways.items()
    }
    return situation(protocol=replace(durham(), pathways=pathways))


def chairs_decide() -> Situation:
    """Durham's situation, where what the meeting decided is a chair's alone to record."""
    pathways = {}
    for pathway, rules in durham().pathways.items():
        kind = replace(rules.milestones["meeting_decided"], roles=(Role.CHAIR,))
        milestones = {**rules.milestones, kind.name: kind}
        pathways[pathway] = replace(rules, milestones=milestones)
    return situation(protocol=replace(durham(), pathways=pathways))
