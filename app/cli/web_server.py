"""The web server, and how it leaves without a request being dropped.

Told to end (SIGTERM), it first says so at `/health/ready` and goes on serving for a while, so that
a proxy or an orchestrator sends no more; then it takes no more connections, finishes what is under
way, and ends. Every answer from then on closes its connection.
"""

import signal
import time
from types import FrameType

import uvicorn
from fastapi import FastAPI

from app.cli.bounded_http import BoundedHttp

FINISH_WITHIN = 30
"""Seconds; what a request may wait for its turn, a connection, its statements and its commit."""
CLOSE = (b"connection", b"close")


class WebServer(uvicorn.Server):
    """uvicorn, serving one app in one process until it is told to end."""

    def __init__(self, app: FastAPI, host: str, port: int, *, drain: float) -> None:
        """`drain`: seconds for which it goes on serving after SIGTERM."""
        config = uvicorn.Config(
            app,
            host=host,
            port=port,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_keep_alive=15,
            timeout_graceful_shutdown=FINISH_WITHIN,
            http=BoundedHttp,
            ws="none",
        )
        super().__init__(config)
        self._state = app.state
        self._drain = drain
        self._leaves_at: float | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to leave; Ctrl-C, or being told twice, ends it without the wait."""
        if sig == signal.SIGTERM and self._leaves_at is None and not self.should_exit:
            self._leaves_at = time.monotonic() + self._drain
            self._state.leaving = True
        else:
            super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second: whether to end now."""
        ends = await super().on_tick(counter)
        if self._leaves_at is None:
            return ends
        kept = [header for header in self.server_state.default_headers if header != CLOSE]
        self.server_state.default_headers = [*kept, CLOSE]
        return ends or time.monotonic() >= self._leaves_at
