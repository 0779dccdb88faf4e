"""Examples of acts on many transfers at once."""

from typing import Any

PERSON = "op.worker"
REASSIGN: dict[str, Any] = {
    "example": {
        "summary": "A practitioner leaves",
        "value": {"to": "op.keyworker", "team": "op-bishop", "comment": "Leaves on Friday."},
    }
}
RENAME: dict[str, Any] = {
    "example": {"summary": "A new name", "value": {"name": "One Point South West"}}
}
CLOSE: dict[str, Any] = {
    "example": {
        "summary": "Two teams become one",
        "value": {"successor": "op-east", "comment": "The two teams become one."},
    }
}
