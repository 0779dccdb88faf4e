"""Request examples of the OpenAPI document. Tests replay every one against the service.

The child, the people and the teams are made up; the ids are those of the sample directory.
"""

from typing import Any

from fastapi.openapi.models import Example

TRANSFER_ID = "0b0f3d9e-52c7-4d6e-9f7a-4a4f2a6f1c55"

CHILD = {
    "child_id": "DUR1001",
    "name": "Alex Example",
    "date_of_birth": "2017-03-09",
    "nhs_number": "9434765919",
    "upn": "A950000178301",
    "upn_unknown": None,
}
FORM_STEP_UP: dict[str, Any] = {
    "date_of_transfer": "2026-11-20",
    "comments": "New risks have come up at home; agreed at the meeting to step up.",
    "recipient": "ff-bishop",
    "meeting": {
        "held_on": "2026-11-18",
        "chair": "Team Manager, Families First",
        "decision": "agreed",
        "notes": "Threshold met.",
    },
    "forms": [
        {
            "form": "ehm_contact_record",
            "record_id": "ECR-2041",
            "completed_on": "2026-11-17",
            "fields": {
                "reason_for_contact": "Neglect",
                "views_of_child": "Wants to stay at school",
            },
        }
    ],
    "primary_need": "N1",
}
FORM_STEP_DOWN: dict[str, Any] = {
    "date_of_transfer": "2026-11-20",
    "comments": "Risks have reduced; the family asks for help with routines.",
    "recipient": "op-bishop",
    "meeting": {"held_on": "2026-11-18", "decision": "agreed"},
    "forms": [
        {"form": "child_and_family_assessment", "record_id": "CFA-310", "fields": {}},
        {"form": "child_and_family_plan", "record_id": "CFP-311", "fields": {}},
    ],
    "references": [{"form": "chronology", "record_id": "CHR-77"}],
}
STEP_UP: dict[str, Any] = {
    "pathway": "step_up",
    "route": "meeting",
    "origin": {"kind": "manual"},
    "origin_record": {"record_id": "EHE-1001", "started_on": "2026-05-04", "active": True},
    "origin_team": "op-bishop",
    "origin_lead": "Kim Example",
    "children": [CHILD],
    "form": FORM_STEP_UP,
}
STEP_DOWN: dict[str, Any] = {
    "pathway": "step_down",
    "route": "meeting",
    "origin": {"kind": "child_in_need_plan_finalised", "stage_record_id": "CIN-88"},
    "origin_record": {"record_id": "REF-2002", "started_on": "2026-02-02", "active": True},
    "origin_team": "ff-bishop",
    "children": [CHILD],
    "form": FORM_STEP_DOWN,
}


def _one(summary: str, value: dict[str, Any]) -> dict[str, Example]:
    return {"example": {"summary": summary, "value": value}}


OPEN: dict[str, Example] = {
    "step_up": {"summary": "A step up, started by hand", "value": STEP_UP},
    "step_down": {"summary": "A step down after the CIN plan", "value": STEP_DOWN},
}
EDIT = _one("Two fields", {"comments": "As agreed on the telephone.", "recipient": "ff-bishop"})
SUBMIT = _one("The weekly meeting", {"series": "weekly", "starts_at": "2026-11-25T14:00:00Z"})
RETURN = _one("Something is missing", {"comment": "Please attach the latest plan."})
REDIRECT = _one(
    "The family has moved",
    {"recipient": "ff-chester", "comment": "The family lives in Chester-le-Street now."},
)
PICK_UP = _one("Told by LCS or EHM", {"worker": "ff.manager"})
DECLINE = _one(
    "Below the threshold",
    {"reason": "threshold_not_met", "comment": "Early help has not been tried yet."},
)
START = _one(
    "A referral, entered by hand",
    {
        "records": [
            {
                "child_id": "DUR1001",
                "record_id": "REF-5001",
                "created_at": "2026-11-20T09:30:00Z",
                "dated": "2026-05-04",
            }
        ]
    },
) | {
    "siblings": {
        "summary": "One of two children is not taken",
        "value": {
            "records": [
                {
                    "child_id": "DUR1001",
                    "record_id": "REF-5001",
                    "created_at": "2026-11-20T09:30:00Z",
                    "dated": "2026-05-04",
                }
            ],
            "not_taken": [
                {
                    "child_id": "DUR1002",
                    "reason": "threshold_not_met",
                    "comment": "Billie lives with an aunt and is safe there.",
                }
            ],
        },
    }
}
ALLOCATE = _one("A social worker", {"worker": "ff.socialworker"})
COMPLETE = _one("All is done", {"comment": "The episode was closed on paper."})
CANCEL = _one(
    "A mistake", {"reason": "entered_in_error", "comment": "Opened for the wrong episode."}
)
LCS_CALLBACK = {
    "picked_up": {
        "summary": "Pickup was pressed",
        "value": {
            "type": "duty_task.picked_up",
            "occurred_at": "2026-11-20T09:15:00Z",
            "data": {"reference": f"{TRANSFER_ID}.1", "worker": "ff.manager"},
        },
    },
    "referral_created": {
        "summary": "Start New Referral was pressed",
        "value": {
            "type": "referral.created",
            "occurred_at": "2026-11-20T09:30:00Z",
            "data": {
                "reference": f"{TRANSFER_ID}.1",
                "worker": "ff.manager",
                "records": [
                    {
                        "child_id": "DUR1001",
                        "record_id": "REF-5001",
                        "created_at": "2026-11-20T09:30:00Z",
                        "dated": "2026-05-04",
                    }
                ],
            },
        },
    },
}
EHM_CALLBACK = {
    "picked_up": {
        "summary": "Pickup was pressed",
        "value": {
            "type": "duty_task.picked_up",
            "occurred_at": "2026-11-20T09:15:00Z",
            "data": {"reference": f"{TRANSFER_ID}.1", "worker": "op.manager"},
        },
    },
}
REPLAY = _one("The tray exists now", {"reason": "tray_mended"})
