"""What makes the mock an LCS: its trays, its words, and the date it copies wrongly (DL 9)."""

from datetime import date
from typing import Any, Literal

import holidays

from adapters.mock_gateway.case_system import CaseSystem, StartLink
from adapters.mock_gateway.duty_task import NewDutyTask
from adapters.mock_gateway.record import DateRules

ReasonForClosure = Literal["RC1", "RC2", "RC3", "RC4", "RC5", "RC6", "RC7", "RC8", "RC9"]
ASSESSMENT_DAYS = 45
_ENGLAND = holidays.country_holidays("GB", subdiv="ENG")


def _episode_start(task: NewDutyTask) -> date:
    """Copy the start of the early help episode, as the real LCS wrongly does (DL 9)."""
    return task.origin_record.started_on


def _contact_record(task: NewDutyTask) -> dict[str, str]:
    """Copy the EHM Contact Record forward into the referral (DL 5)."""
    fields: dict[str, str] = {}
    for form in task.forms:
        if form.form == "ehm_contact_record":
            fields |= form.fields
    return fields


def assessment_due(referred: date) -> date:
    """Count the working days that an assessment may take, from the Date of Referral."""
    due: date = _ENGLAND.get_nth_working_day(referred, ASSESSMENT_DAYS)
    return due


_EXAMPLE: dict[str, Any] = {
    "referral_id": "R-93F1C2A07B44",
    "reference": "TR-2026-000417-1",
    "child": {"child_id": "C100234", "name": "Jordan Example", "date_of_birth": "2014-05-09"},
    "date_of_referral": "2026-03-02",
    "created_at": "2026-11-20T10:07:00Z",
    "source": "5D",
    "state": "open",
    "allocated_to": None,
    "contact_record": {"reason_for_contact": "Missing from home twice in a week"},
    "assessment_due_on": "2026-05-07",
    "next_step_late": True,
    "closed_on": None,
    "closure_reason": None,
    "referral_note": None,
    "version": 1,
}

LCS = CaseSystem(
    name="LCS",
    sender="EHM",
    pathway="step_up",
    trays={
        "FF-BISHOP": "Families First Bishop Auckland",
        "FF-CHESTER": "Families First Chester-le-Street",
        "FF-EAST": "Families First East Durham",
        "ASET": "ASET",
        "CWD": "Children with Disabilities Team",
        "REFERRAL-TO-PROGRESS": "Referral to Progress",
    },
    record="referral",
    records="referrals",
    start=StartLink(
        path="start-new-referral",
        operation="startNewReferral",
        label="Start New Referral",
        description=(
            "*Start New Referral* (DL 8) creates one referral for each child. The EHM Contact "
            "Record copies forward (DL 5). The Date of Referral is copied from the start of the "
            "early help episode, which is wrong: it must be amended to the date on which the "
            "referral is created (DL 9), or the next step shows as out of timescale."
        ),
    ),
    date_name="Date of Referral",
    worker_name="Social Worker",
    open_state="open",
    reason_pattern="RC[1-9]",
    reason_hint="RC1 to RC9; RC9 is closed after assessment, referred to early help",
    example=_EXAMPLE,
    copied_date=_episode_start,
    copied_fields=_contact_record,
    date_rules=DateRules("census_8600", "census_8606", "census_8630"),
    due_on=assessment_due,
)
