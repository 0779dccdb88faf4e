"""Which operation of the contract a request asks for, known before it is processed."""

import re
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Asked:
    """The operation asked for, and the reference in its path."""

    operation: str
    reference: str | None


class Operations:
    """The operations of one contract document."""

    def __init__(self, contract: dict[str, Any]) -> None:
        self.callbacks = frozenset(contract["webhooks"])
        self._known = [
            (method.upper(), re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", path)), asked)
            for path, methods in contract["paths"].items()
            for method, asked in ((name, told["operationId"]) for name, told in methods.items())
        ]
        self.names = frozenset(asked for _, _, asked in self._known)

    def find(self, method: str, path: str) -> Asked | None:
        """Find the operation at an address, if the contract has one there."""
        for known, address, operation in self._known:
            found = address.fullmatch(path)
            if found and known == method:
                return Asked(operation, found.groupdict().get("reference"))
        return None
