"""The form of the pathway stage: what a worker fills in before it is finalised (DL 3-5, 13-16)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date


@dataclass(frozen=True, slots=True)
class Meeting:
    """The step-up/step-down meeting as the form records it: not mandatory (DL 4, 15)."""

    held_on: date | None = None
    chair: str | None = None
    decision: str | None = None
    notes: str | None = None


@dataclass(frozen=True, slots=True)
class AttachedForm:
    """A form to send. `fields` are the answers that copy forward at the other end (DL 5)."""

    form: str
    record_id: str
    completed_on: date | None = None
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FormReference:
    """A record that is only pointed at and does not travel, as the chronology (DL 16)."""

    form: str
    record_id: str


@dataclass(frozen=True, slots=True)
class Form:
    """Date of Transfer, Comments and Transfer Recipient are mandatory at finalise (DL 3, 13).

    `statements` (code to text) and `factors` (coded circumstances) are those that the protocol
    knows. `next_lead_professional` is who has been identified to lead after the transfer.
    `primary_need` is the Children in Need census code N0 to N9.
    """

    date_of_transfer: date | None = None
    comments: str | None = None
    recipient: str | None = None
    meeting: Meeting = Meeting()
    forms: tuple[AttachedForm, ...] = ()
    references: tuple[FormReference, ...] = ()
    statements: Mapping[str, str] = field(default_factory=dict)
    factors: tuple[str, ...] = ()
    next_lead_professional: str | None = None
    primary_need: str | None = None

    def differs_by_the_meeting_alone(self, before: "Form") -> bool:
        """Whether all else is as it was: only what a meeting decides, its day of transfer too.

        Nobody can check before a meeting what is known only after it.
        """
        decided = {"meeting": before.meeting, "date_of_transfer": before.date_of_transfer}
        return replace(self, **decided) == before  # type: ignore[arg-type] # the fields' own
