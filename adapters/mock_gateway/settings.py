"""How one mock case system is set up."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from standardwebhooks import Webhook


@dataclass(frozen=True, kw_only=True)
class MockSettings:
    """What the command line decides before a mock starts.

    Attributes:
        authority: The council whose name stands in every task's title.
        callback_url: Where callbacks go; None keeps them in the log only.
        callback_secret: The Standard Webhooks signing secret, `whsec_` and base64.
        client_id: The one client that may ask for a token.
        client_secret: Its secret.
        trays: Duty trays, code to team name; empty means the system's Durham trays.
    """

    callback_secret: str
    client_id: str
    client_secret: str
    authority: str = "Durham"
    callback_url: str | None = None
    trays: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a secret that could sign nothing, before anything is served."""
        Webhook(self.callback_secret)
