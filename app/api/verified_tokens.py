"""Tokens whose signature held: a person's next request need not verify the same one again.

Only that is remembered, with the key that it was verified by. Which keys hold is asked, and times
and claims are checked, on every request.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from joserfc.jwk import Key

MOST = 1024


@dataclass(frozen=True, slots=True)
class Verified:
    """A token's key by its id, the key itself and the token's claims."""

    kid: str
    key: Key
    claims: Mapping[str, object]


class VerifiedTokens:
    """The last of them, by the whole token."""

    def __init__(self) -> None:
        self._known: dict[str, Verified] = {}

    def get(self, token: str) -> Verified | None:
        """What was verified of that very token."""
        return self._known.get(token)

    def keep(self, token: str, verified: Verified) -> None:
        """Remember one; the first that was remembered makes way."""
        if len(self._known) >= MOST:
            del self._known[next(iter(self._known))]
        self._known[token] = verified
