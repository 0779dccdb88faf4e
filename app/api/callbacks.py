"""Callbacks from LCS and EHM: signed, each heard once (delivery.md)."""

import binascii
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel
from standardwebhooks import Webhook, WebhookVerificationError
from standardwebhooks.webhooks import EmptyWebhookSecretError

from app.api import examples
from app.api.callback_bodies import read_callback
from app.api.caller import Answer, service_of
from app.api.problem_handlers import Refusal
from app.api.problems import documented, problem
from app.domain.duty_task import CaseSystem
from app.domain.people import Actor
from app.usecases.call import Call
from app.usecases.receive_report import Callback, receive_report

router = APIRouter(prefix="/v1/callbacks", tags=["Callbacks"])

REFUSED = {403: "not-permitted", 404: "not-found", 409: "report-refused"}
SIGNED_BY = {
    "webhook-id": "The message's id, the same on every attempt",
    "webhook-timestamp": "When this attempt was signed, in seconds since 1970",
    "webhook-signature": "`v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`",
}
LONGEST_HEADER = 255


class Noted(BaseModel):
    """Whether the report changed anything."""

    noted: bool


def _signed(body: bytes, headers: Mapping[str, str], secrets: Sequence[str]) -> bool:
    """Whether the body is signed with one of the live secrets, within five minutes."""
    for secret in secrets:
        try:
            Webhook(secret).verify(body, dict(headers), json_parse=False)
        except (WebhookVerificationError, EmptyWebhookSecretError, ValueError, binascii.Error):
            continue
        return True
    return False


async def _receive(request: Request, system: CaseSystem) -> Response:
    service = service_of(request)
    if any(len(request.headers.get(name, "")) > LONGEST_HEADER for name in SIGNED_BY):
        raise Refusal("bad-signature")
    body = await request.body()
    if not _signed(body, request.headers, service.callback_secrets[system]):
        raise Refusal("bad-signature")
    told = read_callback(body)
    callback = Callback(
        system=system,
        message_id=request.headers["webhook-id"],
        digest=hashlib.sha256(body).hexdigest(),
        kind=told.type,
        reference=told.data.reference,
        report=told.report(),
    )
    async with service.store.write() as tx:
        call = Call(tx, Actor(system.value, ""), service.book, service.clock())
        answer = await receive_report(call, callback)
    if answer.status in REFUSED:
        return problem(REFUSED[answer.status], str(answer.body.get("detail", "")))
    return Answer(answer.body).response()


def _documented(shown: dict[str, Any]) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/CallbackBody"}
    content = {"application/json": {"schema": schema, "examples": shown}}
    return {
        "response_model": Noted,
        "responses": documented(400, 401, 403, 404, 409, 413, 415, 422, 503),
        "openapi_extra": {
            "security": [],
            "parameters": [
                {
                    "name": name,
                    "in": "header",
                    "required": True,
                    "description": says,
                    "schema": {"type": "string", "maxLength": LONGEST_HEADER},
                }
                for name, says in SIGNED_BY.items()
            ],
            "requestBody": {"required": True, "content": content},
        },
    }


@router.post(
    "/lcs",
    operation_id="receiveLcsCallback",
    summary="Hear a report of LCS",
    **_documented(examples.LCS_CALLBACK),
)
async def lcs(request: Request) -> Response:
    """LCS reports on one of its own tasks: picked up, referral created, referral saved, allocated.
    Signed as Standard Webhooks; a repeat gets the first answer; reports may come in any order.
    """  # noqa: D205
    return await _receive(request, CaseSystem.LCS)


@router.post(
    "/ehm",
    operation_id="receiveEhmCallback",
    summary="Hear a report of EHM",
    **_documented(examples.EHM_CALLBACK),
)
async def ehm(request: Request) -> Response:
    """EHM reports on one of its own tasks: picked up, episode created, episode saved, allocated.
    Signed as Standard Webhooks; a repeat gets the first answer; reports may come in any order.
    """  # noqa: D205
    return await _receive(request, CaseSystem.EHM)
