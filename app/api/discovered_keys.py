"""The key set of an OpenID provider: its discovery document says where it is."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import httpx
import orjson
import structlog
from joserfc.jwk import KeySet

from app.api.key_set import public_keys
from app.api.problem_handlers import Refusal

MOST_BYTES = 200_000
FETCH_WITHIN = 5.0
"""Seconds for one document, however slowly it drips."""
FRESH_FOR = 3600.0
"""Seconds after which the keys are fetched again."""
BELIEVED_FOR = 4 * 3600.0
"""Seconds for which keys are believed after they were last fetched: a key that the provider has
withdrawn opens nothing for longer than this, even where somebody keeps us from asking."""
ASK_AGAIN_AFTER = 30.0
"""Seconds between fetches while there are keys: old ones, or not the one that is asked for."""
AFTER_FAILURE = 5.0
"""Seconds between fetches while there are no keys: callers are not kept in a queue."""

UNUSABLE = (
    *(httpx.HTTPError, httpx.InvalidURL, OSError),
    *(ValueError, KeyError, TypeError, AttributeError),
)
"""What not having keys is: no answer, or one that is not what it should be."""

Fetch = Callable[[str], Awaitable[bytes]]
log = structlog.get_logger()


async def fetch(url: str) -> bytes:
    """GET a small document as it is: no redirects, nothing unpacked, few bytes, little time.

    Raises:
        httpx.HTTPError, TimeoutError: it could not be had.
    """
    async with (
        asyncio.timeout(FETCH_WITHIN),
        httpx.AsyncClient(follow_redirects=False, timeout=FETCH_WITHIN) as client,
        client.stream("GET", url, headers={"Accept-Encoding": "identity"}) as response,
    ):
        response.raise_for_status()
        content = bytearray()
        async for chunk in response.aiter_raw():
            content += chunk
            if len(content) > MOST_BYTES:
                raise httpx.DecodingError("the document is too large")
        return bytes(content)


class DiscoveredKeys:
    """Keys that are fetched when they are needed, and go on for a while when that fails."""

    def __init__(
        self,
        discovery_url: str,
        issuer: str,
        get: Fetch = fetch,
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        self._discovery_url = discovery_url
        self._issuer = issuer
        self._get = get
        self._tick = tick
        self._keys: KeySet | None = None
        self._fetched_at = self._asked_at = float("-inf")
        self._turn = asyncio.Lock()

    async def keys(self, kid: str | None) -> KeySet:
        """The key set; fetched again when it is old or does not know `kid`.

        While one caller fetches, those whose key is known do not wait.

        Raises:
            Refusal: the provider's keys cannot be had.
        """
        if not (self._turn.locked() and self._knows(kid)):
            async with self._turn:
                if self._is_to_ask(kid):
                    await self._fetch()
        if self._keys is None or not self._believed():
            raise Refusal("unavailable", "the identity provider's keys cannot be had")
        return self._keys

    def _knows(self, kid: str | None) -> bool:
        held = self._keys.keys if self._keys is not None and self._believed() else ()
        return any(key.kid == kid for key in held)

    def _believed(self) -> bool:
        return self._tick() - self._fetched_at <= BELIEVED_FOR

    def _is_to_ask(self, kid: str | None) -> bool:
        asked = self._tick() - self._asked_at
        if self._keys is None or not self._believed():
            return asked > AFTER_FAILURE
        old = self._tick() - self._fetched_at > FRESH_FOR
        return asked > ASK_AGAIN_AFTER and (old or not self._knows(kid))

    async def _fetch(self) -> None:
        """Fetch, and keep the keys that are there where that fails."""
        self._asked_at = self._tick()
        try:
            discovery = orjson.loads(await self._get(self._discovery_url))
            self._keys = public_keys(await self._get(self._key_set_url(discovery)))
            self._fetched_at = self._tick()
        except UNUSABLE as error:
            log.warning("provider_keys_not_had", error=type(error).__name__)

    def _key_set_url(self, discovery: dict[str, str]) -> str:
        """Where the keys are.

        Raises:
            ValueError: another provider says so, or they would come unprotected.
        """
        url = discovery["jwks_uri"]
        if discovery["issuer"] != self._issuer:
            raise ValueError("another issuer")
        if self._discovery_url.startswith("https:") and not url.startswith("https:"):
            raise ValueError("keys without TLS")
        return url
