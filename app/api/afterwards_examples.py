"""Request examples of what follows a transfer. Tests replay them as the others."""

from typing import Any

REVIEW: dict[str, Any] = {
    "review": "IS-15-review",
    "at": "2026-12-24T10:00:00Z",
    "outcome": "as_hoped",
    "findings": "School attendance is steady, and the family goes to its group.",
    "outcomes_achieved": "Two of three; bedtimes take longer.",
}
FEEDBACK: dict[str, Any] = {
    "said_by": "child",
    "child_id": "DUR1001",
    "about": "transfer",
    "words": "I was glad that my old worker came along the first time.",
    "given_on": "2026-11-19",
    "how": "oral",
}
REVIEWED = {"example": {"summary": "After a month", "value": REVIEW}}
SAID = {"example": {"summary": "A child's voice", "value": FEEDBACK}}
