"""The three cases that come to Cheshire East's meeting: nobody real."""

from datetime import date, timedelta
from typing import Any

Body = dict[str, Any]


def stuck(today: date, meets: date) -> Body:
    """A step up: early help, open for more than three months, makes no progress (CE L)."""
    return {
        "pathway": "step_up",
        "route": "lack_of_progress",
        "origin": {"kind": "manual"},
        "origin_record": _record("EHE-3001", today - timedelta(days=150)),
        "origin_team": "ce-cefs-north",
        "children": [_child("CE3001", "Robin Example", "2016-05-02")],
        "form": {
            "date_of_transfer": str(meets),
            "comments": "Four months of visits, and mornings are as they were.",
            "recipient": "ce-checs",
            "forms": [_form("well_being_plan", "WBP-31"), _form("chronology", "CHR-31")],
            "statements": {
                "worry_statements": "If nobody wakes the child, they miss school again.",
                "well_being_goals": "At school and on time every day of a month.",
                "scaling": "The school says 3, the family 6.",
            },
        },
    }


def assessed(today: date, meets: date) -> Body:
    """A step down after an assessment, without anybody found to lead (CE A)."""
    return {
        "pathway": "step_down",
        "route": "assessment",
        "origin": {"kind": "child_and_family_assessment", "stage_record_id": "CFA-32"},
        "origin_record": _record("REF-3002", today - timedelta(days=40)),
        "origin_team": "ce-area-north",
        "children": [_child("CE3002", "Charlie Example", "2013-11-21")],
        "form": {
            "date_of_transfer": str(meets + timedelta(days=5)),
            "comments": "The assessment found no risk that needs a social worker.",
            "recipient": "ce-cefs-north",
            "forms": [_form("child_and_family_assessment", "CFA-32")],
            "statements": {"what_needs_to_happen": "Somebody helps with debts and the tenancy."},
        },
    }


def in_need(today: date, meets: date) -> Body:
    """A step down from child in need, where nobody agrees who is to lead (CE C5)."""
    return {
        "pathway": "step_down",
        "route": "child_in_need",
        "origin": {"kind": "child_in_need_meeting", "stage_record_id": "CIN-33"},
        "origin_record": _record("REF-3003", today - timedelta(days=200)),
        "origin_team": "ce-area-north",
        "children": [_child("CE3003", "Jamie Example", "2019-02-14")],
        "form": {
            "date_of_transfer": str(meets + timedelta(days=7)),
            "comments": "The plan's goals are reached; the family asks for help with routines.",
            "recipient": "ce-cefs-north",
            "forms": [_form("child_and_family_plan", "CFP-33")],
        },
    }


def _record(record_id: str, began: date) -> Body:
    return {"record_id": record_id, "started_on": str(began), "active": True}


def _child(child_id: str, name: str, born: str) -> Body:
    return {"child_id": child_id, "name": name, "date_of_birth": born}


def _form(form: str, record_id: str) -> Body:
    return {"form": form, "record_id": record_id}
