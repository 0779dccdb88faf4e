"""Request examples of consent and of other bases for sharing. Tests replay them as the others."""

from typing import Any

from fastapi.openapi.models import Example

CONSENT_ID = "8f14e45f-ceea-4a67-9a3c-2b1f0c9d7e55"


def _one(summary: str, value: dict[str, Any]) -> dict[str, Example]:
    return {"example": {"summary": summary, "value": value}}


JOINT_VISIT: dict[str, Any] = {
    "scope": "joint_visit",
    "given_by": "Sam Example, mother",
    "given_on": "2026-11-19",
    "how": "oral",
    "informed": True,
    "explicit": True,
    "expires_on": "2026-12-31",
}
CONSENT = _one("To a joint visit, until the end of the year", JOINT_VISIT)
WITHDRAWN: dict[str, Any] = {
    "at": "2026-11-20T09:00:00Z",
    "comment": "Sam rang: they would rather meet each worker alone.",
}
WITHDRAW = _one("By telephone", WITHDRAWN)
CONTINUE = _one(
    "Nothing more is shared",
    {"decision": "continue", "comment": "The transfer goes on without a joint visit."},
)
SECTION_47: dict[str, Any] = {
    "scope": "joint_visit",
    "basis": "section_47",
    "says": "Enquiries were opened after the strategy discussion of 19 November.",
    "ends_on": None,
}
BASIS = _one("Enquiries under section 47", SECTION_47)
