"""Reading a created record out of a gateway's answer."""

from datetime import date
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from adapters.http import Answer
from app.outbox.tray import RecordIdentity, TrayUnavailable

Record = TypeVar("Record", bound=BaseModel)


class RecordChild(BaseModel):
    """The child whose record it is."""

    child_id: str
    name: str
    date_of_birth: date

    def identity(self) -> RecordIdentity:
        """In the port's words."""
        return RecordIdentity(self.child_id, self.name, self.date_of_birth)


def read_as(shape: type[Record], answer: Answer) -> Record:
    """The answer as a record of that shape.

    Raises:
        TrayUnavailable: it is none; the system may answer properly later.
    """
    try:
        return shape.model_validate(answer.body)
    except ValidationError as error:
        raise TrayUnavailable(f"an answer that is no {shape.__name__.lower()}") from error
