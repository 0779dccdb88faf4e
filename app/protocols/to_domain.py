"""From a protocol file's shape to the domain's frozen values."""

from collections.abc import Collection

from app.domain.clock_kind import ClockKind
from app.domain.closing_kind import ClosingKind
from app.domain.condition import Condition
from app.domain.escalation import Escalation, Level, Outcome
from app.domain.meeting_series import MeetingSeries
from app.domain.milestone_kind import MilestoneKind
from app.domain.pathway import Pathway
from app.domain.protocol import (
    Clause,
    CouncilProtocol,
    OriginRemains,
    PathwayRules,
    RecordDateRule,
    Route,
    Rule,
)
from app.protocols.clock_shape import ClockShape
from app.protocols.escalation_shape import EscalationShape
from app.protocols.file_shape import ClosingShape, PathwayShape, ProtocolShape, RuleShape
from app.protocols.meeting_shape import MeetingShape
from app.protocols.milestone_shape import MilestoneShape
from app.protocols.needs import need, need_if_any
from app.protocols.needs_shape import Conditional


def as_protocol(shape: ProtocolShape) -> CouncilProtocol:
    """The protocol of a sound file."""
    halves = {Pathway.STEP_UP: shape.step_up, Pathway.STEP_DOWN: shape.step_down}
    return CouncilProtocol(
        code=shape.code,
        version=shape.version,
        in_force_from=shape.in_force_from,
        authority=shape.authority,
        short_name=shape.short_name,
        sources=shape.sources,
        clauses={name: Clause(x.says, x.because) for name, x in shape.clauses.items()},
        meetings={name: _meeting(name, x) for name, x in shape.meetings.items()},
        pathways={name: _pathway(half) for name, half in halves.items() if half is not None},
    )


def _pathway(half: PathwayShape) -> PathwayRules:
    given = dict(half) | {
        "record_date": RecordDateRule(**dict(half.record_date)),
        "origin_remains": half.origin_remains and OriginRemains(**dict(half.origin_remains)),
        "closing": _closing(half.closing) if half.closing else None,
        "handover": {x: name for x, name in half.handover or () if name is not None},
        "escalation": half.escalation and _escalation(half.escalation),
        "routes": {name: Route(name=name, **dict(x)) for name, x in half.routes.items()},
        "milestones": {name: _milestone(name, x) for name, x in half.milestones.items()},
        "rules": tuple(_rule(rule) for rule in half.rules),
        "clocks": tuple(_clock(clock, half.reviews) for clock in half.clocks),
    }
    del given["reviews"]
    return PathwayRules(**given)


def _closing(shape: ClosingShape) -> ClosingKind:
    return ClosingKind(**dict(shape) | {"after": shape.after or ()})


def _escalation(shape: EscalationShape) -> Escalation:
    given = dict(shape) | {
        "outcomes": {code: Outcome(**dict(x)) for code, x in shape.outcomes.items()},
        "levels": tuple(Level(**dict(level)) for level in shape.levels),
    }
    return Escalation(**given)


def _milestone(name: str, shape: MilestoneShape) -> MilestoneKind:
    return MilestoneKind(
        name=name, **dict(shape) | {"needs": need_if_any(shape.needs), "after": shape.after or ()}
    )


def _meeting(name: str, shape: MeetingShape) -> MeetingSeries:
    given = dict(shape)
    return MeetingSeries(name=name, weeks=given.pop("every"), **given)


def _rule(shape: RuleShape) -> Rule:
    return Rule(
        code=shape.code,
        gates=shape.gates,
        severity=shape.severity,
        needs=need(shape.needs),
        says=shape.says,
        source=shape.source,
        condition=_condition(shape),
        note=shape.note,
    )


def _clock(shape: ClockShape, reviews: Collection[str]) -> ClockKind:
    timescale = shape.within or shape.by
    if timescale is None:
        raise LookupError("the shape lets no clock pass without a timescale")
    return ClockKind(
        code=shape.code,
        says=shape.says,
        source=shape.source,
        starts=shape.starts or (),
        stops=shape.stops,
        timescale=timescale,
        falls_to=shape.falls_to,
        tells=shape.tells,
        severity=shape.severity,
        condition=_condition(shape),
        or_agreed=shape.or_agreed,
        escalates_after=shape.escalates_after,
        restarts=shape.restarts,
        review=shape.code in reviews,
        note=shape.note,
    )


def _condition(shape: Conditional) -> Condition:
    return Condition(shape.routes, need_if_any(shape.when), need_if_any(shape.unless))
