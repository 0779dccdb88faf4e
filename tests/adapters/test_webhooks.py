"""Sending to subscribers over real sockets: what answers there can be hostile."""

import asyncio
import gzip
import ssl
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from receiving import Receiver, Serve, answer, listening
from standardwebhooks import Webhook, WebhookVerificationError

from adapters.checked_resolver import AddressRefused, CheckedResolver
from adapters.webhooks import WebhookPost
from app.domain.webhook_address import AllowedHosts
from app.outbox.post import Letter, SubscriberGone, TrayRefused, TrayUnavailable

FIRST = "whsec_" + "QUFB" * 10
SECOND = "whsec_" + "QkJC" * 10
BODY = b'{"specversion":"1.0","id":"7-1"}'


@asynccontextmanager
async def posting(port: int) -> AsyncIterator[tuple[WebhookPost, Letter]]:
    """A post that may send to that port of this machine, and a letter for it."""
    post = WebhookPost(AllowedHosts(internal=frozenset({f"127.0.0.1:{port}"}), plain=True))
    try:
        yield post, Letter(f"http://127.0.0.1:{port}/hook", "t:7-1", BODY, (FIRST, SECOND))
    finally:
        await post.close()


async def _sent(said: bytes) -> tuple[str, Receiver]:
    receiver = Receiver(said)
    async with listening(receiver.serve) as port, posting(port) as (post, letter):
        async with asyncio.timeout(3):
            return await post.send(letter), receiver


async def test_an_event_arrives_signed_with_every_live_secret() -> None:
    says, receiver = await _sent(answer("204 No Content"))

    ((line, headers, body),) = receiver.requests
    assert (says, line, body) == ("status 204", "POST /hook HTTP/1.1", BODY)
    assert headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    assert headers["webhook-id"] == "t:7-1"
    for secret in (FIRST, SECOND):
        assert Webhook(secret).verify(body, headers) == {"specversion": "1.0", "id": "7-1"}
    with pytest.raises(WebhookVerificationError):
        Webhook("whsec_" + "Q0ND" * 10).verify(body, headers)


@pytest.mark.parametrize("status", ["200 OK", "201 Created", "202 Accepted", "299 Odd"])
async def test_any_2xx_is_taken_whatever_else_it_says(status: str) -> None:
    says, _ = await _sent(answer(status, "Content-Type: text/html", body=b"<p>thanks</p>"))

    assert says == f"status {status[:3]}"


@pytest.mark.parametrize(
    "status", ["408 Late", "425 Early", "429 Often", "500 Broken", "502 Bad", "503 Busy", "599 X"]
)
async def test_what_may_pass_is_tried_again(status: str) -> None:
    with pytest.raises(TrayUnavailable, match=status[:3]) as failure:
        await _sent(answer(status, "Retry-After: 90"))

    assert failure.value.retry_after == 90


@pytest.mark.parametrize(
    "status", ["400 Bad", "401 Who", "403 No", "404 None", "409 Twice", "422 X"]
)
async def test_what_will_not_pass_is_put_aside(status: str) -> None:
    with pytest.raises(TrayRefused, match=f"status {status[:3]}"):
        await _sent(answer(status))


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See", "307 There", "308 There"])
@pytest.mark.parametrize(
    "where", ["http://169.254.169.254/latest/meta-data/", "/elsewhere", "file:///etc/passwd"]
)
async def test_a_redirect_is_never_followed(status: str, where: str) -> None:
    receiver = Receiver(answer(status, f"Location: {where}"))
    async with listening(receiver.serve) as port, posting(port) as (post, letter):
        with pytest.raises(TrayRefused, match=f"status {status[:3]}"):
            await post.send(letter)

    assert len(receiver.requests) == 1


async def test_410_says_that_nothing_more_is_wanted() -> None:
    with pytest.raises(SubscriberGone):
        await _sent(answer("410 Gone"))


async def test_one_that_hangs_keeps_no_other_waiting_at_the_host_that_they_share() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if b"/live" in await reader.readuntil(b"\r\n\r\n"):
            writer.write(answer("204 No Content"))
        await reader.read()

    async with listening(serve) as port, posting(port) as (post, letter):
        hanging = [asyncio.create_task(post.send(letter)) for _ in range(40)]
        await asyncio.sleep(0.1)
        async with asyncio.timeout(3):
            says = await post.send(replace(letter, url=f"http://127.0.0.1:{port}/live"))
        for task in hanging:
            task.cancel()
        await asyncio.gather(*hanging, return_exceptions=True)

    assert says == "status 204"


async def test_an_answer_that_unpacks_to_gigabytes_is_not_unpacked() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)

    says, _ = await _sent(answer("200 OK", "Content-Encoding: gzip", body=bomb))

    assert says == "status 200"


async def test_an_answer_without_end_is_taken_by_its_first_line() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"1\r\na\r\n")
            await asyncio.sleep(0.01)

    async with listening(serve) as port, posting(port) as (post, letter):
        async with asyncio.timeout(3):
            assert await post.send(letter) == "status 200"


async def _drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"H")
        await asyncio.sleep(0.02)


async def _hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
    writer.close()


@pytest.mark.parametrize("serve", [_drip, _hang], ids=["drip", "hang"])
async def test_whoever_calls_bounds_how_long_a_subscriber_may_take(serve: Serve) -> None:
    async with listening(serve) as port, posting(port) as (post, letter):
        with pytest.raises((TimeoutError, TrayUnavailable)):
            async with asyncio.timeout(0.3):
                await post.send(letter)


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"SSH-2.0-OpenSSH_9\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000 + b"\r\n\r\n",
        b"\xff\xfe\x00" * 100,
    ],
    ids=["nothing", "another protocol", "no status", "endless header", "bytes"],
)
async def test_an_answer_that_is_none_is_tried_again(said: bytes) -> None:
    with pytest.raises(TrayUnavailable) as failure:
        await _sent(said)

    assert failure.value.ambiguous


@pytest.mark.parametrize("days", [-1, 365], ids=["expired", "signed by nobody"])
async def test_a_certificate_that_is_not_to_be_trusted_is_not(tmp_path: Path, days: int) -> None:
    receiver = Receiver(answer("204 No Content"))
    async with listening(receiver.serve, _certificate(tmp_path, days)) as port:
        post = WebhookPost(AllowedHosts(internal=frozenset({f"127.0.0.1:{port}"}), plain=True))
        with pytest.raises(TrayUnavailable, match="Certificate") as failure:
            await post.send(Letter(f"https://127.0.0.1:{port}/", "t:7-1", BODY, (FIRST,)))
        await post.close()

    assert receiver.requests == []
    assert not failure.value.ambiguous


def _certificate(folder: Path, days: int) -> ssl.SSLContext:
    """A server's own certificate, good for so many days from now."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        [x509.NameAttribute(NameOID.COMMON_NAME, "x")],
    )
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(x509.Name(name), x509.Name(name), key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=9))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    form = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(key.private_bytes(*form) + made.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


async def test_where_nobody_listens_nothing_was_taken() -> None:
    async with listening(_hang) as port:
        pass
    async with posting(port) as (post, letter):
        with pytest.raises(TrayUnavailable, match="ClientConnectorError") as failure:
            await post.send(letter)

    assert not failure.value.ambiguous


async def test_what_is_no_longer_on_the_list_is_not_sent_to() -> None:
    receiver = Receiver(answer("204 No Content"))
    async with listening(receiver.serve) as port:
        post = WebhookPost(AllowedHosts(plain=True))
        with pytest.raises(TrayRefused, match="not allowed"):
            await post.send(Letter(f"http://127.0.0.1:{port}/", "t:7-1", BODY, (FIRST,)))
        await post.close()

    assert receiver.requests == []


@pytest.mark.parametrize(
    "found",
    [
        ["127.0.0.1"],
        ["10.0.0.1"],
        ["169.254.169.254"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["93.184.215.14", "127.0.0.1"],
        [],
    ],
)
async def test_a_name_that_leads_inside_is_not_connected_to(found: list[str]) -> None:
    receiver = Receiver(answer("204 No Content"))
    async with listening(receiver.serve) as port:
        allowed = AllowedHosts(frozenset({f"events.example:{port}"}), plain=True)
        post = WebhookPost(allowed, lookup=lambda _host, _port: found)
        with pytest.raises(TrayRefused, match="not allowed"):
            await post.send(Letter(f"http://events.example:{port}/", "t:7-1", BODY, (FIRST,)))
        await post.close()

    assert receiver.requests == []


async def test_a_name_is_asked_for_and_checked_at_every_connection() -> None:
    asked: list[str] = []

    def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    receiver = Receiver(answer("204 No Content"))
    async with listening(receiver.serve) as port:
        name = f"inside.example:{port}"
        post = WebhookPost(AllowedHosts(internal=frozenset({name}), plain=True), lookup=rebinding)
        letter = Letter(f"http://{name}/", "t:7-1", BODY, (FIRST,))
        assert await post.send(letter) == "status 204"
        with pytest.raises(TrayRefused, match="not allowed"):
            await post.send(letter)
        await post.close()

    assert asked == ["inside.example", "inside.example"]
    assert len(receiver.requests) == 1


async def test_a_name_that_no_server_answers_for_keeps_no_other_name_waiting() -> None:
    over = threading.Event()

    def lookup(host: str, _port: int) -> list[str]:
        if host == "dead.example":
            over.wait(5)
        return ["93.184.215.14"]

    resolver = CheckedResolver(AllowedHosts(), lookup)
    waiting = [asyncio.create_task(resolver.resolve("dead.example", 443)) for _ in range(40)]
    await asyncio.sleep(0.05)
    async with asyncio.timeout(2):
        (found,) = await resolver.resolve("live.example", 443)
    waiting[0].cancel()
    over.set()
    ended = await asyncio.gather(*waiting, return_exceptions=True)
    await resolver.close()

    assert found["hostname"] == "live.example"
    assert isinstance(ended[0], asyncio.CancelledError)
    assert {one[0]["hostname"] for one in ended[1:] if isinstance(one, list)} == {"dead.example"}


async def test_a_name_that_nobody_knows_is_tried_again() -> None:
    def unknown(host: str, _port: int) -> list[str]:
        raise OSError(f"no such name: {host}")

    post = WebhookPost(AllowedHosts(frozenset({"events.example"})), lookup=unknown)
    with pytest.raises(TrayUnavailable) as failure:
        await post.send(Letter("https://events.example/", "t:7-1", BODY, (FIRST,)))
    await post.close()

    assert not failure.value.ambiguous


async def test_a_resolver_gives_what_it_has_checked_and_nothing_else() -> None:
    allowed = AllowedHosts(frozenset({"events.example"}))
    resolver = CheckedResolver(allowed, lambda _host, _port: ["93.184.215.14"])

    (found,) = await resolver.resolve("events.example", 443)

    assert (found["host"], found["port"]) == ("93.184.215.14", 443)
    inside = CheckedResolver(allowed, lambda _host, _port: ["10.0.0.1"])
    with pytest.raises(AddressRefused):
        await inside.resolve("events.example", 443)
    await resolver.close()
    await inside.close()
