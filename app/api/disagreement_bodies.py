"""Request bodies of disagreements, and their examples, which tests replay."""

from datetime import datetime
from typing import Annotated, Any

from fastapi.openapi.models import Example
from pydantic import Field

from app.api.fields import Body, Code, Words
from app.domain.disagreement import Disagreement

DISAGREEMENT_ID = "7d0c1b52-3f7e-4f0a-9a0e-6b1d2c3e4f50"


class DisagreementBody(Body):
    """What is disagreed on: kinds of the protocol's, and in words."""

    kinds: Annotated[list[Code], Field(min_length=1, max_length=20)]
    about: Words

    def value(self, disagreement_id: str, by: str, now: datetime) -> Disagreement:
        """In the domain's words."""
        return Disagreement(disagreement_id, tuple(self.kinds), self.about, by, now)


class EscalateBody(Body):
    """Why it goes up, and how far."""

    comment: Words
    level: Code | None = Field(default=None, description="The next one, where left out")


class ResolveBody(Body):
    """How it ends, as one of the protocol's outcomes, and why."""

    outcome: Code
    rationale: Words


def _one(summary: str, value: dict[str, Any]) -> dict[str, Example]:
    return {"example": {"summary": summary, "value": value}}


RAISE = _one(
    "The step is not agreed on",
    {"kinds": ["not_agreed"], "about": "The school and we see more risk than the meeting did."},
)
ESCALATE = _one("To the next level", {"comment": "We could not agree within the day."})
RESOLVE = _one(
    "It goes ahead",
    {"outcome": "goes_ahead", "rationale": "The new report of the school decides it."},
)
