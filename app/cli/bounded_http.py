"""HTTP as uvicorn reads it, within limits: how long, how much and how many.

uvicorn alone waits without end for a request that never comes whole, and with httptools keeps
headers without end. Each refusal is the problem that the API itself would give, and ends the
connection.
"""

from asyncio import Transport
from asyncio.events import TimerHandle

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from app.api.problem_handlers import WITH_HEADERS
from app.api.problems import problem
from app.api.security_headers import HEADERS

MOST_HEAD_BYTES = 32_768
"""Of the request line and the headers together."""
MOST_HEADERS = 100
HEAD_WITHIN = 10.0
"""Seconds from a connection, or from a further request's first byte, to the last header."""
BODY_WITHIN = 30.0
"""Seconds from there to the last byte of the body."""
MOST_CONNECTIONS = 900
"""At once, of one process: below what an operating system lets a process open."""
OF_A_BODY = frozenset({b"content-length", b"transfer-encoding"})


class _Refused(Exception):
    """The parser is to stop."""


class BoundedHttp(HttpToolsProtocol):
    """One connection."""

    _stage: str | None = None
    _timer: TimerHandle | None = None
    _asked = False
    _unparsed = _parsed = 0
    _kind = "malformed"

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Take the connection, or refuse it where there are too many."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            self._refuse("unavailable")
        else:
            self._begin("head", HEAD_WITHIN)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._end()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, as long as the request stays within its limits."""
        if self._stage is None:
            self._begin("head", HEAD_WITHIN)
        super().data_received(data)
        if self._stage == "head" and not self.transport.is_closing():
            self._unparsed += len(data)
            if self._unparsed > MOST_HEAD_BYTES:
                self._refuse("headers-too-large")

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        if self._stage is None:  # behind another one, in the same packet
            self._begin("head", HEAD_WITHIN)

    def on_url(self, url: bytes) -> None:
        """A part of the address."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header."""
        super().on_header(name, value)
        self._count(len(name) + len(value))

    def on_headers_complete(self) -> None:
        """The body is next, unless the request could be read in two ways."""
        names = [name for name, _ in self.headers]
        if names.count(b"host") != 1 and self.parser.get_http_version() == "1.1":
            raise _Refused  # RFC 9112, 3.2
        upgrades = self.parser.should_upgrade()
        if upgrades and OF_A_BODY.intersection(names):
            raise _Refused  # the parser would take the body for the next request
        super().on_headers_complete()
        if upgrades:
            self.cycle.keep_alive = False  # what follows may be of another protocol
        self._begin("body", BODY_WITHIN)
        self._asked = True

    def on_message_complete(self) -> None:
        """All of the request is there."""
        self._end()
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Answer what the parser refused, or what stopped it."""
        del msg
        self._refuse(self._kind)

    def _count(self, more: int) -> None:
        self._parsed += more
        if self._parsed > MOST_HEAD_BYTES or len(self.headers) > MOST_HEADERS:
            self._kind = "headers-too-large"
            raise _Refused

    def _begin(self, stage: str, within: float) -> None:
        self._end()
        self._stage, self._parsed, self._unparsed = stage, 0, 0
        self._timer = self.loop.call_later(within, self._too_slow, within)

    def _end(self) -> None:
        self._stage = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _too_slow(self, within: float) -> None:
        if self.flow.read_paused:  # we ourselves do not read: another request comes first
            self._timer = self.loop.call_later(within, self._too_slow, within)
        elif self._asked or self._unparsed:
            self._refuse("too-slow")
        else:
            self.transport.close()  # nobody asked for anything

    def _refuse(self, kind: str) -> None:
        """Say why, unless that could be taken for another request's answer, and hang up."""
        of_this = self._stage == "body" and not self.cycle.response_started
        self._end()
        if of_this or not self._asked or self.cycle.response_complete:
            response = problem(kind, headers=WITH_HEADERS.get(kind))
            headers = dict(response.headers) | HEADERS | {"Connection": "close"}
            lines = [f"{name}: {value}\r\n".encode() for name, value in headers.items()]
            head = [STATUS_LINE[response.status_code], *lines, b"\r\n"]
            self.transport.write(b"".join([*head, bytes(response.body)]))
        self.transport.close()
