"""What travels to a duty tray, and how the tray describes it afterwards."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, StrictBool, model_validator

from adapters.mock_gateway.fields import (
    Code,
    Day,
    Identifier,
    Line,
    PrimaryNeed,
    Reference,
    ReferralSource,
    Statements,
    Text,
)
from adapters.mock_gateway.sent import Child, Form, Meeting, Member, OriginRecord, Sent

TaskState = Literal["waiting", "picked_up", "started", "declined", "withdrawn"]


class NewDutyTask(Sent):
    """A task for a team's duty tray: what the finalised or authorised form carries."""

    reference: Annotated[Reference, Field(description="The sender's own, new for each dispatch.")]
    title: Annotated[Line, Field(description="`Transfer from {authority} {system}` (DL 8, DL 19).")]
    tray: Annotated[Line, Field(description="The code of the receiving team's duty tray.")]
    pathway: Literal["step_up", "step_down"]
    route: Code
    immediate_risk: StrictBool
    date_of_transfer: Annotated[Day, Field(description="Mandatory on the form (DL 3, DL 13).")]
    comments: Annotated[Text, Field(description="Mandatory on the form (DL 3, DL 13).")]
    from_team: Line
    from_worker: Line
    meeting: Meeting | None = None
    origin_record: OriginRecord
    children: Annotated[list[Child], Field(min_length=1, max_length=20)]
    forms: Annotated[list[Form], Field(max_length=50)]
    referral_source: Annotated[
        ReferralSource | None,
        Field(description="Census ReferralSource of the referral to start, on a step up."),
    ] = None
    primary_need: Annotated[
        PrimaryNeed | None, Field(description="Census PrimaryNeed, as the sender judged it.")
    ] = None
    statements: Statements = Field(
        default_factory=dict,
        description="What the sender's procedure has the form say, by its code.",
    )
    next_lead_professional: Annotated[
        Line | None, Field(description="Who has been identified to lead after the transfer.")
    ] = None
    team_around_the_family: list[Member] = Field(
        default_factory=list, max_length=100, description="Those who are in it."
    )

    @model_validator(mode="after")
    def _name_each_child_once(self) -> Self:
        """Two records for one child would be the gateway's doing.

        Raises:
            ValueError: A child_id occurs twice.
        """
        if len({child.child_id for child in self.children}) < len(self.children):
            raise ValueError("a child is named twice")
        return self


class CreatedRecord(BaseModel):
    """The referral or episode that was started for one child of the task."""

    child_id: str
    record_id: str
    created_at: datetime
    dated: Annotated[
        date, Field(description="Date of Referral in LCS; Start Date of Episode in EHM.")
    ]


class ChildLeftOut(Sent):
    """A child of the task whom the team does not take: no record is started for them."""

    child_id: Identifier
    reason: Text


class DutyTask(BaseModel):
    """A task as its tray shows it now."""

    reference: str
    task_id: str
    title: str
    tray: str
    state: TaskState
    received_at: datetime
    picked_up_at: datetime | None
    held_by: str | None
    started_at: datetime | None
    allocated_to: Annotated[
        str | None, Field(description="Null until every record of the task is allocated.")
    ]
    records: list[CreatedRecord]
    not_taken: Annotated[
        list[ChildLeftOut], Field(description="With `records`: every child of the task, once.")
    ]
    withdrawn_scopes: Annotated[
        list[str], Field(description="What the family consents to no more, by the sender's codes.")
    ]
    restricted_forms: Annotated[
        list[str], Field(description="The records of forms that are shared no further.")
    ]


class WithdrawnReference(BaseModel):
    """What is left of a reference withdrawn before it was ever delivered."""

    reference: str
    state: Literal["withdrawn"]


class DutyTaskList(BaseModel):
    """The tasks of one tray, in the order in which they were received."""

    items: list[DutyTask]


class ReceivedForm(BaseModel):
    """A form as it was received; of one that is shared no further, nothing but which it is."""

    form: str
    record_id: str
    completed_on: date | None
    fields: dict[str, str]
    restricted: bool


class FormList(BaseModel):
    """The forms that came with a task."""

    items: list[ReceivedForm]


class ByWorker(Sent):
    """Who does it."""

    worker: Line


class Start(ByWorker):
    """Who starts the records, and for which children of the task none is started."""

    not_taken: Annotated[tuple[ChildLeftOut, ...], Field(max_length=19)] = ()


class Decline(ByWorker):
    """Who sends the task back, and why."""

    reason: Text


class SharingLimit(Sent):
    """What is shared no further, since the family has withdrawn consent to these scopes."""

    scopes: Annotated[list[Code], Field(min_length=1, max_length=50)]
    forms: Annotated[
        list[Identifier],
        Field(max_length=50, description="The record_ids of the task's forms."),
    ]


class Withdrawal(Sent):
    """Why the sender takes the task back."""

    reason: Text
