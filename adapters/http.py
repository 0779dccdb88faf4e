"""The one outbound HTTP client: our credentials, short retries, and every failure in port words.

No redirects, a byte cap on answers, a deadline over the whole call. Tenacity covers the seconds
in which a connection cannot be made; what lasts longer is the outbox's business (delivery.md).
"""

import asyncio
import math
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any

import aiohttp
import httpx
import orjson
from httpx_aiohttp import AiohttpTransport
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_random

from adapters.gateway_codes import CODES
from app.outbox.tray import TrayRefused, TrayUnavailable

MOST_BYTES = 1_000_000
AGAIN_LATER = frozenset({408, 425, 429})
NOT_PROCESSED = frozenset({408, 425, 429, 503})
CREDENTIALS = frozenset({401, 403})
USUAL = {"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": "transfer-pathways"}
OK, MULTIPLE_CHOICES, SERVER_ERROR = 200, 300, 500


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """Where a gateway is, and who we are there. Times in seconds."""

    base_url: str
    client_id: str
    client_secret: str
    deadline: float = 30.0
    connect_attempts: int = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: JSON with a 2xx, or a problem with a 4xx that is not for retrying."""

    status: int
    body: dict[str, Any]
    etag: str


class GatewayClient:
    """Calls one gateway. Raises TrayUnavailable and TrayRefused and nothing else."""

    def __init__(
        self, settings: GatewaySettings, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._settings = settings
        # No httpx client: we want neither its cookies nor its redirects, and they take their time.
        self._transport = transport or AiohttpTransport()
        timeout = httpx.Timeout(settings.deadline, connect=min(5.0, settings.deadline))
        self._extensions = {"timeout": timeout.as_dict()}
        self._url = lru_cache(lambda path: httpx.URL(settings.base_url + path))
        self._token: str | None = None
        self._token_turn = asyncio.Lock()

    async def close(self) -> None:
        """Close the connections."""
        await self._transport.aclose()

    async def call(
        self,
        method: str,
        path: str,
        *,
        body: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        refusals: frozenset[int] = frozenset(),
    ) -> Answer:
        """One call with our token; credentials are refreshed once when the gateway refuses them.

        Statuses in `refusals` come back as an answer for the caller to read; other failures raise.

        Raises:
            TrayUnavailable: worth trying again.
            TrayRefused: not worth it: other 4xx, all 3xx, and credentials refused twice.
        """
        try:
            async with asyncio.timeout(self._settings.deadline):
                token = await self._present_token()
                answer = await self._send(method, path, body, headers, token)
                if answer.status in CREDENTIALS:
                    token = await self._present_token(refused=token)
                    answer = await self._send(method, path, body, headers, token)
        except TimeoutError as error:
            raise TrayUnavailable("deadline", ambiguous=True) from error
        if answer.status < MULTIPLE_CHOICES or answer.status in refusals:
            return answer
        raise refusal(answer)

    async def _present_token(self, refused: str | None = None) -> str:
        async with self._token_turn:
            if self._token is None or self._token == refused:
                credentials = httpx.BasicAuth(
                    self._settings.client_id, self._settings.client_secret
                )
                request = httpx.Request(
                    "POST",
                    self._url("/oauth/token"),
                    data={"grant_type": "client_credentials"},
                    headers=USUAL,
                    extensions=self._extensions,
                )
                answer = await self._exchange(next(credentials.auth_flow(request)))
                token = answer.body.get("access_token")
                if answer.status != OK or not isinstance(token, str):
                    raise TrayRefused(f"credentials refused: {answer.status}")
                self._token = token
            return self._token

    async def _send(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None,
        headers: dict[str, str] | None,
        token: str,
    ) -> Answer:
        request = httpx.Request(
            method,
            self._url(path),
            content=None if body is None else orjson.dumps(body),
            headers={
                **USUAL,
                "Authorization": f"Bearer {token}",
                **({"Content-Type": "application/json"} if body is not None else {}),
                **(headers or {}),
            },
            extensions=self._extensions,
        )
        return await self._exchange(request)

    async def _exchange(self, request: httpx.Request) -> Answer:
        try:
            response = await self._reach(request)
            try:
                content = await _capped(response)
            finally:
                await response.aclose()
        except (
            httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, aiohttp.ClientError
        ) as error:  # fmt: skip
            name = type(_cause(error)).__name__
            raise TrayUnavailable(name, ambiguous=not _unreached(error)) from error
        return _answer(response, content)

    async def _reach(self, request: httpx.Request) -> httpx.Response:
        """The answer's head. Tenacity comes in where no connection was made, and costs else."""
        try:
            return await self._transport.handle_async_request(request)
        except Exception as error:
            if not _unreached(error) or self._settings.connect_attempts == 1:
                raise
        again = AsyncRetrying(
            retry=retry_if_exception(_unreached),
            stop=stop_after_attempt(self._settings.connect_attempts - 1),
            wait=wait_random(0.05, 0.25),
            reraise=True,
        )
        return await again(self._transport.handle_async_request, request)


def _cause(error: BaseException) -> BaseException:
    """What aiohttp said, where httpx-aiohttp has put it into httpx's words.

    It calls a connection that was lost at any time a ConnectTimeout, and some errors nothing.
    """
    cause = error.__cause__
    return cause if isinstance(cause, aiohttp.ClientError) else error


def _unreached(error: BaseException) -> bool:
    """Whether no connection was made, so that nothing can have been processed."""
    return isinstance(
        _cause(error),
        aiohttp.ClientConnectorError
        | aiohttp.ConnectionTimeoutError
        | httpx.ConnectError
        | httpx.ConnectTimeout
        | httpx.PoolTimeout,
    )


async def _capped(response: httpx.Response) -> bytes:
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise TrayUnavailable("an encoded answer", ambiguous=True)  # unpacked it has no bound
    content = bytearray()
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > MOST_BYTES:
            raise TrayUnavailable("answer too large", ambiguous=True)
    return bytes(content)


def _answer(response: httpx.Response, content: bytes) -> Answer:
    status = response.status_code
    if status in AGAIN_LATER or status >= SERVER_ERROR:
        raise TrayUnavailable(
            f"status {status}",
            ambiguous=status not in NOT_PROCESSED,
            retry_after=retry_after_seconds(response.headers.get("Retry-After")),
        )
    try:
        body = orjson.loads(content) if content else {}
    except orjson.JSONDecodeError:
        body = None
    if isinstance(body, dict):
        return Answer(status, body, response.headers.get("ETag", ""))
    if status < MULTIPLE_CHOICES:
        raise TrayUnavailable("an answer that is no answer", ambiguous=True)
    return Answer(status, {}, "")


def retry_after_seconds(retry_after: str | None) -> float | None:
    """Seconds of a Retry-After header in either of its forms; None for anything else."""
    if retry_after is None:
        return None
    try:
        seconds = float(retry_after)
    except ValueError:
        try:
            moment = parsedate_to_datetime(retry_after)
        except (ValueError, OverflowError):
            return None
        if moment.tzinfo is None:
            return None
        seconds = (moment - datetime.now(UTC)).total_seconds()
    return max(seconds, 0.0) if math.isfinite(seconds) else None


def refusal(answer: Answer) -> TrayRefused:
    """The refusal that an answer is: its status, and its code where the contract has that."""
    code = answer.body.get("code")
    word = code if isinstance(code, str) and code in CODES else "no code"
    return TrayRefused(f"status {answer.status}: {word}")
