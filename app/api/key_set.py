"""The key set that tokens are checked with: from a file, or by OIDC discovery."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import orjson
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet

from app.api.problem_handlers import Refusal

MOST_BYTES = 200_000
FRESH_FOR = 3600.0
"""Seconds after which discovered keys are fetched again."""
ASK_AGAIN_AFTER = 30.0
"""Seconds between fetches for the sake of a key id that we do not know."""
AFTER_FAILURE = 5.0
"""Seconds between fetches while there are no keys at all: callers are not kept in a queue."""
TIMEOUT = 5.0
PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "k"})

Fetch = Callable[[str], Awaitable[bytes]]


async def fetch(url: str) -> bytes:
    """GET a small document: no redirects, few bytes, little time.

    Raises:
        httpx.HTTPError: it could not be had.
    """
    async with (
        httpx.AsyncClient(follow_redirects=False, timeout=TIMEOUT) as client,
        client.stream("GET", url) as response,
    ):
        response.raise_for_status()
        content = bytearray()
        async for chunk in response.aiter_bytes():
            content += chunk
            if len(content) > MOST_BYTES:
                raise httpx.DecodingError("the document is too large")
        return bytes(content)


def public_keys(document: bytes) -> KeySet:
    """The public keys of a JWK set; private parts in it are dropped.

    Raises:
        ValueError: it is no JWK set, or has no key that we know.
    """
    try:
        listed = [_public(key) for key in orjson.loads(document)["keys"]]
        known = [key for one in listed for key in _imported(one)]
    except (KeyError, TypeError, AttributeError, JoseError) as error:
        raise ValueError("no JWK set") from error
    if not known:
        raise ValueError("no key that we know")
    return KeySet(known)


def _public(key: dict[str, Any]) -> dict[str, Any]:
    if key.get("kty") == "oct":
        raise ValueError("a symmetric key does not belong into a public key set")
    return {name: value for name, value in key.items() if name not in PRIVATE}


def _imported(key: dict[str, Any]) -> list[Key]:
    """The key, or nothing where it is of a kind or a curve that we do not know."""
    try:
        return list(KeySet.import_key_set({"keys": [key]}).keys)
    except (JoseError, ValueError, KeyError, TypeError):
        return []


class FileKeys:
    """Keys of a file, read once."""

    def __init__(self, path: Path) -> None:
        self._keys = public_keys(path.read_bytes())

    async def keys(self, kid: str | None) -> KeySet:
        """The key set, whatever the key id."""
        del kid
        return self._keys


class DiscoveredKeys:
    """Keys of an OpenID provider: its discovery document names the issuer and the key set."""

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
        self._fetched_at = float("-inf")
        self._turn = asyncio.Lock()

    async def keys(self, kid: str | None) -> KeySet:
        """The key set; fetched again when it is old or does not know `kid`.

        Raises:
            Refusal: the provider's keys cannot be had.
        """
        async with self._turn:
            age = self._tick() - self._fetched_at
            unknown = self._keys is not None and not any(k.kid == kid for k in self._keys.keys)
            if age > FRESH_FOR or (unknown and age > ASK_AGAIN_AFTER):
                await self._fetch()
            if self._keys is None:
                raise Refusal("unavailable", "the identity provider's keys cannot be had")
            return self._keys

    async def _fetch(self) -> None:
        """Fetch, and keep the old keys where that fails."""
        self._fetched_at = self._tick()
        with suppress(httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError):
            discovery = orjson.loads(await self._get(self._discovery_url))
            if discovery["issuer"] == self._issuer:
                self._keys = public_keys(await self._get(discovery["jwks_uri"]))
        if self._keys is None:
            self._fetched_at -= FRESH_FOR - AFTER_FAILURE
