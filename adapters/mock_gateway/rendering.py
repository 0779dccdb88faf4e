"""Pages for people: plain HTML, no script, nothing fetched from elsewhere."""

from collections.abc import Callable, Coroutine
from datetime import date, datetime
from pathlib import Path
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException

from adapters.mock_gateway.clock import LONDON
from adapters.mock_gateway.gateway import gateway_of
from adapters.mock_gateway.problems import Refusal

TEMPLATES = Path(__file__).parent / "templates"


def _day(value: date) -> str:
    """Write a day as people do: 20 November 2026."""
    return f"{value.day} {value:%B %Y}"


def _moment(value: datetime) -> str:
    """Write an instant in local time: 20 November 2026, 09:30."""
    local = value.astimezone(LONDON)
    return f"{_day(local.date())}, {local:%H:%M}"


_pages = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_pages.filters |= {"day": _day, "moment": _moment}


def page(
    request: Request, template: str, problem: Refusal | None = None, **told: object
) -> HTMLResponse:
    """Render a page; a problem stands at its top and gives it its status."""
    gateway = gateway_of(request)
    text = _pages.get_template(template).render(
        system=gateway.system, problem=problem, now=gateway.clock.now(), **told
    )
    status = problem.kind.status if problem else 200
    return HTMLResponse(text, status_code=status)


class PageRoute(APIRoute):
    """A route for people: whatever is refused, they read it on a page."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the route, so that a refusal becomes a page."""
        serve = super().get_route_handler()

        async def serve_page(request: Request) -> Response:
            try:
                return await serve(request)
            except Refusal as refusal:
                problem = refusal
            except RequestValidationError:
                problem = Refusal("invalid", "Go back and check what was entered.")
            except HTTPException as error:
                code = "too_large" if error.status_code == 413 else "malformed"  # noqa: PLR2004
                problem = Refusal(code, "The form cannot be read.")
            return page(request, "refused.html", problem)

        return serve_page
