import asyncio
from typing import Any, Self

import httpx
import pytest
from serving import CALLBACK_SECRETS

from adapters.mock_gateway.callbacks import Callbacks
from adapters.mock_gateway.clock import Clock
from adapters.mock_gateway.events import TaskReceived
from adapters.mock_gateway.faults import Faults
from adapters.mock_gateway.settings import MockSettings


class SlowToClose:
    """A client whose connections take a while to close."""

    def __init__(self, **_: Any) -> None:
        pass

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.sleep(0.05)

    async def post(self, *_: Any, **__: Any) -> httpx.Response:
        return httpx.Response(204)


async def test_a_callback_that_comes_while_the_last_ones_connection_closes_is_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(httpx, "AsyncClient", SlowToClose)
    settings = MockSettings(
        callback_url="http://receiver.invalid",
        callback_secret=CALLBACK_SECRETS["lcs"],
        client_id="any",
        client_secret="any",
    )
    sending = Callbacks(settings, Clock(), Faults())

    sending.send("duty_task.received", TaskReceived(reference="TR-1"))
    await asyncio.sleep(0.02)
    sending.send("duty_task.received", TaskReceived(reference="TR-2"))
    await asyncio.sleep(0.15)

    assert [entry.state for entry in sending.log] == ["delivered", "delivered"]
