"""Bearer tokens: who is calling. Roles never come from here, they are in the directory."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet

from app.api.problem_handlers import Refusal
from app.api.token_claims import NotGood, Terms, subject
from app.api.token_parts import parts
from app.api.verified_tokens import Verified, VerifiedTokens


class Keys(Protocol):
    """Where the public keys come from."""

    async def keys(self, kid: str | None) -> KeySet:
        """The key set that should know `kid`."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """The issuer that we believe: its keys, how it signs, and what we ask of its tokens.

    `typed`: only tokens whose header says that they are for access (RFC 9068).
    """

    terms: Terms
    keys: Keys
    algorithms: Sequence[str]
    typed: bool = False


class Tokens:
    """Reads tokens of the one issuer we believe: its `sub` alone tells people apart."""

    def __init__(self, issuer: Issuer | None, clock: Callable[[], datetime]) -> None:
        """`issuer` None: nobody is let in."""
        self._issuer = issuer
        self._clock = clock
        self._verified = VerifiedTokens()

    async def subject(self, token: str) -> str:
        """The person whom a token names.

        Raises:
            Refusal: 401 for a token that is not good, whatever the reason; 503 without keys.
        """
        if self._issuer is None:
            raise Refusal("not-authenticated")
        try:
            verified = await self._verify(token, self._issuer)
            return subject(verified.claims, self._issuer.terms, self._clock().timestamp())
        except NotGood:
            raise Refusal("not-authenticated") from None

    async def _verify(self, token: str, issuer: Issuer) -> Verified:
        """The token's claims, once its signature holds with a key that the issuer has now."""
        known = self._verified.get(token)
        if known is not None and await _key_of(issuer, known.kid) is known.key:
            return known
        found = parts(token, typed=issuer.typed)
        if found.claims.get("iss") != issuer.terms.issuer:
            raise NotGood  # before any key is asked for
        key = await _key_of(issuer, found.kid)
        if key is None:
            raise NotGood
        try:
            jws.deserialize_compact(token, key, algorithms=list(issuer.algorithms))
        except (JoseError, ValueError, TypeError, KeyError):
            raise NotGood from None
        verified = Verified(found.kid, key, found.claims)
        self._verified.keep(token, verified)
        return verified


async def _key_of(issuer: Issuer, kid: str) -> Key | None:
    """The one key that the issuer calls so now."""
    keys = await issuer.keys.keys(kid)
    called_so = [key for key in keys.keys if key.kid == kid]
    return called_so[0] if len(called_so) == 1 else None
