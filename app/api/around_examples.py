"""Request examples of what is recorded around a transfer. Tests replay them as the others."""

from typing import Any

from fastapi.openapi.models import Example

MEMBER_ID = "5c9d4f6a-0d9b-4e55-8b0e-2f6f5d1c7a10"
CLOCK = "HZ-3-pick-up"


def _one(summary: str, value: dict[str, Any]) -> dict[str, Example]:
    return {"example": {"summary": summary, "value": value}}


MILESTONE = _one(
    "The origin has begun to close",
    {"name": "origin_closing_begun", "at": "2026-11-20T10:00:00Z"},
)
SCHOOL: dict[str, Any] = {
    "name": "Kim Example",
    "agency": "Bishop Primary School",
    "purpose": "Attendance, and breakfast on school days",
    "stepped_in_at": "2026-11-19T09:00:00Z",
}
STEP_IN = _one("The school", SCHOOL)
STEP_OUT = _one("The need is met", {"at": "2026-11-20T10:00:00Z"})
PAUSE = _one(
    "Nobody can be reached",
    {"reason": "family_away", "comment": "The family is away until the end of the week."},
)
RESUME = _one(
    "They are back",
    {"reason": "family_back", "comment": "The family came back a day sooner."},
)
