"""The wire in front of a mock: logs every gateway request, and breaks where a script says."""

import asyncio
from typing import Literal

from fastapi.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.mock_gateway import body, connection
from adapters.mock_gateway.faults import WIRE, Fault
from adapters.mock_gateway.gateway import Gateway
from adapters.mock_gateway.operations import Asked
from adapters.mock_gateway.problems import problem
from adapters.mock_gateway.request_log import LogEntry

READ_LIMIT = 2_000_000


class Request:
    """One gateway request on its way through the wire."""

    def __init__(self, gateway: Gateway, asked: Asked, scope: Scope, receive: Receive) -> None:
        headers = dict(scope["headers"])
        self.gateway = gateway
        self.asked = asked
        self.scope = scope
        self.receive = receive
        key: bytes | None = headers.get(b"idempotency-key")
        self.entry = LogEntry(
            at=gateway.clock.now(),
            method=scope["method"],
            path=scope["path"],
            operation=asked.operation,
            reference=asked.reference,
            idempotency_key=key.decode("latin-1") if key is not None else None,
        )
        gateway.log.entries.append(self.entry)

    async def serve(self, app: ASGIApp, send: Send) -> None:
        """Let the application serve the request, unless a fault gets in the way."""
        messages = await body.read(self.receive, READ_LIMIT)
        again = body.replayed(messages, self.receive)
        if body.size(messages) > READ_LIMIT:
            await problem("too_large", "Send less.")(self.scope, again, self._noting(send, "sent"))
            return
        self.entry.reference = self.asked.reference or body.reference_in(messages)
        await self._delay()
        fault = self.gateway.faults.take(self.asked.operation, *WIRE)
        if fault is None:
            self.entry.processed = True
            await app(self.scope, again, self._noting(send, "sent"))
            return
        self.entry.fault = fault.fault
        if fault.fault == "reset_after_processing":
            self.entry.processed = True
            await app(self.scope, again, self._noting(send, "swallowed"))
        answer = faulty_answer(fault)
        if answer is None:
            await connection.drop(self.receive)
        else:
            await answer(self.scope, again, self._noting(send, "sent"))

    async def _delay(self) -> None:
        """Wait, where a fault makes this operation slow."""
        delay = self.gateway.faults.take(self.asked.operation, "delay")
        if delay:
            self.entry.fault = "delay"
            await asyncio.sleep(delay.seconds)

    def _noting(self, send: Send, fate: Literal["sent", "swallowed"]) -> Send:
        """Note the status of the answer, and whether there was anyone to send it to."""

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.entry.status = message["status"]
                self.entry.answered = fate == "sent" and not connection.is_gone(self.receive)
            if fate == "sent":
                await send(message)

        return noted


def faulty_answer(fault: Fault) -> Response | None:
    """Write the answer of a fault; a dropped connection has none."""
    match fault.fault:
        case "server_error":
            return problem("server_error", "A scripted fault.", status=fault.status)
        case "too_many_requests":
            wait = {"Retry-After": str(fault.retry_after)}
            return problem("too_many_requests", "A scripted fault.", headers=wait)
        case "unauthorised":
            challenge = {"WWW-Authenticate": "Bearer"}
            return problem("unauthorised", "A scripted fault.", headers=challenge)
        case "garbage":
            return Response(fault.body.encode(errors="replace"), media_type="application/json")
        case _:
            return None
