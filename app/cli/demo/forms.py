"""What the people of the demonstration fill in: nobody real."""

from datetime import date
from typing import Any

CHILD_UP = {
    "child_id": "DUR1001",
    "name": "Alex Example",
    "date_of_birth": "2017-03-09",
    "nhs_number": "9434765919",
}
CHILD_DOWN = {"child_id": "DUR2002", "name": "Sam Example", "date_of_birth": "2014-09-30"}


def step_up(began: date) -> dict[str, Any]:
    """An empty step up from the episode that began on that day."""
    return {
        "pathway": "step_up",
        "route": "meeting",
        "origin": {"kind": "manual"},
        "origin_record": {"record_id": "EHE-1001", "started_on": str(began), "active": True},
        "origin_team": "op-bishop",
        "children": [CHILD_UP],
    }


def step_up_form(today: date) -> dict[str, Any]:
    """The step up's form, complete but for the meeting's decision."""
    contact_record = {"reason_for_contact": "Neglect", "views_of_child": "Wants to stay at school"}
    return {
        "date_of_transfer": str(today),
        "comments": "New risks at home; agreed at the meeting to step up.",
        "recipient": "ff-bishop",
        "meeting": {"held_on": str(today)},
        "forms": [
            {"form": "ehm_contact_record", "record_id": "ECR-2041", "fields": contact_record}
        ],
    }


def step_down(began: date, today: date) -> dict[str, Any]:
    """A complete step down from the referral that began on that day."""
    return {
        "pathway": "step_down",
        "route": "meeting",
        "origin": {"kind": "child_in_need_plan_finalised", "stage_record_id": "CIN-88"},
        "origin_record": {"record_id": "REF-2002", "started_on": str(began), "active": True},
        "origin_team": "ff-bishop",
        "children": [CHILD_DOWN],
        "form": {
            "date_of_transfer": str(today),
            "comments": "Risks have reduced; the family asks for help with routines.",
            "recipient": "op-bishop",
            "meeting": {"held_on": str(today), "decision": "agreed"},
            "forms": [
                {"form": "child_and_family_assessment", "record_id": "CFA-310"},
                {"form": "child_and_family_plan", "record_id": "CFP-311"},
            ],
            "references": [{"form": "chronology", "record_id": "CHR-77"}],
        },
    }


def by_hand(opening: dict[str, Any]) -> dict[str, Any]:
    """The same, started by hand instead."""
    return opening | {"origin": {"kind": "manual"}}
