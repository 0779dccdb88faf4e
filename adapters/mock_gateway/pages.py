"""The duty trays as pages: Pickup, and the link that starts the record (DL 8, DL 19)."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import FileResponse, RedirectResponse
from pydantic import TypeAdapter

from adapters.mock_gateway.case_system import CaseSystem
from adapters.mock_gateway.duty_task import ChildLeftOut
from adapters.mock_gateway.entered import Entries, entries
from adapters.mock_gateway.fields import Identifier, Line, Reference, Text
from adapters.mock_gateway.gateway import Gateway, ThisGateway
from adapters.mock_gateway.problems import Refusal
from adapters.mock_gateway.rendering import TEMPLATES, PageRoute, page

LINE: TypeAdapter[str] = TypeAdapter(Line)
REFERENCE: TypeAdapter[str] = TypeAdapter(Reference)
CHILD: TypeAdapter[str] = TypeAdapter(Identifier)
TEXT: TypeAdapter[str] = TypeAdapter(Text)
Entered = Annotated[Entries, Depends(entries)]


def page_routes(system: CaseSystem) -> APIRouter:
    """Build the pages of the duty trays."""
    router = APIRouter(include_in_schema=False, route_class=PageRoute)

    @router.get("/")
    async def show_trays(request: Request, gateway: ThisGateway) -> Response:
        trays = [
            (code, team, _count(gateway, code, "waiting"), _count(gateway, code, "picked_up"))
            for code, team in gateway.tasks.trays.items()
        ]
        return page(request, "trays.html", trays=trays)

    @router.get("/pages/style.css")
    async def style() -> Response:
        return FileResponse(TEMPLATES / "style.css", media_type="text/css")

    @router.get("/trays/{code}")
    async def show_tray(request: Request, code: str, gateway: ThisGateway) -> Response:
        return _tray(request, gateway, code)

    @router.post("/trays/{code}/pick-up")
    async def pick_up(
        request: Request, code: str, gateway: ThisGateway, entered: Entered
    ) -> Response:
        try:
            reference = entered.get("reference", REFERENCE, "reference")
            gateway.tasks.pick_up(reference, entered.get("worker", LINE, "worker id"))
        except Refusal as refusal:
            return _tray(request, gateway, code, refusal)
        return RedirectResponse(f"/trays/{quote(code)}", 303)

    @router.post("/trays/{code}/start")
    async def start(
        request: Request, code: str, gateway: ThisGateway, entered: Entered
    ) -> Response:
        try:
            reference = entered.get("reference", REFERENCE, "reference")
            worker = entered.get("worker", LINE, "worker id")
            task = gateway.tasks.start(reference, worker, _left_out(entered))
        except Refusal as refusal:
            return _tray(request, gateway, code, refusal)
        return RedirectResponse(f"/pages/{system.records}/{task.records[0].record_id}", 303)

    return router


def _left_out(entered: Entries) -> list[ChildLeftOut]:
    """The children who were ticked as not taken, with the one reason that was entered.

    Raises:
        Refusal: Somebody was ticked without a reason.
    """
    ticked = entered.every("not_taken", CHILD, "child")
    reason = entered.get("reason", TEXT, "reason") if ticked else ""
    return [ChildLeftOut(child_id=child, reason=reason) for child in ticked]


def _count(gateway: Gateway, tray: str, state: str) -> int:
    """Count the tasks of a tray in one state."""
    return sum(task.state == state for task in gateway.tasks.in_tray(tray))


def _tray(
    request: Request, gateway: Gateway, code: str, problem: Refusal | None = None
) -> Response:
    """Show a tray and what went wrong with it, if anything did."""
    tasks = gateway.tasks.in_tray(code)
    team = gateway.tasks.trays[code]
    return page(request, "tray.html", problem, code=code, team=team, tasks=tasks)
