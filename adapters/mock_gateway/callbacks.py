"""Callbacks from a mock to us: in order, signed, retried, and every one accounted for."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import uuid4

import httpx
from pydantic import BaseModel
from standardwebhooks import Webhook

from adapters.mock_gateway.clock import Clock
from adapters.mock_gateway.faults import Faults
from adapters.mock_gateway.settings import MockSettings

WAITS = (0.2, 1.0, 3.0)
_TRUST = httpx.create_ssl_context(trust_env=False)  # once: it reads every authority there is


class CallbackEntry(BaseModel):
    """One callback and what became of it."""

    id: str
    type: str
    body: dict[str, Any]
    state: Literal["pending", "delivered", "failed", "lost", "not_configured"]
    attempts: int = 0
    last_status: int | None = None
    last_error: str | None = None


class Callbacks:
    """Sends one callback after the other, so that none overtakes another."""

    def __init__(self, settings: MockSettings, clock: Clock, faults: Faults) -> None:
        self._url = settings.callback_url
        self._signer = Webhook(settings.callback_secret)
        self._clock = clock
        self._faults = faults
        self._queue: asyncio.Queue[CallbackEntry] = asyncio.Queue()
        self._sender: asyncio.Task[None] | None = None
        self.log: list[CallbackEntry] = []

    def send(self, kind: str, data: BaseModel) -> None:
        """Queue a callback; nobody waits for it."""
        body = {
            "type": kind,
            "occurred_at": self._clock.now().isoformat().replace("+00:00", "Z"),
            "data": data.model_dump(mode="json"),
        }
        entry = CallbackEntry(id=f"msg_{uuid4().hex}", type=kind, body=body, state="pending")
        self.log.append(entry)
        if self._faults.take(kind, "lose_callback"):
            entry.state = "lost"
        elif self._url is None:
            entry.state = "not_configured"
        else:
            self._queue.put_nowait(entry)
            if self._sender is None or self._sender.done():
                self._sender = asyncio.create_task(self._send_in_order(self._url))

    async def _send_in_order(self, url: str) -> None:
        """Empty the queue, then end; the next callback starts again.

        What is queued while a client closes is seen by the outer loop, as nobody starts again yet.
        """
        while not self._queue.empty():
            async with httpx.AsyncClient(timeout=5.0, trust_env=False, verify=_TRUST) as client:
                while not self._queue.empty():
                    await self._send(client, url, self._queue.get_nowait())

    async def _send(self, client: httpx.AsyncClient, url: str, entry: CallbackEntry) -> None:
        """Try a few times, then give up."""
        for wait in (*WAITS, None):
            if await self._attempt(client, url, entry) or wait is None:
                break
            await asyncio.sleep(wait)
        if entry.state == "pending":
            entry.state = "failed"

    async def _attempt(self, client: httpx.AsyncClient, url: str, entry: CallbackEntry) -> bool:
        """Try once: the same id and body, freshly signed with the real time."""
        now = datetime.now(UTC)
        text = json.dumps(entry.body)
        headers = {
            "content-type": "application/json",
            "webhook-id": entry.id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._signer.sign(entry.id, now, text),
        }
        entry.attempts += 1
        try:
            answer = await client.post(url, content=text, headers=headers)
        except httpx.HTTPError as error:
            entry.last_status, entry.last_error = None, type(error).__name__
            return False
        entry.last_status, entry.last_error = answer.status_code, None
        if answer.is_success:
            entry.state = "delivered"
        return answer.is_success

    def clear(self) -> None:
        """Forget what was sent and call off what was not."""
        self._queue = asyncio.Queue()
        self.log = []
        if self._sender is not None:
            self._sender.cancel()
            self._sender = None

    async def stop(self) -> None:
        """Stop sending, because the server stops."""
        if self._sender is not None:
            self._sender.cancel()
            await asyncio.gather(self._sender, return_exceptions=True)
