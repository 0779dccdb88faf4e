"""What the claims of a token must say before it names somebody."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

LEEWAY = 30
"""Seconds that two clocks may differ."""
LONGEST = 24 * 3600
"""Seconds that a token may live at most, from when it was issued."""
LONGEST_SUBJECT = 200
OF_OTHER_TOKENS = ("nonce", "at_hash", "c_hash", "s_hash", "events", "cnf")
"""Claims of ID tokens and of notices to log out; `cnf` binds a token to a key that a bearer token
does not prove."""
SAYS_ACCESS = {"typ": "Bearer", "token_use": "access"}
"""Where an issuer says in a claim what the token is for: how it says that it is for access."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")

Claims = Mapping[str, object]


class NotGood(Exception):
    """The token names nobody; why is told to nobody."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What we ask of an issuer's tokens.

    `identity_claim` names the person: `sub`, or `oid` for Microsoft Entra ID. `scope`: one that
    every token must bear.
    """

    issuer: str
    audience: str
    identity_claim: str = "sub"
    scope: str | None = None


def subject(claims: Claims, terms: Terms, now: float) -> str:
    """Whom the claims name, at `now` in seconds since 1970.

    Raises:
        NotGood: they do not hold now, are not for us, or name nobody.
    """
    _in_time(claims, now)
    _for_access_here(claims, terms)
    named = claims.get(terms.identity_claim)
    if not isinstance(named, str) or not 0 < len(named) <= LONGEST_SUBJECT:
        raise NotGood
    if _CONTROL.search(named):
        raise NotGood
    return named


def _in_time(claims: Claims, now: float) -> None:
    """RFC 9068 asks for exp and iat; without iat no lifetime could be held to LONGEST."""
    expires, issued = _seconds(claims.get("exp")), _seconds(claims.get("iat"))
    begins = _seconds(claims.get("nbf", issued))
    if expires <= now - LEEWAY or max(begins, issued) > now + LEEWAY:
        raise NotGood
    if not 0 < expires - issued <= LONGEST + LEEWAY or begins >= expires:
        raise NotGood


def _for_access_here(claims: Claims, terms: Terms) -> None:
    if claims.get("iss") != terms.issuer or claims.get("aud") != terms.audience:
        raise NotGood
    if any(name in claims for name in OF_OTHER_TOKENS):
        raise NotGood
    if any(claims.get(name, says) != says for name, says in SAYS_ACCESS.items()):
        raise NotGood
    if terms.scope is not None and terms.scope not in _scopes(claims):
        raise NotGood


def _scopes(claims: Claims) -> list[object]:
    """`scope` of RFC 9068, or `scp` as Microsoft and others write it."""
    given = claims.get("scope", claims.get("scp"))
    if isinstance(given, str):
        return list(given.split())
    return given if isinstance(given, list) else []


def _seconds(value: object) -> float:
    """A NumericDate.

    Raises:
        NotGood: it is no number, or not a moment of this age.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise NotGood
    if not 0 <= value < 2**33:
        raise NotGood
    return float(value)
