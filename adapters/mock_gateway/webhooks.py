"""The callbacks as the contract file documents them (OpenAPI `webhooks`)."""

from datetime import datetime
from typing import Any, Literal

from fastapi import FastAPI
from pydantic import BaseModel, create_model

from adapters.mock_gateway.case_system import CaseSystem
from adapters.mock_gateway.events import event_types

_HEADERS = [
    {
        "name": name,
        "in": "header",
        "required": True,
        "description": description,
        "schema": {"type": "string"},
    }
    for name, description in (
        ("webhook-id", "The same on every attempt; deduplicate on it."),
        ("webhook-timestamp", "Seconds since 1970 when this attempt was signed."),
        ("webhook-signature", "`v1,` and base64 HMAC-SHA256 of `id.timestamp.body`."),
    )
]
_ANSWERS: dict[int | str, dict[str, Any]] = {
    "2XX": {"description": "Taken; it is not sent again."},
    "default": {"description": "Not taken; it is sent again a few times, in order."},
}


def envelope(kind: str, data: type[BaseModel]) -> type[BaseModel]:
    """Wrap what one callback says into the body that carries it."""
    name = "".join(word.capitalize() for word in kind.replace(".", "_").split("_"))
    fields: dict[str, Any] = {
        "type": (Literal[kind], ...),
        "occurred_at": (datetime, ...),
        "data": (data, ...),
    }
    model: type[BaseModel] = create_model(f"{name}Callback", __doc__=data.__doc__, **fields)
    return model


def document_callbacks(app: FastAPI, system: CaseSystem) -> None:
    """Add every callback of this system to the contract."""
    for kind, data in event_types(system.record).items():

        async def taken(body: BaseModel) -> None:
            """Stand for the receiver, which is not here."""

        taken.__annotations__["body"] = envelope(kind, data)
        app.webhooks.post(
            kind,
            operation_id=f"callback.{kind}",
            summary=(data.__doc__ or "").partition("\n")[0],
            description="Signed as Standard Webhooks.",
            tags=["Callbacks"],
            status_code=204,
            response_description="Taken; it is not sent again.",
            responses=_ANSWERS,
            openapi_extra={"parameters": _HEADERS},
        )(taken)
