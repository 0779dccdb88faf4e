"""Request examples of what is done in meetings. Tests replay them as the others."""

from typing import Any

from fastapi.openapi.models import Example

MEETING_ID = "9d6a1c1e-8f0e-4b56-9d2a-3c1f6f0a7b21"
ACTION_ID = "2f4d7a90-6c1b-4e0f-8a55-71c0f2d9e3b4"


def _one(summary: str, value: dict[str, Any]) -> dict[str, Example]:
    return {"example": {"summary": summary, "value": value}}


PLAN = _one("An extraordinary meeting", {"series": "weekly", "starts_at": "2026-11-27T14:00:00Z"})
DECIDE = _one(
    "Agreed, with something to do",
    {
        "outcome": "agreed",
        "rationale": "Three worries stand, and the family asked for more help.",
        "themes": [],
        "actions": [
            {
                "what": "Tell the school who leads from now on",
                "owner": "One Point Manager",
                "due_on": "2026-11-24",
            }
        ],
    },
)
MILESTONE = _one(
    "The minutes are in the document store",
    {"name": "minutes_uploaded", "at": "2026-11-20T10:00:00Z"},
)
CALL_OFF = _one("Nobody can chair it", {"reason": "Neither chair nor deputy can come."})
ATTENDANCE = _one(
    "The chair sent apologies, and the deputy came",
    {
        "people": [
            {
                "name": "Service Manager",
                "represents": "Families First",
                "role": "chair",
                "status": "apologies",
                "feedback": "The school has been told.",
            },
            {
                "name": "Deputy Manager",
                "represents": "One Point",
                "role": "deputy_chair",
                "status": "attended",
                "deputises_for": "Service Manager",
            },
        ]
    },
)
