"""Builds the server of a mock: the same for both systems, but for their records."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from adapters.mock_gateway import admin, handlers, token_route
from adapters.mock_gateway.application import MockServer
from adapters.mock_gateway.call import admit
from adapters.mock_gateway.case_system import CaseSystem
from adapters.mock_gateway.duty_task_routes import sender_routes
from adapters.mock_gateway.gateway import Gateway
from adapters.mock_gateway.pages import page_routes
from adapters.mock_gateway.problems import Refusal
from adapters.mock_gateway.record_pages import record_page_routes
from adapters.mock_gateway.seeding import seed_routes
from adapters.mock_gateway.settings import MockSettings
from adapters.mock_gateway.tray_routes import receiver_routes
from adapters.mock_gateway.webhooks import document_callbacks

_ABOUT = """The gateway in front of {name}: what a transfer service may ask of it.

A task is delivered to a duty tray, picked up there and started (DL 8, DL 19). Errors are
RFC 9457 problem details with a `code`. A field that is not defined is refused."""
MAX_BODY = 2_000_000


def build(system: CaseSystem, settings: MockSettings, records: APIRouter) -> MockServer:
    """Build a mock of this system around the routes of its records."""
    gateway = Gateway(system, settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await gateway.callbacks.stop()

    app = MockServer(
        title=f"{system.name} gateway",
        version="1.0.0",
        description=_ABOUT.format(name=system.name),
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        max_body_size=MAX_BODY,
    )
    app.state.gateway = gateway
    app.include_router(token_route.router)
    for router in (sender_routes(system), receiver_routes(system), records):
        app.include_router(router, dependencies=[Depends(admit)])
    app.include_router(page_routes(system))
    app.include_router(record_page_routes(system))
    app.include_router(admin.router)
    app.include_router(seed_routes(system.records))
    document_callbacks(app, system)
    app.add_exception_handler(Refusal, handlers.refused)
    app.add_exception_handler(RequestValidationError, handlers.invalid)
    app.add_exception_handler(HTTPException, handlers.not_served)
    return app
