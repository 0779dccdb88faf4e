"""Request examples of restricted records and break-glass reading. Tests replay them as the others.

The people are those of the sample directory.
"""

from typing import Any

from fastapi.openapi.models import Example

DENIED: dict[str, Any] = {
    "kind": "conflict_of_interest",
    "people": ["op.keyworker"],
    "reason": "related_to_the_family",
    "note": "The child is a nephew of theirs.",
}
RESTRICT: dict[str, Example] = {
    "conflict": {"summary": "Kept from a relative", "value": DENIED},
    "named_only": {
        "summary": "Open to named people alone",
        "value": {
            "kind": "named_only",
            "people": ["op.keyworker"],
            "reason": "family_of_a_colleague",
            "note": "The parent works for the council.",
        },
    },
}
LIFT: dict[str, Example] = {
    "example": {
        "summary": "No conflict any more",
        "value": {"kind": "conflict_of_interest", "people": ["op.chester.manager"]},
    }
}
BREAK_GLASS: dict[str, Example] = {
    "example": {
        "summary": "Out of hours",
        "value": {
            "reason": "immediate_risk_of_harm",
            "note": "The police called about the child tonight; the team is not on duty.",
        },
    }
}
