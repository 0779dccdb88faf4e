"""A token as it comes in, in its parts: nothing of it is believed yet."""

import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from app.api.strict_json import Malformed, check
from app.api.token_claims import NotGood

MOST_CHARACTERS = 8192
_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", re.ASCII)
OWN_KEYS = ("jku", "jwk", "x5u", "x5c")
"""Headers that bring a key along: keys come from the issuer's key set alone."""
UNKNOWN_HERE = ("crit", "b64", "cty", "enc", "zip")
"""Headers that ask for what we do not do: extensions, unencoded or nested payloads, encryption."""
PLAIN_TYPE, ACCESS_TYPES = "jwt", ("at+jwt", "application/at+jwt")


@dataclass(frozen=True, slots=True)
class Parts:
    """The key that a token says it was signed with, and its claims."""

    kid: str
    claims: Mapping[str, object]


def parts(token: str, *, typed: bool) -> Parts:
    """The parts of a token; `typed`: only one that says it is an access token (RFC 9068).

    Raises:
        NotGood: it is no signed token as we take it.
    """
    if len(token) > MOST_CHARACTERS or not _COMPACT.fullmatch(token):
        raise NotGood
    head, payload, _ = token.split(".")
    header = _object(head)
    if any(name in header for name in (*OWN_KEYS, *UNKNOWN_HERE)):
        raise NotGood
    taken = ACCESS_TYPES if typed else (*ACCESS_TYPES, PLAIN_TYPE)
    kind = header.get("typ", None if typed else PLAIN_TYPE)
    if not isinstance(kind, str) or kind.lower() not in taken:
        raise NotGood
    kid = header.get("kid")
    if not isinstance(kid, str) or not kid:
        raise NotGood
    return Parts(kid, _object(payload))


def _object(part: str) -> dict[str, object]:
    """The JSON object of one part, no name twice in it.

    Raises:
        NotGood: it is none.
    """
    try:
        content = urlsafe_b64decode(part + "=" * (-len(part) % 4))
        check(content)
        found = orjson.loads(content)
    except (ValueError, Malformed):
        raise NotGood from None
    if not isinstance(found, dict):
        raise NotGood
    return found
