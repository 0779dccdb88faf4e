"""The referral or episode as a page: save its date, Finalise, Allocate, Close (DL 9, DL 10)."""

from datetime import date
from typing import Literal
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import TypeAdapter

from adapters.mock_gateway.call import must_match
from adapters.mock_gateway.case_system import CaseSystem
from adapters.mock_gateway.entered import Entries
from adapters.mock_gateway.fields import Day
from adapters.mock_gateway.gateway import Gateway, ThisGateway
from adapters.mock_gateway.pages import LINE, Entered
from adapters.mock_gateway.problems import Refusal
from adapters.mock_gateway.records import Change, Records
from adapters.mock_gateway.rendering import PageRoute, page

DAY: TypeAdapter[date] = TypeAdapter(Day)
Action = Literal["save", "finalise", "allocate", "close"]


def record_page_routes(system: CaseSystem) -> APIRouter:
    """Build the pages of the records."""
    address = f"/pages/{system.records}/{{record_id}}"
    router = APIRouter(include_in_schema=False, route_class=PageRoute)

    @router.get(address)
    async def show_record(request: Request, record_id: str, gateway: ThisGateway) -> Response:
        return _record(request, gateway, record_id)

    @router.post(f"{address}/{{action}}")
    async def change_record(
        request: Request, record_id: str, action: Action, gateway: ThisGateway, entered: Entered
    ) -> Response:
        try:
            _act(action, gateway.records, record_id, entered)
        except Refusal as refusal:
            return _record(request, gateway, record_id, refusal)
        return RedirectResponse(address.format(record_id=quote(record_id)), 303)

    return router


def _act(action: Action, records: Records, record_id: str, entered: Entries) -> None:
    """Do what a button of the page says.

    Raises:
        Refusal: Something was entered wrongly, or the record does not allow it.
    """
    match action:
        case "save":
            seen = entered.get("version", LINE, "version")
            must_match(f'"{seen}"', records.get(record_id).version)
            label = records.system.date_name
            records.save(record_id, Change(dated=entered.get("dated", DAY, label)))
        case "finalise":
            records.finalise(record_id)
        case "allocate":
            label = records.system.worker_name
            records.allocate(record_id, entered.get("worker", LINE, label))
        case "close":
            reason = entered.get("reason", LINE, "reason")
            records.close(record_id, reason, entered.get("closed_on", DAY, "date of closing"))


def _record(
    request: Request, gateway: Gateway, record_id: str, problem: Refusal | None = None
) -> Response:
    """Show a record, whether its next step is late, and what went wrong, if anything did."""
    record = gateway.records.get(record_id)
    due_on = gateway.system.due_on(record.dated) if gateway.system.due_on else None
    late = due_on is not None and gateway.clock.today() > due_on
    return page(request, "record.html", problem, record=record, due_on=due_on, late=late)
