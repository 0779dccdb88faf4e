"""What checkpoints are signed with and checked by: Ed25519 keys in files, as JWK (RFC 8037)."""

import json
import os
from pathlib import Path

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from app.domain.checkpoint import Checkpoint, read_checkpoint

ALGORITHM = "Ed25519"
TYPE = "transfers-checkpoint+jws"


class BadKey(Exception):
    """A file holds no such key; the text says which file."""


class BadSignature(Exception):
    """None of the keys made it, or it is no checkpoint."""


def make_key(path: Path) -> str:
    """Write a new private key to a file that is not there yet; its public half, as JSON.

    Raises:
        FileExistsError: it is there: a key is never overwritten.
    """
    key = OKPKey.generate_key("Ed25519", auto_kid=True)
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "w") as writing:
        writing.write(json.dumps(key.as_dict(private=True)) + "\n")
    return json.dumps(key.as_dict(private=False))


class SigningKey:
    """Signs checkpoints."""

    def __init__(self, path: Path) -> None:
        """Read the key.

        Raises:
            BadKey: the file holds no private key of ours.
        """
        (self._key,) = _read(path)
        if not self._key.is_private:
            raise BadKey(f"{path} holds no private key")

    def sign(self, checkpoint: Checkpoint) -> str:
        """The checkpoint as it is kept: a compact JWS."""
        header = {"alg": ALGORITHM, "typ": TYPE, "kid": self._key.kid}
        return jws.serialize_compact(header, checkpoint.said(), self._key, algorithms=[ALGORITHM])


class CheckingKeys:
    """Checks checkpoints with one key, or with each of a set, where keys were changed."""

    def __init__(self, path: Path) -> None:
        """Read the keys, public or private.

        Raises:
            BadKey: the file holds none.
        """
        self._keys = {key.kid: key for key in _read(path)}

    def check(self, kept: str) -> Checkpoint:
        """The checkpoint that was signed.

        Raises:
            BadSignature: it was not, or not with one of the keys.
        """
        try:
            header = jws.extract_compact(kept.encode()).headers()
            key = self._keys.get(header.get("kid"))
            if key is None or header.get("typ") != TYPE:
                raise BadSignature
            signed = jws.deserialize_compact(kept, key, algorithms=[ALGORITHM])
            return read_checkpoint(signed.payload)
        except (JoseError, ValueError, TypeError) as error:
            raise BadSignature from error


def _read(path: Path) -> list[OKPKey]:
    try:
        document = json.loads(path.read_text())
        found = document.get("keys", [document])
        keys = [OKPKey.import_key(one) for one in found]
        for key in keys:
            if key.curve_name != ALGORITHM:
                raise BadKey(f"{path} holds a key that is not {ALGORITHM}")
            key.ensure_kid()
    except (OSError, ValueError, TypeError, JoseError) as error:
        raise BadKey(f"{path} holds no key: {type(error).__name__}") from error
    return keys
