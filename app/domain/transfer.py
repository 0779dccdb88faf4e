"""A transfer: one movement of a child, or of a sibling group, frozen and versioned."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from app.domain.closing import Closing
from app.domain.consent import Consent
from app.domain.disagreement import Disagreement
from app.domain.feedback import Feedback
from app.domain.form import Form
from app.domain.milestone_names import VOIDED, Named
from app.domain.pathway import Pathway, Stage
from app.domain.pauses import Pause
from app.domain.referral_date import DateStanding
from app.domain.restriction import Restriction
from app.domain.review import Review
from app.domain.sharing_basis import SharingBasis
from app.domain.team_around import Member


@dataclass(frozen=True, slots=True)
class CreatedRecord:
    """What the receiving case system created for a child, and how its date stands.

    `dated` is the date the system gave it at first, `dated_now` the one last read. `corrections`
    counts the amendments that held (DL 9). `manual`: a person told us, not the system.
    """

    record_id: str
    created_at: datetime
    dated: date
    dated_now: date
    manual: bool = False
    standing: DateStanding = DateStanding.UNCHECKED
    corrections: int = 0
    allocated_to: str | None = None


class ChildOutcome(StrEnum):
    """What the receiving team did about a child when it started."""

    TAKEN = "taken"
    NOT_TAKEN = "not_taken"


@dataclass(frozen=True, slots=True)
class Child:
    """A child of the transfer, named by the identifiers both case systems know.

    `child_id` is the LAchildID of the Children in Need census: at most 20 letters and digits.
    `upn_unknown` is its code of why there is no `upn`. `outcome` is None until the start; a child
    who is not taken has no record, and has the coded `outcome_reason`.
    """

    child_id: str
    name: str
    date_of_birth: date
    nhs_number: str | None = None
    upn: str | None = None
    upn_unknown: str | None = None
    record: CreatedRecord | None = None
    outcome: ChildOutcome | None = None
    outcome_reason: str | None = None
    outcome_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """What started the stage: `manual`, or the outcome of another stage with its record's id."""

    kind: str
    stage_record_id: str | None = None


@dataclass(frozen=True, slots=True)
class OriginRecord:
    """The early help episode (step up) or LCS referral (step down) that the case is open under."""

    record_id: str
    started_on: date
    active: bool


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something that happened, with its time.

    `at` is when it happened, `recorded_at` when we learned of it. `inferred`: a later report
    implied it. `person` is whom it concerned, and `team` of which team, where the protocol asks.
    `reason` and `outcome` are coded; `until` is the time that was agreed, where the protocol asks
    for one; `note` is free text and never leaves the record.
    """

    name: str
    at: datetime
    by: str
    recorded_at: datetime
    inferred: bool = False
    person: str | None = None
    team: str | None = None
    reason: str | None = None
    note: str | None = None
    outcome: str | None = None
    until: datetime | None = None

    def is_(self, named: Named) -> bool:
        """Whether it is that milestone, with that outcome where one is named, and not void."""
        outcome = named.outcome or (self.outcome if self.outcome != VOIDED else None)
        return self.name == named.name and self.outcome == outcome


@dataclass(frozen=True, slots=True)
class BookedMeeting:
    """The meeting that a transfer is submitted to: of which series, and when it starts."""

    series: str
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Transfer:
    """One transfer. `version` rises by one with every change; `dispatch` counts dispatches.

    `sent_to` is the team that a task was sent to: the receiving team, while there is one.
    `author`, `last_editor` and `submitter` are history; `worker` has the work on it at the origin,
    first the author. `origin_lead` names who leads at the origin, where it was said.
    `re_referral_of` is the id of the step down after which the child comes back (re_referral.py).
    `closing`: the origin has closed its own record.
    """

    id: str
    authority: str
    pathway: Pathway
    route: str
    protocol: str
    protocol_version: str
    origin: Origin
    origin_record: OriginRecord
    origin_team: str
    children: tuple[Child, ...]
    form: Form
    author: str
    last_editor: str
    worker: str
    origin_lead: str | None = None
    re_referral_of: str | None = None
    stage: Stage = Stage.DRAFT
    version: int = 1
    dispatch: int = 0
    sent_to: str | None = None
    submitter: str | None = None
    authorised_by: str | None = None
    holder: str | None = None
    lead_professional: str | None = None
    meeting: BookedMeeting | None = None
    closing: Closing | None = None
    consents: tuple[Consent, ...] = ()
    sharing_bases: tuple[SharingBasis, ...] = ()
    team_around: tuple[Member, ...] = ()
    pauses: tuple[Pause, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    reviews: tuple[Review, ...] = ()
    feedback: tuple[Feedback, ...] = ()
    restrictions: tuple[Restriction, ...] = ()
    milestones: tuple[Milestone, ...] = ()

    @property
    def reference(self) -> str:
        """The name that its present duty task goes by in the tray."""
        return self.reference_of(self.dispatch)

    def reference_of(self, dispatch: int) -> str:
        """The name of the task of that dispatch; the first is 1."""
        return f"{self.id}.{dispatch}"

    def reached(self, name: str) -> Milestone | None:
        """The latest milestone of that name, or None."""
        return next((m for m in reversed(self.milestones) if m.name == name), None)

    def stands(self, named: Named) -> Milestone | None:
        """The latest milestone of that name, where it has the outcome that is named."""
        latest = self.reached(named.name)
        return latest if latest is not None and latest.is_(named) else None

    def reached_since_dispatch(self, name: str) -> Milestone | None:
        """The latest milestone of that name since the latest dispatch, or None."""
        for milestone in reversed(self.milestones):
            if milestone.name == name:
                return milestone
            if milestone.name == "dispatched":
                return None
        return None

    def with_milestone(self, milestone: Milestone) -> "Transfer":
        """The same transfer with one more milestone."""
        return replace(self, milestones=(*self.milestones, milestone))

    @property
    def disagreement(self) -> Disagreement | None:
        """The one that is open, or None."""
        return next((x for x in self.disagreements if x.open), None)

    def with_disagreement(self, changed: Disagreement) -> "Transfer":
        """The same transfer with the disagreement of that id replaced."""
        found = tuple(changed if x.id == changed.id else x for x in self.disagreements)
        return replace(self, disagreements=found)

    def with_child(self, child: Child) -> "Transfer":
        """The same transfer with the child of that id replaced."""
        children = tuple(child if c.child_id == child.child_id else c for c in self.children)
        return replace(self, children=children)

    @property
    def carried(self) -> tuple[Child, ...]:
        """The children whom it carries: all until the start, and from then on those taken."""
        return tuple(c for c in self.children if c.outcome is not ChildOutcome.NOT_TAKEN)

    @property
    def lies_in_closed_tray(self) -> bool:
        """Whether its task was delivered to the tray of a team that another has succeeded since.

        Where it was delivered is the dispatch's; `sent_to` is who answers for it now.
        """
        delivered = self.reached("dispatched")
        return delivered is not None and delivered.team != self.sent_to

    def child(self, child_id: str) -> Child | None:
        """The child of that id, or None."""
        return next((c for c in self.children if c.child_id == child_id), None)
