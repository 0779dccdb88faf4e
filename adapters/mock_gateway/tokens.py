"""Bearer tokens: given for the client's secret, good for an hour of real time."""

import secrets
import time

from adapters.mock_gateway.problems import Refusal
from adapters.mock_gateway.settings import MockSettings

LIFETIME = 3600


class Tokens:
    """The tokens in use; a reset of the mock leaves them valid."""

    def __init__(self, settings: MockSettings) -> None:
        self._client = (settings.client_id.encode(), settings.client_secret.encode())
        self._until: dict[str, float] = {}

    def issue(self, client_id: str, client_secret: str) -> str:
        """Give a token to the one client.

        Raises:
            Refusal: It is not that client.
        """
        known_id, known_secret = self._client
        right_id = secrets.compare_digest(client_id.encode(), known_id)
        right_secret = secrets.compare_digest(client_secret.encode(), known_secret)
        if not (right_id and right_secret):
            raise Refusal("invalid_client", "Ask with HTTP Basic.")
        token = secrets.token_urlsafe(32)
        self._until = {kept: end for kept, end in self._until.items() if end > time.monotonic()}
        self._until[token] = time.monotonic() + LIFETIME
        return token

    def check(self, authorization: str | None) -> None:
        """Refuse a call without a valid token.

        Raises:
            Refusal: The header is missing, or the token is unknown or too old.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or self._until.get(token, 0) < time.monotonic():
            raise Refusal("unauthorised", "Ask for a new token at /oauth/token.")
