"""What a duty tray receives. The field list is an allow-list: nothing else travels."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum


class CaseSystem(StrEnum):
    """The two case systems: Early Help records in EHM, children's social care in LCS."""

    EHM = "ehm"
    LCS = "lcs"


@dataclass(frozen=True, slots=True)
class TaskChild:
    """A child as the receiving team needs to know them."""

    child_id: str
    name: str
    date_of_birth: date
    nhs_number: str | None = None
    upn: str | None = None
    upn_unknown: str | None = None


@dataclass(frozen=True, slots=True)
class TaskForm:
    """A form that travels, with the fields that copy forward (DL 5, 16)."""

    form: str
    record_id: str
    completed_on: date | None = None
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TaskMeeting:
    """What the form says of the step-up/step-down meeting (DL 4, 15)."""

    held_on: date | None = None
    chair: str | None = None
    decision: str | None = None
    notes: str | None = None


@dataclass(frozen=True, slots=True)
class TaskMember:
    """A professional who is in the team around the family, and the need they stepped in for."""

    name: str
    agency: str
    purpose: str


@dataclass(frozen=True, slots=True)
class DutyTask:
    """A task for one tray.

    `reference` is ours and new with every dispatch. `record_started_on` is the start of the
    origin's episode or referral: the date that LCS wrongly copies forward (DL 9). The fields with
    defaults came later: what waits in the outbox may lack them. `referral_source` and
    `primary_need` are codes of the Children in Need census; `statements` are texts by their code.
    """

    reference: str
    title: str
    tray: str
    pathway: str
    route: str
    immediate_risk: bool
    date_of_transfer: date
    comments: str
    from_team: str
    from_worker: str
    meeting: TaskMeeting
    record_id: str
    record_started_on: date
    children: tuple[TaskChild, ...]
    forms: tuple[TaskForm, ...]
    referral_source: str | None = None
    primary_need: str | None = None
    statements: Mapping[str, str] = field(default_factory=dict)
    next_lead_professional: str | None = None
    team_around_the_family: tuple[TaskMember, ...] = ()

    def without(self, forms: Collection[str]) -> "DutyTask":
        """The same task without the forms of these records."""
        return replace(self, forms=tuple(f for f in self.forms if f.record_id not in forms))


@dataclass(frozen=True, slots=True)
class TaskNotice:
    """What to tell the tray of a task it has: who acts, and why where a reason is asked."""

    reference: str
    worker: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SharingLimit:
    """What the receiving system is to share no further: the records of forms that came with a task.

    `scopes` are the codes to which the family consents no more. No words travel.
    """

    reference: str
    scopes: tuple[str, ...]
    forms: tuple[str, ...]


def title(authority: str, origin: CaseSystem) -> str:
    """The label in the tray: `Transfer from Durham EHM` (DL 8), `Transfer from Durham LCS` (19)."""
    return f"Transfer from {authority} {origin.upper()}"
