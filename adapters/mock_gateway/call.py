"""What every gateway operation needs: a valid token, the mock, the key, the ETag."""

from collections.abc import Callable
from typing import Annotated, Protocol, TypeVar

from fastapi import Depends, Header, Request, Response, Security
from fastapi.openapi.models import OAuthFlowClientCredentials, OAuthFlows
from fastapi.security import OAuth2
from pydantic import BaseModel

from adapters.mock_gateway.fields import Key
from adapters.mock_gateway.gateway import ThisGateway
from adapters.mock_gateway.problems import Refusal

Answer = TypeVar("Answer", bound=BaseModel)

_bearer = OAuth2(
    flows=OAuthFlows(clientCredentials=OAuthFlowClientCredentials(tokenUrl="oauth/token")),
    scheme_name="clientCredentials",
    description="OAuth2 client credentials; the token goes into `Authorization: Bearer`.",
    auto_error=False,
)
OptionalKey = Annotated[
    Key | None,
    Header(alias="Idempotency-Key", description="A repeated key replays the first answer."),
]
IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", description="The ETag that was read; needed, else 428."),
]
ETAG = {
    "ETag": {
        "description": "The version of the record, for If-Match.",
        "schema": {"type": "string", "examples": ['"1"']},
    },
}


def admit(gateway: ThisGateway, authorization: Annotated[str | None, Security(_bearer)]) -> None:
    """Admit only a call with a valid token."""
    gateway.tokens.check(authorization)


class Versioned(Protocol):
    """An answer that has a version."""

    version: int


Tagged = TypeVar("Tagged", bound=Versioned)


class Call:
    """One call of an operation that changes something, or reads a versioned record."""

    def __init__(
        self, request: Request, response: Response, gateway: ThisGateway, key: OptionalKey = None
    ) -> None:
        self._path: str = request.scope["path"]
        self._response = response
        self._gateway = gateway
        self._key = key

    def once(self, body: BaseModel | None, act: Callable[[], Answer]) -> Answer:
        """Act once for each idempotency key."""
        return self._gateway.answers.once(self._path, self._key, body, act)

    def tagged(self, answer: Tagged) -> Tagged:
        """Answer with the record's version as its ETag."""
        self._response.headers["ETag"] = f'"{answer.version}"'
        return answer


def must_match(if_match: str | None, version: int) -> None:
    """Refuse a change that was made to another version than the present one.

    Raises:
        Refusal: If-Match is missing, or stale.
    """
    if if_match is None:
        raise Refusal("if_match_required", "Send the ETag that was read.")
    tags = {tag.strip() for tag in if_match.split(",")}
    if not tags & {"*", f'"{version}"'}:
        raise Refusal("stale", f"It is at version {version} now; read it again.")


ThisCall = Annotated[Call, Depends()]
