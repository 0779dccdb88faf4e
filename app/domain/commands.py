"""What an actor asks for: one frozen value an action, with all that the action needs."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from app.domain.form import Form
from app.domain.pathway import Action, Pathway
from app.domain.transfer import Child, Origin, OriginRecord
from app.domain.tray_reports import NewRecord


@dataclass(frozen=True, slots=True)
class Open:
    """Create the pathway stage (DL 2, 11). `id` is handed in: the domain makes no ids.

    `origin_lead` names the lead professional at the origin, where that is said.
    """

    action: ClassVar = Action.OPEN
    id: str
    pathway: Pathway
    route: str
    origin: Origin
    origin_record: OriginRecord
    origin_team: str
    children: tuple[Child, ...]
    form: Form
    origin_lead: str | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the draft's form by `form` (DL 3-5, 13-16)."""

    action: ClassVar = Action.EDIT
    form: Form


@dataclass(frozen=True, slots=True)
class SubmitToMeeting:
    """Submit the draft to the meeting of that series that starts then (DF, CE, IS 7).

    `extraordinary`: one was planned then by hand, whatever the series says of days.
    """

    action: ClassVar = Action.SUBMIT_TO_MEETING
    series: str
    starts_at: datetime
    extraordinary: bool = False


@dataclass(frozen=True, slots=True)
class Finalise:
    """Save and finalise (DL 6, 17)."""

    action: ClassVar = Action.FINALISE


@dataclass(frozen=True, slots=True)
class Authorise:
    """The Team Manager authorises: only now is there a task (DL 17)."""

    action: ClassVar = Action.AUTHORISE


@dataclass(frozen=True, slots=True)
class Return:
    """Give a form back to its author's team, saying why."""

    action: ClassVar = Action.RETURN
    comment: str


@dataclass(frozen=True, slots=True)
class Redirect:
    """Move a task to the right tray; the clocks go on."""

    action: ClassVar = Action.REDIRECT
    recipient: str
    comment: str


@dataclass(frozen=True, slots=True)
class PickUp:
    """Take the task from the tray (DL 8, 19). `at` is when; `holder` by whom.

    `inferred`: a later report implied it.
    """

    action: ClassVar = Action.PICK_UP
    holder: str
    at: datetime
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class Release:
    """Put the task back into the tray."""

    action: ClassVar = Action.RELEASE
    at: datetime


@dataclass(frozen=True, slots=True)
class Decline:
    """The receiving team does not take the case; custody stays with the origin."""

    action: ClassVar = Action.DECLINE
    reason: str
    comment: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A child whom the receiving team does not take: its coded reason, and its words."""

    child_id: str
    reason: str
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """*Start New Referral* (DL 8) or *Start Early Help Episode* (DL 19), for some or all."""

    action: ClassVar = Action.START
    records: tuple[NewRecord, ...]
    not_taken: tuple[NotTaken, ...] = ()


@dataclass(frozen=True, slots=True)
class Allocate:
    """Allocate to a social worker (DL 10) or a lead professional (DL 21).

    `worker` is who, as the receiving team names them; `at` is when.
    """

    action: ClassVar = Action.ALLOCATE
    worker: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Complete:
    """A manager ends a transfer whose completion milestones did not end it by themselves."""

    action: ClassVar = Action.COMPLETE
    comment: str


@dataclass(frozen=True, slots=True)
class Cancel:
    """Withdraw the transfer, with a coded reason."""

    action: ClassVar = Action.CANCEL
    reason: str
    comment: str


Command = (
    Edit
    | SubmitToMeeting
    | Finalise
    | Authorise
    | Return
    | Redirect
    | PickUp
    | Release
    | Decline
    | Start
    | Allocate
    | Complete
    | Cancel
)
