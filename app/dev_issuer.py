"""The development issuer: tokens for trying the service out, on this machine alone.

Its key is a file that exists only where somebody made it; settings refuse it in production.
"""

from datetime import datetime
from pathlib import Path

import orjson
from joserfc import jwt
from joserfc.jwk import RSAKey

ISSUER = "https://issuer.transfers.invalid"
AUDIENCE = "transfers-development"
LIFETIME = 12 * 3600
KID = "development"


def make_key(path: Path) -> None:
    """Write a new private key where there is none yet, readable by its owner alone."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    key = RSAKey.generate_key(2048, parameters={"kid": KID, "use": "sig", "alg": "RS256"})
    path.touch(mode=0o600)
    path.write_bytes(orjson.dumps({"keys": [key.as_dict(private=True)]}))


def token(path: Path, subject: str, now: datetime) -> str:
    """A token of that subject from `now` on, signed with the key of the file."""
    (document,) = orjson.loads(path.read_bytes())["keys"]
    since = int(now.timestamp())
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": subject,
        "iat": since,
        "nbf": since,
        "exp": since + LIFETIME,
    }
    return jwt.encode({"alg": "RS256", "kid": KID}, claims, RSAKey.import_key(document))
