"""A protocol: a council's published procedure as a frozen, versioned value."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.breach import Breach, Satisfied, Severity
from app.domain.duty_task import CaseSystem
from app.domain.pathway import Pathway
from app.domain.people import Role
from app.domain.rules import Facts, Need


class Gate(StrEnum):
    """When a rule is asked. `dispatch` is asked whenever a task is about to be created."""

    OPEN = "open"
    EDIT = "edit"
    FINALISE = "finalise"
    AUTHORISE = "authorise"
    DISPATCH = "dispatch"
    START = "start"
    ALLOCATE = "allocate"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Rule:
    """One requirement of one clause. An empty `routes` means every route of the pathway."""

    code: str
    gates: tuple[Gate, ...]
    severity: Severity
    needs: Need
    says: str
    source: str
    routes: tuple[str, ...] = ()

    def check(self, facts: Facts) -> Satisfied | Breach:
        """Whether the rule holds for these facts."""
        found = self.needs.missing(facts)
        if found is None:
            return Satisfied()
        return Breach(self.code, self.says, self.source, self.severity, found)


@dataclass(frozen=True, slots=True)
class Route:
    """A way into a pathway, with the origins that may start it."""

    name: str
    says: str
    origins: tuple[str, ...]
    source: str
    immediate_risk: bool = False


class Side(StrEnum):
    """Which side of the transfer records a milestone."""

    ORIGIN = "origin"
    RECEIVING = "receiving"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class MilestoneKind:
    """A milestone that people record.

    `after` is a milestone that must have been reached before; `names_receiving_manager` asks
    which manager of the receiving team it concerned.
    """

    name: str
    says: str
    by: Side
    source: str
    after: str | None = None
    names_receiving_manager: bool = False


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


@dataclass(frozen=True, slots=True)
class PathwayRules:
    """A protocol's half for one pathway."""

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

    @property
    def gated(self) -> bool:
        """Whether a management authorisation stands between finalise and dispatch."""
        return bool(self.authorised_by)

    def breaches(self, gates: tuple[Gate, ...], facts: Facts) -> tuple[Breach, ...]:
        """Every breach of the rules of these gates, each rule once, in the protocol's order."""
        asked = (
            rule.check(facts)
            for rule in self.rules
            if set(rule.gates) & set(gates)
            and (not rule.routes or facts.transfer.route in rule.routes)
        )
        return tuple(answer for answer in asked if isinstance(answer, Breach))


@dataclass(frozen=True, slots=True)
class CouncilProtocol:
    """A council's protocol. `short_name` is what task titles call the council ("Durham")."""

    code: str
    version: str
    in_force_from: date
    authority: str
    short_name: str
    sources: Mapping[str, str]
    pathways: Mapping[Pathway, PathwayRules]
