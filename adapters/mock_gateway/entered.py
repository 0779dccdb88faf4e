"""What a person entered into a form on a page, checked like anything else."""

from typing import TypeVar

from fastapi import Request
from pydantic import TypeAdapter, ValidationError

from adapters.mock_gateway.problems import Refusal

Entered = TypeVar("Entered")


class Entries:
    """The entries of one form."""

    def __init__(self, fields: dict[str, list[str]]) -> None:
        self._fields = fields

    def get(self, name: str, kind: TypeAdapter[Entered], label: str) -> Entered:
        """Read one entry.

        Raises:
            Refusal: It is missing, or not of that kind.
        """
        try:
            return kind.validate_python(self._fields.get(name, [""])[0].strip())
        except ValidationError:
            raise Refusal("invalid", f"Enter a valid {label}.") from None

    def every(self, name: str, kind: TypeAdapter[Entered], label: str) -> list[Entered]:
        """Read all entries of that name, such as the boxes that were ticked.

        Raises:
            Refusal: One is not of that kind.
        """
        try:
            return [kind.validate_python(value) for value in self._fields.get(name, [])]
        except ValidationError:
            raise Refusal("invalid", f"Enter a valid {label}.") from None


async def entries(request: Request) -> Entries:
    """Read the form of a request."""
    form = await request.form(max_files=0, max_fields=50)
    found = {name: [x for x in form.getlist(name) if isinstance(x, str)] for name in form}
    return Entries({name: values for name, values in found.items() if values})
