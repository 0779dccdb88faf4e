"""What comes over the wire is bounded in time, size and number, and never answers 500."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from api.contract import SECURITY
from service import Api
from serving import listen

from app.cli import bounded_http
from app.cli.web_server import WebServer

LIVE = b"GET /health/live HTTP/1.1\r\nHost: x\r\n"
POST = b"POST /v1/transfers HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


@pytest.fixture(scope="module")
def port(storeless: Api) -> Iterator[int]:
    """The API as `transfers api` serves it."""
    with listen() as listener:
        server = WebServer(storeless.app, "127.0.0.1", 0, drain=0)
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        while not server.started:
            time.sleep(0.002)
        yield int(listener.getsockname()[1])
        server.should_exit = True
        thread.join()


@contextmanager
def _connected(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        yield connection


def _until_closed(connection: socket.socket) -> bytes:
    got = b""
    try:
        while more := connection.recv(65_536):
            got += more
    except ConnectionResetError:
        pass
    return got


def _asked(port: int, *sent: bytes) -> bytes:
    """All that the server says to these bytes until it hangs up."""
    with _connected(port) as connection:
        try:
            for part in sent:
                connection.sendall(part)
        except (BrokenPipeError, ConnectionResetError):
            pass
        return _until_closed(connection)


def _statuses(answer: bytes) -> list[int]:
    lines = answer.replace(b"}HTTP/1.1", b"}\r\nHTTP/1.1").split(b"\r\n")
    return [int(line.split()[1]) for line in lines if line.startswith(b"HTTP/1.1 ")]


CLOSE = b"Connection: close\r\n\r\n"
ENDLESS = {
    "a header of 100 kB": LIVE + b"X-Long: " + b"a" * 100_000 + b"\r\n" + CLOSE,
    "headers of 100 kB": LIVE + b"".join(b"X-%d: %s\r\n" % (n, b"a" * 1000) for n in range(100)),
    "101 headers": LIVE + b"".join(b"X-%d: a\r\n" % n for n in range(101)) + CLOSE,
    "a name of 100 kB": LIVE + b"X" * 100_000 + b": a\r\n" + CLOSE,
    "an address of 100 kB": b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n" + CLOSE,
    "a query of 100 kB": b"GET /?a=" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n" + CLOSE,
    "a token of 100 kB": LIVE + b"Authorization: Bearer " + b"a" * 100_000 + b"\r\n" + CLOSE,
}


@pytest.mark.parametrize("sent", ENDLESS.values(), ids=ENDLESS)
@pytest.mark.parametrize("piece", [10**6, 1400])
def test_an_address_and_headers_of_more_than_32_kb_answer_431(
    port: int, sent: bytes, piece: int
) -> None:
    pieces = [sent[n : n + piece] for n in range(0, len(sent), piece)]

    assert _statuses(_asked(port, *pieces)) in ([431], []), "or the kernel was faster to hang up"
    assert _statuses(_asked(port, LIVE + CLOSE)) == [200]


def test_a_refusal_by_the_server_is_a_problem_like_any_other(port: int) -> None:
    answer = _asked(port, LIVE + b"X-Long: " + b"a" * 40_000 + b"\r\n\r\n")

    head, _, body = answer.partition(b"\r\n\r\n")
    told = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    assert json.loads(body)["type"] == "/problems/headers-too-large"
    assert {name: told[name] for name in SECURITY} == SECURITY
    assert told["content-type"] == "application/problem+json"


def test_as_much_as_is_allowed_is_served(port: int) -> None:
    many = b"".join(b"X-%d: a\r\n" % n for n in range(90))

    assert _statuses(_asked(port, LIVE + many + CLOSE)) == [200]
    assert _statuses(_asked(port, LIVE + b"X-Long: " + b"a" * 32_000 + b"\r\n" + CLOSE)) == [200]


UPGRADE = b"Connection: Upgrade\r\nUpgrade: h2c\r\n"
SMUGGLED = {
    "a length and chunks": POST
    + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks and a length": POST
    + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
    "two lengths": POST + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "two lengths in one": POST + b"Content-Length: 2, 3\r\n\r\n{}",
    "a negative length": POST + b"Content-Length: -1\r\n\r\n{}",
    "a length with a sign": POST + b"Content-Length: +2\r\n\r\n{}",
    "a length beyond 64 bits": POST + b"Content-Length: 99999999999999999999\r\n\r\n{}",
    "a length in hexadecimal": POST + b"Content-Length: 0x2\r\n\r\n{}",
    "another encoding": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "chunked but not last": POST + b"Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
    "chunks that lie": POST + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n{}\r\n0\r\n\r\n",
    "chunks beyond 64 bits": POST + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n{}",
    "a space before the colon": POST + b"Content-Length : 2\r\n\r\n{}",
    "a folded header": POST + b"X-A: b\r\n c\r\nContent-Length: 2\r\n\r\n{}",
    "a bare line feed": b"GET /health/live HTTP/1.1\nHost: x\n\n",
    "NUL in a header": LIVE + b"X-A: a\x00b\r\n\r\n",
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200,
    "another version": b"GET /health/live HTTP/9.9\r\nHost: x\r\n\r\n",
    "no host": b"GET /health/live HTTP/1.1\r\n\r\n",
    "two hosts": LIVE + b"Host: y\r\n\r\n",
    "an upgrade with a body": POST + UPGRADE + b"Content-Length: 2\r\n\r\n{}",
    "an upgrade with chunks": POST + UPGRADE + b"Transfer-Encoding: chunked\r\n\r\n",
    "a tunnel": b"CONNECT x:443 HTTP/1.1\r\nHost: x:443\r\n\r\n",
    "an address without a path": b"GET http://x HTTP/1.1\r\nHost: x\r\n\r\n",
    "an address that is none": b"GET http://[::1 HTTP/1.1\r\nHost: x\r\n\r\n",
    "HTTP/2 outright": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a method without end": b"G" * 70_000,
}


@pytest.mark.parametrize("sent", SMUGGLED.values(), ids=SMUGGLED)
def test_what_two_servers_could_read_differently_is_refused_and_ends_the_connection(
    port: int, sent: bytes
) -> None:
    behind = b"GET /docs HTTP/1.1\r\nHost: x\r\n\r\n"

    assert _statuses(_asked(port, sent + behind)) == [400]


def test_slow_headers_and_bodies_are_not_waited_for(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded_http, "HEAD_WITHIN", 0.2)
    monkeypatch.setattr(bounded_http, "BODY_WITHIN", 0.2)

    answers = {
        "nothing": _asked(port),
        "half a line": _asked(port, b"GET /heal"),
        "half the headers": _asked(port, LIVE + b"X-Slow: "),
        "half a body": _asked(port, POST + b"Content-Length: 100\r\n\r\n{"),
        "half a chunk": _asked(port, POST + b"Transfer-Encoding: chunked\r\n\r\n40\r\n{"),
        "blank lines": _asked(port, b"\r\n" * 10),
    }

    told = {name: _statuses(answer) for name, answer in answers.items()}
    assert told.pop("nothing") == []
    assert {tuple(statuses) for statuses in told.values()} == {(408,)}


def test_one_byte_at_a_time_does_not_lengthen_the_wait(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded_http, "HEAD_WITHIN", 0.3)
    began = time.monotonic()

    with _connected(port) as connection:
        for letter in LIVE + b"X-Slow: " + b"a" * 1000:
            try:
                connection.sendall(bytes([letter]))
            except (BrokenPipeError, ConnectionResetError):
                break
            time.sleep(0.01)

    assert time.monotonic() - began < 3


def test_a_connection_beyond_the_most_is_told_to_come_back(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded_http, "MOST_CONNECTIONS", 3)

    with _connected(port), _connected(port), _connected(port):
        refused = _asked(port)
    time.sleep(0.1)

    assert _statuses(refused) == [503]
    assert b"retry-after: 1\r\n" in refused
    assert _statuses(_asked(port, LIVE + CLOSE)) == [200]


HOSTS = [b"", b"elsewhere.invalid", b"x:y:z", b"<script>", b"\xff", b"a" * 5000]


@pytest.mark.parametrize("host", HOSTS)
def test_the_host_of_a_request_means_nothing_and_is_not_repeated(port: int, host: bytes) -> None:
    sent = b"GET /v1/transfers/zebedee HTTP/1.1\r\nHost: " + host + b"\r\n" + CLOSE

    answer = _asked(port, sent)

    assert _statuses(answer) in ([401], [400], [422])
    assert len(host) < 2 or host not in answer


def test_pipelined_requests_are_answered_in_order(port: int) -> None:
    second = b"GET /v1/me HTTP/1.1\r\nHost: x\r\n" + CLOSE

    assert _statuses(_asked(port, LIVE + b"\r\n" + second)) == [200, 401]


def test_an_upgrade_is_not_taken_and_nothing_is_read_behind_it(port: int) -> None:
    upgrade = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n"
    behind = b"GET /docs HTTP/1.1\r\nHost: x\r\n\r\n"

    assert _statuses(_asked(port, LIVE + upgrade, behind)) == [200]


@pytest.mark.parametrize("body", [b"{}", b"GET /v1/me HTTP/1.1\r\nHost: x\r\n\r\n"])
def test_the_body_of_an_upgrade_is_never_taken_for_another_request(port: int, body: bytes) -> None:
    with _connected(port) as connection:
        connection.sendall(POST + UPGRADE + b"Content-Length: %d\r\n\r\n" % len(body))
        time.sleep(0.05)
        connection.sendall(body)

        assert _statuses(_until_closed(connection)) == [400]


def test_head_has_the_headers_of_get_and_no_body(port: int) -> None:
    get = _asked(port, LIVE + CLOSE)
    head = _asked(port, LIVE.replace(b"GET", b"HEAD") + CLOSE)

    names = [line.partition(b":")[0] for line in head.split(b"\r\n")]
    assert head.endswith(b"\r\n\r\n")
    assert names[:-2] == [
        x.partition(b":")[0] for x in get.partition(b"\r\n\r\n")[0].split(b"\r\n")
    ]


def test_an_action_that_is_cut_off_is_not_taken(
    port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with _connected(port) as connection:
        connection.sendall(POST + b"Content-Length: 100\r\n\r\n{}")
        connection.shutdown(socket.SHUT_RDWR)
    time.sleep(0.2)

    logged = [line for line in capsys.readouterr().out.splitlines() if "method=POST" in line]
    assert len(logged) == 1
    assert "route=unknown" in logged[0], "it came to no operation"
