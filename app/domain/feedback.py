"""What children and families say of the help and the change, in their words (CE M28, RO 7)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Voice(StrEnum):
    """Who said it."""

    CHILD = "child"
    YOUNG_PERSON = "young_person"
    PARENT = "parent"
    CARER = "carer"
    FAMILY = "family"


class About(StrEnum):
    """What they speak of: the service they came from, the one they came to, or the change."""

    ORIGIN = "origin"
    RECEIVING = "receiving"
    TRANSFER = "transfer"


class Heard(StrEnum):
    """How it was said; `shown` by a drawing, in play, or otherwise without words."""

    ORAL = "oral"
    WRITTEN = "written"
    SHOWN = "shown"
    THROUGH_AN_ADVOCATE = "through_an_advocate"


@dataclass(frozen=True, slots=True)
class Feedback:
    """One thing that was said; `words` never leave the record, and go to no case system."""

    said_by: Voice
    about: About
    words: str
    given_on: date
    how: Heard
    recorded_by: str
    recorded_at: datetime
    child_id: str | None = None

    @property
    def childs_voice(self) -> bool:
        """Whether a child or a young person speaks."""
        return self.said_by in (Voice.CHILD, Voice.YOUNG_PERSON)
