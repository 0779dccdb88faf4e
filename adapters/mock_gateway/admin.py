"""The mock's own controls, which no real gateway has and the contract leaves out."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import AwareDatetime, BaseModel, Field

from adapters.mock_gateway.callbacks import CallbackEntry
from adapters.mock_gateway.faults import Fault
from adapters.mock_gateway.gateway import ThisGateway
from adapters.mock_gateway.operations import Operations
from adapters.mock_gateway.problems import Refusal
from adapters.mock_gateway.request_log import LogEntry
from adapters.mock_gateway.sent import Sent

Moment = Annotated[AwareDatetime, Field(strict=False)]


class ClockSetting(Sent):
    """The time to stop at; null lets time run again."""

    now: Moment | None


class ClockFace(BaseModel):
    """The mock's time."""

    now: datetime
    frozen: bool


class FaultList(BaseModel):
    """The faults still to come."""

    items: list[Fault]


class Requests(BaseModel):
    """The gateway requests since the last reset."""

    items: list[LogEntry]


class SentCallbacks(BaseModel):
    """The callbacks since the last reset."""

    items: list[CallbackEntry]


router = APIRouter(prefix="/admin", include_in_schema=False)


@router.post("/reset", status_code=204)
async def reset(gateway: ThisGateway) -> None:
    """Begin again with an empty mock; tokens stay valid."""
    gateway.reset()


@router.get("/log")
async def read_log(gateway: ThisGateway) -> Requests:
    """List the requests, also those whose answer was dropped."""
    return Requests(items=gateway.log.entries)


@router.get("/callbacks")
async def read_callbacks(gateway: ThisGateway) -> SentCallbacks:
    """List the callbacks, also those that were lost."""
    return SentCallbacks(items=gateway.callbacks.log)


@router.put("/clock")
async def set_clock(setting: ClockSetting, gateway: ThisGateway) -> ClockFace:
    """Stop the mock's time, or let it run.

    Raises:
        Refusal: No record could be of that time.
    """
    if setting.now is not None and not 1950 <= setting.now.year <= 2090:  # noqa: PLR2004
        raise Refusal("invalid", "Choose a time between 1950 and 2090.")
    gateway.clock.frozen = setting.now
    return ClockFace(now=gateway.clock.now(), frozen=setting.now is not None)


@router.post("/faults", status_code=201)
async def add_fault(fault: Fault, gateway: ThisGateway, request: Request) -> FaultList:
    """Script a fault.

    Raises:
        Refusal: No operation has that name.
    """
    known: Operations = request.app.operations
    if fault.operation not in known.names | known.callbacks | {"any"}:
        raise Refusal("invalid", "The operation is an operationId of the contract, or any.")
    gateway.faults.add(fault)
    return FaultList(items=gateway.faults.waiting)


@router.get("/faults")
async def read_faults(gateway: ThisGateway) -> FaultList:
    """List the faults still to come."""
    return FaultList(items=gateway.faults.waiting)


@router.delete("/faults", status_code=204)
async def clear_faults(gateway: ThisGateway) -> None:
    """Call off every fault."""
    gateway.faults.clear()
