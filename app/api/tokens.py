"""Bearer tokens: who is calling. Roles never come from here, they are in the directory."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import orjson
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet
from joserfc.jws import extract_compact

from app.api.problem_handlers import Refusal
from app.api.verified_tokens import Verified, VerifiedTokens

LEEWAY = 30
"""Seconds that two clocks may differ."""
LONGEST = 24 * 3600
"""Seconds that a token may live at most."""
MOST_CHARACTERS = 8192
_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", re.ASCII)


class Keys(Protocol):
    """Where the public keys come from."""

    async def keys(self, kid: str | None) -> KeySet:
        """The key set that should know `kid`."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """One issuer that we believe: its name, its keys, and whom its tokens must be for.

    `identity_claim` names the person: `sub`, or `oid` for Microsoft Entra ID.
    """

    name: str
    audience: str
    keys: Keys
    algorithms: Sequence[str]
    identity_claim: str = "sub"


class Tokens:
    """Reads tokens of the issuers we believe."""

    def __init__(self, issuers: Sequence[Issuer], clock: Callable[[], datetime]) -> None:
        self._issuers = {issuer.name: issuer for issuer in issuers}
        self._clock = clock
        self._verified = VerifiedTokens()

    async def subject(self, token: str) -> str:
        """The person whom a token names.

        Raises:
            Refusal: 401 for a token that is not good, whatever the reason; 503 without keys.
        """
        known = self._verified.get(token)
        if known is not None:
            issuer = self._issuers[known.issuer]
            if await _key_of(issuer, known.kid) is known.key:
                return self._checked(known.claims, issuer)
        if len(token) > MOST_CHARACTERS or not _COMPACT.fullmatch(token):
            raise Refusal("not-authenticated")
        try:
            issuer = self._issuer_named_in(token)
            kid = extract_compact(token.encode()).headers().get("kid")
            if not isinstance(kid, str):
                raise Refusal("not-authenticated")
            key = await _key_of(issuer, kid)
            if key is None:
                raise Refusal("not-authenticated")
            read = jwt.decode(token, key, algorithms=list(issuer.algorithms))
        except (JoseError, ValueError, TypeError, KeyError, RecursionError):
            raise Refusal("not-authenticated") from None
        subject = self._checked(read.claims, issuer)
        self._verified.keep(token, Verified(issuer.name, kid, key, read.claims))
        return subject

    def _issuer_named_in(self, token: str) -> Issuer:
        """Which issuer's keys to try: the claim is believed only once the signature holds."""
        claims = _unverified_claims(token)
        name = claims.get("iss")
        if not isinstance(name, str) or name not in self._issuers:
            raise Refusal("not-authenticated")
        return self._issuers[name]

    def _checked(self, claims: Mapping[str, object], issuer: Issuer) -> str:
        now = self._clock().timestamp()
        expires, begins, issued = (_seconds(claims.get(name)) for name in ("exp", "nbf", "iat"))
        if expires is None or expires <= now - LEEWAY:
            raise Refusal("not-authenticated")
        if expires - (issued if issued is not None else now) > LONGEST + LEEWAY:
            raise Refusal("not-authenticated")
        if any(moment is not None and moment > now + LEEWAY for moment in (begins, issued)):
            raise Refusal("not-authenticated")
        if claims.get("iss") != issuer.name or claims.get("aud") != issuer.audience:
            raise Refusal("not-authenticated")
        subject = claims.get(issuer.identity_claim)
        if not isinstance(subject, str) or not subject or len(subject) > 200:  # noqa: PLR2004
            raise Refusal("not-authenticated")
        return subject


async def _key_of(issuer: Issuer, kid: str) -> Key | None:
    """The one key that the issuer calls so now."""
    keys = await issuer.keys.keys(kid)
    called_so = [key for key in keys.keys if key.kid == kid]
    return called_so[0] if len(called_so) == 1 else None


def _unverified_claims(token: str) -> dict[str, object]:
    payload = extract_compact(token.encode()).payload
    claims = orjson.loads(payload)
    if not isinstance(claims, dict):
        raise TypeError("claims are an object")
    return claims


def _seconds(value: object) -> float | None:
    """A NumericDate; None where there is none.

    Raises:
        Refusal: it is no number, or not a moment of this age.
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise Refusal("not-authenticated")
    if not 0 <= value < 2**33:
        raise Refusal("not-authenticated")
    return float(value)
