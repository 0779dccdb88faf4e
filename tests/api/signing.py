"""Tokens, good and forged, made by hand so that no library keeps us from forging them."""

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from joserfc import jws
from joserfc.jwk import ECKey, RSAKey
from joserfc.registry import HeaderParameter

from app import dev_issuer

Json = dict[str, Any]


@dataclass(frozen=True)
class Forge:
    """Whoever holds a private key."""

    key: RSAKey | ECKey
    issuer: str = dev_issuer.ISSUER
    audience: str = dev_issuer.AUDIENCE

    def claims(self, **changes: Any) -> Json:
        """Good claims of op.worker; a change to None takes a claim away."""
        now = int(time.time())
        good = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": "op.worker",
            "iat": now,
            "nbf": now,
            "exp": now + 3600,
        }
        return {name: value for name, value in (good | changes).items() if value is not None}

    def token(self, header: Json | None = None, **changes: Any) -> str:
        """A signed token; `header` and `changes` replace what would be good."""
        return self.signed({"alg": "RS256", "kid": dev_issuer.KID} | (header or {}), changes)

    def signed(self, header: Json, changes: Mapping[str, Any]) -> str:
        """A token with exactly this header."""
        head = {name: value for name, value in header.items() if value is not None}
        payload = orjson.dumps(self.claims(**changes))
        registry = jws.JWSRegistry(
            header_registry={"zebedee": HeaderParameter("Anything", "int")},
            algorithms=[head["alg"]],
            strict_check_header=False,
        )
        return jws.serialize_compact(head, payload, self.key, registry=registry)


@cache
def forge(path: Path) -> Forge:
    """The forge that holds the development issuer's own key."""
    (document,) = orjson.loads(path.read_bytes())["keys"]
    return Forge(RSAKey.import_key({k: v for k, v in document.items() if k != "alg"}))


def part(value: Any) -> str:
    """One part of a token: JSON, or bytes as they are."""
    content = value if isinstance(value, bytes) else orjson.dumps(value)
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def with_hmac(header: Json, claims: Json, secret: bytes) -> str:
    """A token signed as HS256 with any bytes as the secret."""
    text = f"{part(header)}.{part(claims)}"
    return f"{text}.{part(hmac.new(secret, text.encode(), hashlib.sha256).digest())}"
