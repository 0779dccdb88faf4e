"""Request examples of legal holds and subject access. Tests replay them as the others."""

from typing import Any

from fastapi.openapi.models import Example

HOLD_ID = "5d3e8f8a-7f0a-4b3e-9a55-1f0c6f0b7a21"
REQUEST_ID = "c1b5f1c2-3f64-4d0c-8e6f-6a1f1f3d9b42"


def _one(summary: str, value: dict[str, Any]) -> dict[str, Example]:
    return {"example": {"summary": summary, "value": value}}


PLACE_HOLD = _one(
    "A child safeguarding practice review",
    {"reason": "safeguarding_practice_review", "child_id": "DUR1001"},
)
LIFT_HOLD = _one("The review is over", {"reason": "concluded"})
REQUEST = _one(
    "A young person asks for what is held on them",
    {"child_id": "DUR1001", "applicant": "child", "received_on": "2026-11-18"},
)
EXTEND = _one("There is much to read", {"reason": "complexity"})
DECIDE = _one(
    "Released without what a professional said in a dispute",
    {
        "serious_harm_considered": True,
        "withheld": [{"part": "disagreements", "reason": "serious_harm"}],
    },
)
