"""Sending events to subscribers: signed, to listed hosts alone, whatever answers there.

No redirects, no proxy, no cookies; of an answer nothing is read but its status. A name is resolved
once, its addresses are checked, and the connection goes to those, so that it cannot lead elsewhere
between the check and the call.
"""

from datetime import UTC, datetime
from ipaddress import ip_address

import aiohttp
from standardwebhooks import Webhook
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_random
from yarl import URL

from adapters.checked_resolver import AddressRefused, CheckedResolver, Lookup
from adapters.http import AGAIN_LATER, MULTIPLE_CHOICES, OK, SERVER_ERROR, retry_after_seconds
from app.domain.webhook_address import AllowedHosts, WebhookAddress
from app.outbox.post import Letter, SubscriberGone, TrayRefused, TrayUnavailable

GONE = 410
CONNECT_SECONDS = 5.0
CONNECT_ATTEMPTS = 3
LONGEST_HEADER = 8190
UNREACHED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)


class WebhookPost:
    """Sends letters to subscribers."""

    def __init__(self, allowed: AllowedHosts, *, lookup: Lookup | None = None) -> None:
        self._allowed = allowed
        self._lookup = lookup
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def send(self, letter: Letter) -> str:
        """Sign the letter with each of its secrets, and send it; the caller bounds the time.

        Raises:
            TrayUnavailable: worth trying again: no answer, 408, 425, 429, 5xx.
            SubscriberGone: 410.
            TrayRefused: not worth it: any other 4xx, any 3xx, an address that is not allowed.
        """
        address = self._allowed.address(letter.url)
        if address is None or not self._literal_may_be(address):
            raise TrayRefused("an address that is not allowed")
        try:
            async for attempt in AsyncRetrying(
                retry=retry_if_exception_type(UNREACHED),
                stop=stop_after_attempt(CONNECT_ATTEMPTS),
                wait=wait_random(0.05, 0.25),
                reraise=True,
            ):
                with attempt:
                    status, retry_after = await self._sent(letter)
        except AddressRefused as error:
            raise TrayRefused("an address that is not allowed") from error
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            ambiguous = not isinstance(error, UNREACHED)
            raise TrayUnavailable(type(error).__name__, ambiguous=ambiguous) from error
        return _taken(status, retry_after)

    def _literal_may_be(self, address: WebhookAddress) -> bool:
        """A host that is an address itself is not resolved, so it is checked here."""
        try:
            ip = str(ip_address(address.host.strip("[]")))
        except ValueError:
            return True
        return self._allowed.may_connect(address.host, address.port, ip)

    async def _sent(self, letter: Letter) -> tuple[int, str | None]:
        async with self._open().post(
            URL(letter.url, encoded=True),
            data=letter.body,
            headers=signed_headers(letter, datetime.now(UTC)),
            allow_redirects=False,
        ) as answer:
            return answer.status, answer.headers.get("Retry-After")

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(
                resolver=CheckedResolver(self._allowed, self._lookup),
                use_dns_cache=False,
                force_close=True,  # checked anew for each event, and never one that has gone stale
                limit=0,  # the drain bounds each subscriber: none takes the connections of another,
                limit_per_host=0,  # also where many councils have theirs at one host
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(sock_connect=CONNECT_SECONDS),
                auto_decompress=False,
                trust_env=False,
                max_line_size=LONGEST_HEADER,
                max_field_size=LONGEST_HEADER,
            )
        return self._session


def signed_headers(letter: Letter, now: datetime) -> dict[str, str]:
    """The headers of Standard Webhooks, with a signature for each live secret."""
    text = letter.body.decode()
    signatures = [Webhook(secret).sign(letter.id, now, text) for secret in letter.secrets]
    return {
        "Content-Type": "application/cloudevents+json; charset=utf-8",
        "User-Agent": "transfer-pathways",
        "Accept-Encoding": "identity",
        "webhook-id": letter.id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _taken(status: int, retry_after: str | None) -> str:
    if OK <= status < MULTIPLE_CHOICES:
        return f"status {status}"
    if status == GONE:
        raise SubscriberGone(f"status {status}")
    if status in AGAIN_LATER or status >= SERVER_ERROR:
        raise TrayUnavailable(
            f"status {status}", ambiguous=True, retry_after=retry_after_seconds(retry_after)
        )
    raise TrayRefused(f"status {status}")
