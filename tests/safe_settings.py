"""Settings that production takes, with secrets made anew for every run of the tests."""

import base64
import json
import secrets
from typing import Any


def callback_secret(size: int = 32) -> str:
    """As Standard Webhooks has it."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(size)).decode()}"


SAFE: dict[str, Any] = {
    "jwt_issuer": "https://identity.durham.invalid",
    "jwt_audience": "transfers",
    "oidc_discovery_url": "https://identity.durham.invalid/.well-known/openid-configuration",
    "lcs_client_secret": secrets.token_urlsafe(24),
    "ehm_client_secret": secrets.token_urlsafe(24),
    "lcs_callback_secrets": (callback_secret(),),
    "ehm_callback_secrets": (callback_secret(),),
}
ENVIRONMENT = {
    name: value if isinstance(value, str) else json.dumps(value) for name, value in SAFE.items()
}
"""The same as the texts of variables, whose names have TRANSFERS_ before these."""
