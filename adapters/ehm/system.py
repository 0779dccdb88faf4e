"""What makes the mock an EHM: its trays, its words, and the date it copies rightly (DL 20)."""

from datetime import date
from typing import Any

from adapters.mock_gateway.case_system import CaseSystem, StartLink
from adapters.mock_gateway.duty_task import NewDutyTask
from adapters.mock_gateway.record import DateRules


def _date_of_transfer(task: NewDutyTask) -> date:
    """Populate the Start Date of Episode from the Step Down to Early Help form (DL 20)."""
    return task.date_of_transfer


def _nothing(_: NewDutyTask) -> dict[str, str]:
    """Leave the Early Help Episode Record to the Team Manager, who completes it (DL 21)."""
    return {}


_EXAMPLE: dict[str, Any] = {
    "episode_id": "E-93F1C2A07B44",
    "reference": "TR-2026-000417-1",
    "child": {"child_id": "C100234", "name": "Jordan Example", "date_of_birth": "2014-05-09"},
    "start_date": "2026-11-20",
    "created_at": "2026-11-20T10:07:00Z",
    "state": "active",
    "lead_professional": None,
    "record": {},
    "closed_on": None,
    "end_reason": None,
    "version": 1,
}

EHM = CaseSystem(
    name="EHM",
    sender="LCS",
    pathway="step_down",
    trays={
        "OP-BISHOP": "One Point Bishop Auckland",
        "OP-CHESTER": "One Point Chester-le-Street",
        "OP-EAST": "One Point East Durham",
    },
    record="episode",
    records="episodes",
    start=StartLink(
        path="start-early-help-episode",
        operation="startEarlyHelpEpisode",
        label="Start Early Help Episode",
        description=(
            "*Start Early Help Episode* (DL 19) creates one episode for each child. Its Start "
            "Date is populated from the form's Date of Transfer and is not to be amended "
            "(DL 20)."
        ),
    ),
    date_name="Start Date of Episode",
    worker_name="Lead Professional",
    open_state="active",
    reason_pattern=r"[^\x00-\x1f\x7f]{1,200}",
    reason_hint="In a few words",
    example=_EXAMPLE,
    copied_date=_date_of_transfer,
    copied_fields=_nothing,
    date_rules=DateRules("start_in_future", "start_before_birth", "start_after_closure"),
)
