"""The mock subscriber believes what is signed with its secret, and says what came before."""

from datetime import UTC, datetime

import httpx
import pytest

from adapters.mock_subscriber import create_app
from adapters.webhooks import signed_headers
from app.outbox.post import Letter

SECRET = "whsec_" + "QUFB" * 10
LETTER = Letter("http://mock/events", "t:7-1", b'{"id":"t:7-1"}', (SECRET,))


async def _received(*headers: dict[str, str], body: bytes = LETTER.body) -> list[tuple[int, bool]]:
    """What each call is answered, and whether it is listed as come before."""
    transport = httpx.ASGITransport(app=create_app(SECRET))
    async with httpx.AsyncClient(transport=transport, base_url="http://mock") as client:
        answers = [await client.post("/events", content=body, headers=sent) for sent in headers]
        listed = (await client.get("/")).json()
    return [(a.status_code, one["again"]) for a, one in zip(answers, listed, strict=True)]


async def test_an_event_is_taken_and_known_when_it_comes_again() -> None:
    headers = signed_headers(LETTER, datetime.now(UTC))

    assert await _received(headers, headers) == [(204, False), (204, True)]


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": "nothing"},
        {"webhook-timestamp": "0"},
        {"webhook-timestamp": "soon"},
        {"webhook-id": ""},
    ],
)
async def test_what_is_not_signed_by_us_now_is_not_believed(change: dict[str, str]) -> None:
    headers = signed_headers(LETTER, datetime.now(UTC)) | change

    assert await _received(headers) == [(401, False)]


async def test_bytes_that_are_no_text_are_not_believed() -> None:
    headers = signed_headers(LETTER, datetime.now(UTC))

    assert await _received(headers, body=b"\xff\xfe") == [(401, False)]
