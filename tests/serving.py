"""Serving an app with uvicorn on a free port of the loopback: real sockets, in this process."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from adapters.ehm import mock_server as ehm
from adapters.lcs import mock_server as lcs
from adapters.mock_gateway.settings import MockSettings

CLIENT_ID = "transfers"
CLIENT_SECRETS = {"lcs": "lcs-client-secret", "ehm": "ehm-client-secret"}
CALLBACK_SECRETS = {
    "lcs": "whsec_bGNzLWxjcy1sY3MtbGNzLWxjcy1sY3M=",
    "ehm": "whsec_ZWhtLWVobS1laG0tZWhtLWVobS1laG0=",
}
MOCKS: dict[str, Callable[[MockSettings], FastAPI]] = {
    "lcs": lcs.create_app,
    "ehm": ehm.create_app,
}


def listen() -> socket.socket:
    """A socket that listens already, so that its address can be told before it is served."""
    return socket.create_server(("127.0.0.1", 0))


def address(listener: socket.socket) -> str:
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def served(app: FastAPI, listener: socket.socket | None = None) -> Iterator[str]:
    """Serve an app on a thread of its own; its address."""
    listener = listener or listen()
    config = uvicorn.Config(
        app, log_level="critical", ws="none", timeout_graceful_shutdown=1, timeout_keep_alive=60
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    while not server.started:
        time.sleep(0.002)
    try:
        yield address(listener)
    finally:
        server.should_exit = True
        thread.join()


def mock_app(system: str, callback_url: str | None = None) -> FastAPI:
    """A mock LCS or EHM with the secrets above."""
    settings = MockSettings(
        callback_url=callback_url,
        callback_secret=CALLBACK_SECRETS[system],
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRETS[system],
    )
    return MOCKS[system](settings)
