"""The examples in the contract files, in the words of each system."""

from typing import Any

from adapters.mock_gateway.case_system import CaseSystem

_STEP_UP: dict[str, Any] = {
    "route": "meeting",
    "date_of_transfer": "2026-11-20",
    "comments": "New risks: two missing episodes in a week, and a police report.",
    "from_team": "One Point Bishop Auckland",
    "from_worker": "kw-017",
    "origin_record": {"record_id": "EP-2041", "started_on": "2026-03-02"},
    "forms": [
        {
            "form": "ehm_contact_record",
            "record_id": "F-88231",
            "completed_on": "2026-11-18",
            "fields": {"reason_for_contact": "Missing from home twice in a week"},
        },
    ],
    "referral_source": "5D",
    "next_lead_professional": None,
}
_STEP_DOWN: dict[str, Any] = {
    "route": "meeting",
    "date_of_transfer": "2026-11-20",
    "comments": "Assessment complete; the family agree to early help.",
    "from_team": "Families First Bishop Auckland",
    "from_worker": "sw-104",
    "origin_record": {"record_id": "RF-7702", "started_on": "2026-08-10"},
    "forms": [
        {
            "form": "child_and_family_assessment",
            "record_id": "F-90177",
            "completed_on": "2026-11-12",
            "fields": {"outcome": "Step Down to Early Help"},
        },
    ],
    "referral_source": None,
    "next_lead_professional": "Deputy head, Example Primary School",
}

LIMIT: dict[str, Any] = {"scopes": ["share_assessment"], "forms": ["F-90177"]}


def new_task(system: CaseSystem) -> dict[str, Any]:
    """Make an example of a task to deliver."""
    return {
        "reference": "TR-2026-000417-1",
        "title": system.title("Durham"),
        "tray": next(iter(system.trays)),
        "pathway": system.pathway,
        "immediate_risk": False,
        "meeting": {
            "held_on": "2026-11-19",
            "chair": "Operations Manager",
            "decision": "agreed",
            "notes": None,
        },
        "children": [
            {
                "child_id": "C100234",
                "name": "Jordan Example",
                "date_of_birth": "2014-05-09",
                "nhs_number": "9990000018",
                "upn": "A950000178301",
                "upn_unknown": None,
            },
        ],
        "primary_need": "N1",
        "statements": {"worry_statements": "Jordan is out at night and nobody knows where."},
        "team_around_the_family": [
            {"name": "A. Nurse", "agency": "0-19 service", "purpose": "Sleep and routines"},
        ],
        **(_STEP_UP if system.pathway == "step_up" else _STEP_DOWN),
    }


def waiting(system: CaseSystem) -> dict[str, Any]:
    """Make an example of a task that waits in its tray."""
    return {
        "reference": "TR-2026-000417-1",
        "task_id": "T-5C1D0A77E3B2",
        "title": system.title("Durham"),
        "tray": next(iter(system.trays)),
        "state": "waiting",
        "received_at": "2026-11-20T09:30:00Z",
        "picked_up_at": None,
        "held_by": None,
        "started_at": None,
        "allocated_to": None,
        "records": [],
        "not_taken": [],
        "withdrawn_scopes": [],
        "restricted_forms": [],
    }


def picked_up(system: CaseSystem) -> dict[str, Any]:
    """Make an example of a task that a worker holds."""
    return waiting(system) | {
        "state": "picked_up",
        "picked_up_at": "2026-11-20T10:05:00Z",
        "held_by": "tm-bishop-01",
    }


def created_record(system: CaseSystem) -> dict[str, Any]:
    """Make an example of a record that was started, with the date it was given."""
    return {
        "child_id": "C100234",
        "record_id": f"{system.record[0].upper()}-93F1C2A07B44",
        "created_at": "2026-11-20T10:07:00Z",
        "dated": "2026-03-02" if system.pathway == "step_up" else "2026-11-20",
    }


def started(system: CaseSystem) -> dict[str, Any]:
    """Make an example of a task that was started."""
    return picked_up(system) | {
        "state": "started",
        "started_at": "2026-11-20T10:07:00Z",
        "records": [created_record(system)],
    }


def answers(system: CaseSystem) -> dict[str, Any]:
    """Name the example answers, for the contract's components."""
    named = {
        "token": {"access_token": "opaque-text", "token_type": "Bearer", "expires_in": 3600},
        "task_waiting": waiting(system),
        "task_picked_up": picked_up(system),
        "task_started": started(system),
        "task_declined": waiting(system) | {"state": "declined"},
        "tray": {"items": [waiting(system)]},
        "task_limited": waiting(system)
        | {"withdrawn_scopes": LIMIT["scopes"], "restricted_forms": LIMIT["forms"]},
        "forms": {"items": [form | {"restricted": False} for form in new_task(system)["forms"]]},
        "tombstone": {"reference": "TR-2026-000417-1", "state": "withdrawn"},
        system.record: system.example,
    }
    return {name: {"value": value} for name, value in named.items()}


def shown(name: str, description: str, **more: object) -> dict[str, Any]:
    """Show a named example in a response of the contract."""
    examples = {name: {"$ref": f"#/components/examples/{name}"}}
    content = {"application/json": {"examples": examples}}
    return {"description": description, "content": content, **more}
