"""The one operation without a token: asking for one."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form
from fastapi.security import HTTPBasic, HTTPBasicCredentials
from pydantic import BaseModel

from adapters.mock_gateway.examples import shown
from adapters.mock_gateway.faults import TOKEN_OPERATION
from adapters.mock_gateway.gateway import ThisGateway
from adapters.mock_gateway.problems import Refusal
from adapters.mock_gateway.refusals import ALWAYS, refusals
from adapters.mock_gateway.tokens import LIFETIME

_basic = HTTPBasic(scheme_name="clientBasic", description="Client id and secret.", auto_error=False)
_ALWAYS = tuple(code for code in ALWAYS if code != "unauthorised")


class TokenAnswer(BaseModel):
    """A bearer token (RFC 6749, section 5.1)."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int


router = APIRouter(tags=["Authorisation"])


@router.post(
    "/oauth/token",
    operation_id=TOKEN_OPERATION,
    summary="Issue a token",
    description="OAuth2 client credentials (RFC 6749, section 4.4), form-encoded, HTTP Basic.",
    responses={
        200: shown("token", "A token for an hour."),
        **refusals("unsupported_grant_type", "invalid_client", always=_ALWAYS),
    },
)
async def issue_token(
    gateway: ThisGateway,
    client: Annotated[HTTPBasicCredentials | None, Depends(_basic)],
    grant_type: Annotated[str, Form(examples=["client_credentials"])],
) -> TokenAnswer:
    """Give the client a token.

    Raises:
        Refusal: It is not the client, or it asks for another grant.
    """
    if client is None:
        raise Refusal("invalid_client", "Ask with HTTP Basic.", error="invalid_client")
    token = gateway.tokens.issue(client.username, client.password)
    if grant_type != "client_credentials":
        raise Refusal("unsupported_grant_type", "Say client_credentials.")
    return TokenAnswer(access_token=token, token_type="Bearer", expires_in=LIFETIME)  # noqa: S106
