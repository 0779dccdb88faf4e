"""Tokens read without a service around it: one issuer, its keys and a clock."""

from datetime import UTC, datetime
from typing import Any

import pytest
from api.signing import Forge
from joserfc import jws
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey

from app.api.problem_handlers import Refusal
from app.api.token_claims import Terms
from app.api.tokens import Issuer, Tokens
from app.dev_issuer import AUDIENCE, ISSUER, KID

OURS, ANOTHER = (RSAKey.generate_key(2048, parameters={"kid": KID}) for _ in range(2))
Keys = RSAKey | ECKey | OKPKey


class Published:
    """The keys of the issuer, which may change."""

    def __init__(self, *held: Keys) -> None:
        self.held = held

    async def keys(self, kid: str | None) -> KeySet:
        del kid
        return KeySet(list(self.held))


class Desk:
    """Tokens of one issuer, a clock, and a count of the signatures that were verified."""

    def __init__(
        self,
        monkeypatch: pytest.MonkeyPatch,
        algorithms: tuple[str, ...] = ("RS256",),
        *,
        typed: bool = False,
        **asked: Any,
    ) -> None:
        self.now = datetime.now(UTC)
        self.published = Published(OURS)
        self.verified = 0
        terms = Terms(ISSUER, AUDIENCE, **asked)
        issuer = Issuer(terms, self.published, algorithms, typed=typed)
        self.tokens = Tokens(issuer, lambda: self.now)
        verify = jws.deserialize_compact

        def counting(*given: Any, **more: Any) -> object:
            self.verified += 1
            return verify(*given, **more)

        monkeypatch.setattr(jws, "deserialize_compact", counting)

    async def says(self, token: str) -> str:
        """The subject, or the kind of the refusal."""
        try:
            return await self.tokens.subject(token)
        except Refusal as refused:
            return refused.kind


def good() -> Forge:
    """Whoever holds the issuer's key."""
    return Forge(OURS)
