"""Scripted faults: what goes wrong, on which operation, and how many times."""

import random
from typing import Annotated, Literal

from pydantic import Field

from adapters.mock_gateway.sent import Sent

WireFault = Literal[
    "server_error",
    "too_many_requests",
    "unauthorised",
    "garbage",
    "reset_before_processing",
    "reset_after_processing",
]
FaultName = Literal[
    WireFault,
    "delay",
    "ignore_amendment",
    "refuse_amendment",
    "recopy_date",
    "lose_callback",
    "swap_child",
]
WIRE: tuple[FaultName, ...] = (
    "server_error",
    "too_many_requests",
    "unauthorised",
    "garbage",
    "reset_before_processing",
    "reset_after_processing",
)
TOKEN_OPERATION = "issueToken"  # noqa: S105  the name of an operation


class Fault(Sent):
    """A fault to come.

    `any` means every operation but `issueToken`, so that a script does not depend on when a
    client asks for a token. For `lose_callback` the operation may also be a callback's type.
    With a `share` below 1 it meets that part of the calls, and leaves the others to go well.
    """

    fault: FaultName
    operation: str = "any"
    times: Annotated[int, Field(ge=1, le=100_000)] = 1
    share: Annotated[float, Field(gt=0, le=1)] = 1
    seconds: Annotated[float, Field(ge=0, le=300, allow_inf_nan=False)] = 0.5
    status: Annotated[int, Field(ge=500, le=599)] = 503
    retry_after: Annotated[int, Field(ge=0, le=10**9)] = 1
    body: Annotated[str, Field(max_length=100_000)] = '{"result": "OK"}'


class Faults:
    """The faults still to come, first come first served."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Script one more fault."""
        self.waiting.append(fault)

    def take(self, operation: str, *names: FaultName) -> Fault | None:
        """Use up one turn of the first such fault that this operation has coming."""
        for place, fault in enumerate(self.waiting):
            anyone = fault.operation == "any" and operation != TOKEN_OPERATION
            met = fault.fault in names and (anyone or fault.operation == operation)
            if met and (fault.share == 1 or random.random() < fault.share):  # noqa: S311 - no secret
                left = fault.model_copy(update={"times": fault.times - 1})
                self.waiting[place : place + 1] = [left] if left.times else []
                return fault
        return None

    def clear(self) -> None:
        """Call off every fault."""
        self.waiting.clear()
