"""The outbound client against a peer that does the worst: never a crash, never a hang."""

import asyncio
import gzip
import ssl
import time
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from adapters.http import Answer, GatewayClient, GatewaySettings
from app.outbox.backoff import next_step
from app.outbox.tray import TrayRefused, TrayUnavailable

Writer = asyncio.StreamWriter
Script = Callable[[Writer], Awaitable[None]]
TOKEN = b'{"access_token": "opaque-text", "token_type": "Bearer", "expires_in": 3600}'
TASK = b'{"reference": "TR-1"}'


class Peer:
    """A server that does as scripted, one connection after the other; it knows what it was asked.

    Where nothing is scripted it gives a token, then answers 200.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.asked: list[str] = []
        self.tokens = 0
        self.call: list[Script] = []
        self.token: list[Script] = []
        self._tls = tls
        self.url = ""

    async def start(self) -> asyncio.Server:
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0, ssl=self._tls)
        scheme = "https" if self._tls else "http"
        self.url = f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        return server

    async def serve(self, reader: asyncio.StreamReader, writer: Writer) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                line = head.partition(b"\r\n")[0].decode()
                self.asked.append(line.rpartition(" ")[0])
                length = next(
                    (int(h.split(b":")[1]) for h in head.lower().split(b"\r\n")
                     if h.startswith(b"content-length")), 0
                )  # fmt: skip
                await reader.readexactly(length)
                scripted = self.token if "/oauth/token" in line else self.call
                usual = says(200, TOKEN if "/oauth/token" in line else TASK)
                await (scripted.pop(0) if scripted else usual)(writer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def says(status: int, body: bytes = b"{}", **headers: str) -> Script:
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    head = "\r\n".join([f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", *lines])

    async def answer(writer: Writer) -> None:
        writer.write(head.encode() + b"\r\n\r\n" + body)

    return answer


def sends(*pieces: bytes, pause: float = 0.0, then_close: bool = True) -> Script:
    async def answer(writer: Writer) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)
        if then_close:
            writer.close()

    return answer


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    made = Peer()
    server = await made.start()
    yield made
    server.close()


@pytest.fixture
async def client(peer: Peer) -> AsyncIterator[GatewayClient]:
    made = GatewayClient(GatewaySettings(peer.url, "transfers", "made-up", deadline=0.5))
    yield made
    await made.close()


async def call(client: GatewayClient) -> Answer:
    return await client.call("POST", "/duty-tasks", body={"reference": "TR-1"})


async def failure(client: GatewayClient) -> TrayUnavailable:
    began = time.monotonic()
    with pytest.raises(TrayUnavailable) as failed:
        await call(client)
    assert time.monotonic() - began < 2
    return failed.value


async def test_an_answer_is_read(client: GatewayClient, peer: Peer) -> None:
    answer = await call(client)

    assert answer == Answer(200, {"reference": "TR-1"}, "")
    assert peer.asked == ["POST /oauth/token", "POST /duty-tasks"]


async def test_a_refused_connection_is_tried_again_and_was_certainly_not_processed() -> None:
    client = GatewayClient(GatewaySettings("http://127.0.0.1:1", "transfers", "made-up"))

    failed = await failure(client)

    assert (str(failed), failed.ambiguous) == ("ClientConnectorError", False)
    await client.close()


async def test_a_connection_that_is_refused_for_a_moment_is_made_within_the_same_call() -> None:
    peer = Peer()
    server = await peer.start()
    address = urlsplit(peer.url)
    server.close()
    settings = GatewaySettings(peer.url, "transfers", "made-up", connect_attempts=20)
    client = GatewayClient(settings)

    calling = asyncio.create_task(call(client))
    await asyncio.sleep(0.1)
    again = await asyncio.start_server(peer.serve, address.hostname, address.port)
    answer = await calling

    assert answer.status == 200
    await client.close()
    again.close()


async def test_h05_silence_ends_at_the_deadline_and_may_have_been_processed(
    client: GatewayClient, peer: Peer
) -> None:
    peer.call = [sends(b"", pause=5)]

    failed = await failure(client)

    assert (str(failed), failed.ambiguous) == ("deadline", True)


async def test_h05_a_body_that_drips_ends_at_the_deadline_however_long_it_goes_on(
    client: GatewayClient, peer: Peer
) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
    peer.call = [sends(head, *([b" "] * 1000), pause=0.05)]

    failed = await failure(client)

    assert (str(failed), failed.ambiguous) == ("deadline", True)


async def test_h05_a_connection_that_ends_in_mid_body_may_have_been_processed(
    client: GatewayClient, peer: Peer
) -> None:
    peer.call = [sends(b'HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n{"refer')]

    assert (await failure(client)).ambiguous is True


async def test_h05_a_connection_that_ends_without_a_word_may_have_been_processed(
    client: GatewayClient, peer: Peer
) -> None:
    peer.call = [sends(b"")]

    assert (await failure(client)).ambiguous is True


async def test_a_peer_that_does_not_speak_http_is_not_available(
    client: GatewayClient, peer: Peer
) -> None:
    peer.call = [sends(b"SSH-2.0-OpenSSH_9.7\r\n")]

    assert (await failure(client)).ambiguous is True


async def test_a_gzip_bomb_is_not_unpacked(client: GatewayClient, peer: Peer) -> None:
    bomb = gzip.compress(b"0" * 50_000_000)
    await call(client)
    peer.call = [says(200, bomb, Content_Encoding="gzip")]
    tracemalloc.start()

    failed = await failure(client)

    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (str(failed), failed.ambiguous) == ("an encoded answer", True)
    assert most < 1_000_000


async def test_a_body_that_is_too_large_is_not_read_to_its_end(
    client: GatewayClient, peer: Peer
) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 500000000\r\n\r\n"
    peer.call = [sends(head, *([b"0" * 100_000] * 5000))]

    failed = await failure(client)

    assert (str(failed), failed.ambiguous) == ("answer too large", True)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_to_a_metadata_address_is_refused_and_never_followed(
    client: GatewayClient, peer: Peer, status: int
) -> None:
    peer.call = [says(status, b"", Location="http://169.254.169.254/latest/meta-data/")]

    with pytest.raises(TrayRefused, match=f"status {status}"):
        await call(client)

    assert peer.asked == ["POST /oauth/token", "POST /duty-tasks"]


async def test_a_redirect_to_the_peer_itself_is_not_followed_either(
    client: GatewayClient, peer: Peer
) -> None:
    peer.call = [says(307, b"", Location=f"{peer.url}/elsewhere")]

    with pytest.raises(TrayRefused, match="status 307"):
        await call(client)

    assert "POST /elsewhere" not in peer.asked


@pytest.mark.parametrize(
    "body", [b"<html>Welcome</html>", b"[]", b'"yes"', b"null", b"{", b"\xff\xfe", b"NaN"]
)
async def test_h05_a_200_that_is_no_object_may_have_been_processed(
    client: GatewayClient, peer: Peer, body: bytes
) -> None:
    peer.call = [says(200, body)]

    failed = await failure(client)

    assert (str(failed), failed.ambiguous) == ("an answer that is no answer", True)


@pytest.mark.parametrize(
    ("status", "ambiguous"),
    [(408, False), (425, False), (429, False), (500, True), (502, True), (503, False), (504, True)],
)
async def test_h05_a_status_that_passes_is_tried_again(
    client: GatewayClient, peer: Peer, status: int, *, ambiguous: bool
) -> None:
    peer.call = [says(status, b"{}")]

    failed = await failure(client)

    assert (str(failed), failed.ambiguous) == (f"status {status}", ambiguous)


@pytest.mark.parametrize("status", [400, 402, 404, 405, 410, 412, 413, 415, 422, 428])
async def test_any_other_4xx_is_refused_with_its_code_and_nothing_else_of_it(
    client: GatewayClient, peer: Peer, status: int
) -> None:
    peer.call = [says(status, b'{"code": "wrong_title", "detail": "Jordan Example"}')]

    with pytest.raises(TrayRefused) as refused:
        await call(client)

    assert str(refused.value) == f"status {status}: wrong_title"


@pytest.mark.parametrize("code", [b'"Jordan Example"', b"7", b"null", b'"a\\nb"', b'""'])
async def test_a_code_that_is_no_coded_word_is_not_repeated(
    client: GatewayClient, peer: Peer, code: bytes
) -> None:
    peer.call = [says(422, b'{"code": ' + code + b"}")]

    with pytest.raises(TrayRefused) as refused:
        await call(client)

    assert str(refused.value) == "status 422: no code"


def http_date(**ahead: float) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(**ahead), usegmt=True)


@pytest.mark.parametrize(
    ("header", "least", "most"),
    [
        ("31536000", 31536000, 31536000),
        ("0", 0, 0),
        ("-5", 0, 0),
        (http_date(days=365), 31_535_000, 31_536_000),
        (http_date(days=-365), 0, 0),
        ("Mon, 01 Jan 0001 00:00:00 GMT", 0, 0),
    ],
    ids=["a year", "none", "negative", "a day next year", "a day last year", "the year 1"],
)
async def test_a_retry_after_is_read_and_never_waited_for_longer_than_twice_the_step(
    client: GatewayClient, peer: Peer, header: str, least: float, most: float
) -> None:
    peer.call = [says(429, b"{}", Retry_After=header)]

    failed = await failure(client)

    assert failed.retry_after is not None
    assert least <= failed.retry_after <= most
    wait = next_step(1, [0, 30], chance=0.5, retry_after=failed.retry_after)
    assert timedelta(seconds=30) <= wait <= timedelta(seconds=60)  # type: ignore[operator]


@pytest.mark.parametrize(
    "header",
    [
        *("soon", "", "NaN", "1e400", "-Infinity", "Fri, 99 Foo 2026", "1 Jan 99999 00:00"),
        "Mon, 01 Jan 99999999999999999999 00:00:00 GMT",
        "Mon, 01 Jan 2026 00:00:00 -99999999999999999999",
    ],
)
async def test_a_retry_after_that_makes_no_sense_is_passed_over(
    client: GatewayClient, peer: Peer, header: str
) -> None:
    peer.call = [says(503, b"{}", Retry_After=header)]

    assert (await failure(client)).retry_after is None


@pytest.mark.parametrize("status", [401, 403])
async def test_an_expired_token_is_renewed_once(
    client: GatewayClient, peer: Peer, status: int
) -> None:
    await call(client)
    peer.call = [says(status, b'{"code": "unauthorised"}')]

    answer = await call(client)

    assert answer.status == 200
    assert peer.asked.count("POST /oauth/token") == 2


async def test_a_token_that_is_refused_twice_is_a_refusal(
    client: GatewayClient, peer: Peer
) -> None:
    peer.call = [says(401, b'{"code": "unauthorised"}')] * 2

    with pytest.raises(TrayRefused, match="status 401: unauthorised"):
        await call(client)

    assert peer.asked.count("POST /duty-tasks") == 2


async def test_a_client_secret_that_is_refused_is_a_refusal_that_does_not_say_it(
    client: GatewayClient, peer: Peer
) -> None:
    peer.token = [says(401, b'{"code": "invalid_client"}')]

    with pytest.raises(TrayRefused) as refused:
        await call(client)

    assert str(refused.value) == "credentials refused: 401"
    assert peer.asked == ["POST /oauth/token"]


@pytest.mark.parametrize("body", [b"{}", b'{"access_token": 7}'])
async def test_a_token_answer_without_a_token_is_a_refusal(
    client: GatewayClient, peer: Peer, body: bytes
) -> None:
    peer.token = [says(200, body)]

    with pytest.raises(TrayRefused, match="credentials refused: 200"):
        await call(client)


async def test_calls_at_once_ask_for_one_token(client: GatewayClient, peer: Peer) -> None:
    answers = await asyncio.gather(*(call(client) for _ in range(5)))

    assert {answer.status for answer in answers} == {200}
    assert peer.asked.count("POST /oauth/token") == 1


async def test_a_certificate_that_nobody_vouches_for_ends_the_call(tmp_path: Path) -> None:
    peer = Peer(self_signed(tmp_path, until=datetime.now(UTC) + timedelta(days=1)))
    server = await peer.start()
    client = GatewayClient(GatewaySettings(peer.url, "transfers", "made-up", deadline=2))

    failed = await failure(client)

    assert failed.ambiguous is False
    assert peer.asked == []
    await client.close()
    server.close()


async def test_a_certificate_that_has_run_out_ends_the_call(tmp_path: Path) -> None:
    peer = Peer(self_signed(tmp_path, until=datetime.now(UTC) - timedelta(days=1)))
    server = await peer.start()
    client = GatewayClient(GatewaySettings(peer.url, "transfers", "made-up", deadline=2))

    failed = await failure(client)

    assert failed.ambiguous is False
    assert peer.asked == []
    await client.close()
    server.close()


def self_signed(folder: Path, until: datetime) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(until - timedelta(days=30))
        .not_valid_after(until)
        .sign(key, hashes.SHA256())
    )
    file = folder / "peer.pem"
    file.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
