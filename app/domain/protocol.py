"""A protocol: a council's published procedure as a frozen, versioned value."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.domain.breach import Breach, Satisfied, Severity
from app.domain.clock_kind import ClockKind
from app.domain.closing_kind import ClosingKind
from app.domain.condition import ALWAYS, Condition
from app.domain.duty_task import CaseSystem
from app.domain.escalation import Escalation
from app.domain.meeting_series import MeetingSeries
from app.domain.milestone_kind import MilestoneKind
from app.domain.milestone_names import Named
from app.domain.pathway import Pathway
from app.domain.people import Role
from app.domain.rules.facts import Facts, Need


class Gate(StrEnum):
    """When a rule is asked. `dispatch` is asked whenever a task is about to be created."""

    OPEN = "open"
    EDIT = "edit"
    SUBMIT_TO_MEETING = "submit_to_meeting"
    FINALISE = "finalise"
    AUTHORISE = "authorise"
    DISPATCH = "dispatch"
    START = "start"
    ALLOCATE = "allocate"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Rule:
    """One requirement of one clause, or of several."""

    code: str
    gates: tuple[Gate, ...]
    severity: Severity
    needs: Need
    says: str
    source: str
    condition: Condition = ALWAYS
    note: str | None = None

    def check(self, facts: Facts) -> Satisfied | Breach:
        """Whether the rule holds for these facts."""
        found = self.needs.missing(facts)
        if found is None:
            return Satisfied()
        return Breach(self.code, self.says, self.source, self.severity, found)


@dataclass(frozen=True, slots=True)
class Route:
    """A way into a pathway, with the origins that may start it.

    `meetings` are the series that it may be submitted to. `closure_reasons` is what the
    Children in Need census should say of the origin's referral, by the origin that started it.
    """

    name: str
    says: str
    origins: tuple[str, ...]
    source: str
    immediate_risk: bool = False
    meetings: tuple[str, ...] = ()
    closure_reasons: Mapping[str, str] = field(default_factory=dict)
    note: str | None = None


@dataclass(frozen=True, slots=True)
class RecordDateRule:
    """What the date of the created record should be, and whether we may amend it (DL 9, 20).

    `should_be` is "day_created" or "date_of_transfer"; `called` names the milestones of its
    checks ("referral_date" gives referral_date_corrected).
    """

    called: str
    should_be: str
    amend: bool
    says: str
    source: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class OriginRemains:
    """The origin's lead remains involved after custody passes, until that milestone (CE T6)."""

    until: Named
    says: str
    source: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class PathwayRules:
    """A protocol's half for one pathway.

    `statements`, `factors`, `consents` and `decline_reasons` are the codes it knows, with their
    words; no `decline_reasons` means that any is taken.
    `outcomes_statement` is the statement that says what outcomes a step down was to bring.
    `closing` is how the origin closes its own record; `handover` names the milestones that are the
    parts of the handover (see handover.py). `escalation` None: no disagreement is raised under it.
    """

    form: str
    from_system: CaseSystem
    to_system: CaseSystem
    authorised_by: tuple[Role, ...]
    custody_passes_on: str
    completes_on: tuple[str, ...]
    record_date: RecordDateRule
    routes: Mapping[str, Route]
    milestones: Mapping[str, MilestoneKind]
    rules: tuple[Rule, ...]
    clocks: tuple[ClockKind, ...] = ()
    statements: Mapping[str, str] = field(default_factory=dict)
    factors: Mapping[str, str] = field(default_factory=dict)
    consents: Mapping[str, str] = field(default_factory=dict)
    decline_reasons: Mapping[str, str] = field(default_factory=dict)
    referral_source: str | None = None
    origin_remains: OriginRemains | None = None
    outcomes_statement: str | None = None
    closing: ClosingKind | None = None
    handover: Mapping[str, str] = field(default_factory=dict)
    escalation: Escalation | None = None

    @property
    def gated(self) -> bool:
        """Whether a management authorisation stands between finalise and dispatch."""
        return bool(self.authorised_by)

    @property
    def reviews(self) -> tuple[str, ...]:
        """The codes of the clocks that bring a review after the transfer."""
        return tuple(clock.code for clock in self.clocks if clock.review)

    def asked(self, gates: Collection[Gate], facts: Facts) -> tuple[Rule, ...]:
        """The rules that count at these gates, each once, in the protocol's order."""
        return tuple(
            rule
            for rule in self.rules
            if not set(gates).isdisjoint(rule.gates) and rule.condition.holds(facts)
        )

    def breaches(self, gates: Collection[Gate], facts: Facts) -> tuple[Breach, ...]:
        """Every breach of the rules of these gates."""
        answers = (rule.check(facts) for rule in self.asked(gates, facts))
        return tuple(answer for answer in answers if isinstance(answer, Breach))


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a source in plain words; `because` says why nothing in the protocol cites it."""

    says: str
    because: str | None = None


@dataclass(frozen=True, slots=True)
class CouncilProtocol:
    """One version of a council's protocol. `short_name` is what task titles call the council.

    `clauses` has every clause of every source by its name ("DL 3"). A protocol may know one
    pathway alone.
    """

    code: str
    version: str
    in_force_from: date
    authority: str
    short_name: str
    sources: Mapping[str, str]
    clauses: Mapping[str, Clause]
    meetings: Mapping[str, MeetingSeries]
    pathways: Mapping[Pathway, PathwayRules]
