"""Middleware: a request id, a log line and a count for every request.

Nothing personal is logged: the route's template instead of the path, no query, no subject.
"""

import re
import time
from uuid import uuid4

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.problems import problem
from app.logs import place

log = structlog.get_logger()
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{1,64}", re.ASCII)


class Telemetry:
    """The middleware; nothing that fails gets past it."""

    def __init__(self, app: ASGIApp, registry: CollectorRegistry) -> None:
        self.app = app
        self._requests = Counter(
            "transfers_requests", "Requests", ["method", "route", "status"], registry=registry
        )
        self._seconds = Histogram(
            "transfers_request_seconds", "Time to answer", ["method", "route"], registry=registry
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else str(uuid4())
        structlog.contextvars.bind_contextvars(request_id=request_id)
        began, status, answering = time.perf_counter(), 500, False

        async def sending(message: Message) -> None:
            nonlocal status, answering
            if message["type"] == "http.response.start":
                status, answering = message["status"], True
                MutableHeaders(scope=message)["X-Request-Id"] = request_id
            await send(message)

        try:
            await self.app(scope, receive, sending)
        except Exception as error:
            log.error("unexpected", error=type(error).__name__, at=place(error))  # noqa: TRY400
            if answering:
                raise
            await problem("unexpected")(scope, receive, sending)
        finally:
            took = time.perf_counter() - began
            route = getattr(scope.get("route"), "path", "unknown")
            self._requests.labels(scope["method"], route, status).inc()
            self._seconds.labels(scope["method"], route).observe(took)
            log.info(
                "request",
                method=scope["method"],
                route=route,
                status=status,
                ms=round(took * 1000, 1),
            )
            structlog.contextvars.unbind_contextvars("request_id")
