"""Request examples of subscriptions. Tests replay them as the others."""

from typing import Any

from fastapi.openapi.models import Example

SUBSCRIPTION_ID = "9d0c1f7e-4b0a-4c53-8f3b-6b7a0e9f2d11"
ADDRESS = "https://events.council.example/transfers"


def _one(summary: str, value: dict[str, Any]) -> dict[str, Example]:
    return {"example": {"summary": summary, "value": value}}


SUBSCRIBE = _one(
    "The council's integration hub",
    {
        "name": "Integration hub",
        "url": ADDRESS,
        "events": ["transfer.dispatched", "transfer.declined", "referral_date.corrected"],
    },
)
CHANGE = _one("It is being moved: keep what happens", {"state": "paused"})
ROTATE = _one("Both sign for a day", {"overlap_hours": 24})
