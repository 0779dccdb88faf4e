"""The vocabulary of protocols: each kind of rule is frozen data that answers for one transfer.

A protocol's `needs` names one kind. Adding a council never needs a new `if`; adding a kind is
one class here, its key in `KINDS`, and its tests.
"""

from dataclasses import dataclass
from typing import ClassVar, Protocol

from app.domain.duty_task import CaseSystem
from app.domain.form import Form
from app.domain.people import Team
from app.domain.transfer import Transfer

NOTHING = "nothing"
MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Facts:
    """What rules look at. `recipient` is None while no recipient is chosen."""

    transfer: Transfer
    allowed_origins: tuple[str, ...]
    recipient: Team | None


class Need(Protocol):
    """A kind of rule."""

    def missing(self, facts: Facts) -> str | None:
        """None when the need is met, else what was found instead."""


FORM_FIELDS = {
    "date_of_transfer": lambda form: form.date_of_transfer,
    "comments": lambda form: form.comments,
    "recipient": lambda form: form.recipient,
    "meeting.held_on": lambda form: form.meeting.held_on,
    "meeting.chair": lambda form: form.meeting.chair,
    "meeting.decision": lambda form: form.meeting.decision,
    "meeting.notes": lambda form: form.meeting.notes,
}


@dataclass(frozen=True, slots=True)
class FieldGiven:
    """`field`: a field of the form is filled in."""

    field: str
    choices: ClassVar[tuple[str, ...]] = tuple(FORM_FIELDS)

    def missing(self, facts: Facts) -> str | None:
        """What stands in the field instead."""
        value = FORM_FIELDS[self.field](facts.transfer.form)
        return None if value is not None and str(value).strip() else NOTHING


@dataclass(frozen=True, slots=True)
class OriginAllowed:
    """`origin = "allowed_by_route"`: the stage was started by what the route allows."""

    def missing(self, facts: Facts) -> str | None:
        """The kind of origin that the route does not allow."""
        kind = facts.transfer.origin.kind
        return None if kind in facts.allowed_origins else kind


@dataclass(frozen=True, slots=True)
class OriginNamesItsStage:
    """`origin = "names_its_stage"`: what was not started by hand names the stage's record."""

    def missing(self, facts: Facts) -> str | None:
        """That the record is not named."""
        origin = facts.transfer.origin
        named = origin.kind == MANUAL or origin.stage_record_id is not None
        return None if named else f"{origin.kind} without its record"


@dataclass(frozen=True, slots=True)
class OriginRecordActive:
    """`origin_record = "active"`: the episode or referral the case is open under is active."""

    def missing(self, facts: Facts) -> str | None:
        """That the record is not active."""
        return None if facts.transfer.origin_record.active else "not active"


@dataclass(frozen=True, slots=True)
class FormAttached:
    """`form_attached`: a form of that kind travels with the transfer."""

    form: str

    def missing(self, facts: Facts) -> str | None:
        """Nothing, where the form should be."""
        return None if self.form in _travelling(facts.transfer.form) else NOTHING


@dataclass(frozen=True, slots=True)
class FormRefused:
    """`form_refused`: a form of that kind does not travel; a reference to it may."""

    form: str

    def missing(self, facts: Facts) -> str | None:
        """The form that was attached."""
        return self.form if self.form in _travelling(facts.transfer.form) else None


def _travelling(form: Form) -> frozenset[str]:
    return frozenset(attached.form for attached in form.forms)


@dataclass(frozen=True, slots=True)
class RecipientActive:
    """`recipient = "active"`: the receiving team still works."""

    def missing(self, facts: Facts) -> str | None:
        """That the team is closed."""
        return "a closed team" if facts.recipient and not facts.recipient.active else None


@dataclass(frozen=True, slots=True)
class RecipientInAuthority:
    """`recipient = "same_authority"`: the receiving team is the same council's."""

    def missing(self, facts: Facts) -> str | None:
        """That the team is another council's, or nobody's."""
        if facts.recipient is None:
            return "no such team" if facts.transfer.form.recipient else None
        same = facts.recipient.authority == facts.transfer.authority
        return None if same else "another authority"


@dataclass(frozen=True, slots=True)
class RecipientIsAnother:
    """`recipient = "another_team"`: nobody transfers to their own team."""

    def missing(self, facts: Facts) -> str | None:
        """That the team is the origin's own."""
        team = facts.recipient
        return "the origin team" if team and team.id == facts.transfer.origin_team else None


@dataclass(frozen=True, slots=True)
class RecipientKind:
    """`recipient_kind`: the receiving team is of that kind."""

    kind: str

    def missing(self, facts: Facts) -> str | None:
        """The kind that the team is of."""
        team = facts.recipient
        return f"kind {team.kind}" if team and team.kind != self.kind else None


@dataclass(frozen=True, slots=True)
class RecipientRecordsIn:
    """`recipient_records_in`: the receiving team works in that case system."""

    system: CaseSystem

    def missing(self, facts: Facts) -> str | None:
        """The case system that the team works in."""
        team = facts.recipient
        return team.case_system.upper() if team and team.case_system != self.system else None


@dataclass(frozen=True, slots=True)
class RecipientNotNamed:
    """`recipient_not`: a tray that is not for transfers, by its name in the list."""

    names: tuple[str, ...]

    def missing(self, facts: Facts) -> str | None:
        """The name that was chosen all the same."""
        team = facts.recipient
        refused = {_folded(name) for name in self.names}
        return team.name if team and _folded(team.name) in refused else None


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


@dataclass(frozen=True, slots=True)
class MilestoneWithRecipient:
    """`milestone_with_recipient`: it has happened with the team that is chosen now."""

    name: str

    def missing(self, facts: Facts) -> str | None:
        """That it was not recorded, or with another team."""
        reached = facts.transfer.reached(self.name)
        if reached is None:
            return "not recorded"
        with_recipient = reached.team == facts.transfer.form.recipient
        return None if with_recipient else "recorded with another team"


@dataclass(frozen=True, slots=True)
class MilestoneReached:
    """`milestone`: something has happened and was recorded."""

    name: str

    def missing(self, facts: Facts) -> str | None:
        """That it was not recorded."""
        return None if facts.transfer.reached(self.name) else "not recorded"
