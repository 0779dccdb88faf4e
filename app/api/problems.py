"""Every refusal as an RFC 9457 problem that names all breaches and echoes nothing personal."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.domain.breach import Breach

MEDIA_TYPE = "application/problem+json"


class BreachView(BaseModel):
    """One thing that is wrong: a rule of the protocol, or a field of the request."""

    code: str = Field(description="The rule's code, or the kind of a field's fault")
    says: str = Field(description="What to do, in plain words")
    source: str | None = Field(default=None, description="The clause of the council's procedure")
    severity: str | None = Field(default=None, description="`must` blocks, `should` warns")
    found: str | None = Field(
        default=None, description="What stood there instead, in general words"
    )
    where: str | None = Field(default=None, description="JSON pointer to the field of the request")


class Problem(BaseModel):
    """RFC 9457."""

    type: str = Field(description="Names the kind of problem; stable")
    title: str
    status: int
    detail: str | None = None
    breaches: list[BreachView] = Field(default_factory=list, description="All of them at once")


TITLES: dict[str, tuple[int, str]] = {
    "malformed": (400, "The request cannot be read"),
    "missing-idempotency-key": (400, "An Idempotency-Key is needed"),
    "not-authenticated": (401, "A valid bearer token is needed"),
    "bad-signature": (401, "The callback's signature does not hold"),
    "not-permitted": (403, "This is not yours to do"),
    "separation-of-duties": (403, "Another person must do this"),
    "not-found": (404, "There is no such thing"),
    "method-not-allowed": (405, "This path does not take that method"),
    "too-slow": (408, "The request did not come whole in time"),
    "illegal-transition": (409, "The transfer's stage does not allow it"),
    "child-in-transfer": (409, "A child has an open transfer already"),
    "in-progress": (409, "The same request is being worked on"),
    "agenda-circulated": (409, "The agenda has gone round already"),
    "meeting-called-off": (409, "The meeting is called off already"),
    "subscription-ended": (409, "The subscription has ended"),
    "settled": (409, "It is settled already, or not where this may be done"),
    "not-stuck": (409, "Only parked and uncertain deliveries are replayed"),
    "report-refused": (409, "The report does not fit the task"),
    "stale-version": (412, "The transfer has changed since"),
    "too-large": (413, "The request is too large"),
    "unsupported-media-type": (415, "Send application/json in UTF-8"),
    "invalid": (422, "Fields of the request are not valid"),
    "rules-broken": (422, "Rules of the protocol do not hold"),
    "key-reused": (422, "The Idempotency-Key was used for another request"),
    "missing-if-match": (428, "An If-Match with the version is needed"),
    "headers-too-large": (431, "The address and the headers are too long"),
    "unexpected": (500, "Something unexpected happened; nothing was kept"),
    "protocol-changed": (503, "The protocol's file was changed without a new version"),
    "protocol-missing": (503, "The protocol that the transfer was opened under is not here"),
    "unavailable": (503, "The service cannot keep anything now; try again"),
}


def problem(
    kind: str,
    detail: str | None = None,
    *,
    breaches: Iterable[Mapping[str, Any]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The problem of that kind, as a response."""
    status, title = TITLES[kind]
    body: dict[str, Any] = {"type": f"/problems/{kind}", "title": title, "status": status}
    if detail:
        body["detail"] = detail
    listed = list(breaches)
    if listed:
        body["breaches"] = listed
    return Response(orjson.dumps(body), status, media_type=MEDIA_TYPE, headers=dict(headers or {}))


def breach_view(breach: Breach) -> dict[str, str]:
    """A breach of the protocol as a problem or a warning shows it."""
    return {
        "code": breach.code,
        "says": breach.says,
        "source": breach.source,
        "severity": breach.severity.value,
        "found": breach.found,
    }


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of an operation that can answer these problems."""
    words = {status: [] for status in statuses}  # type: dict[int, list[str]]
    for status, title in TITLES.values():
        if status in words:
            words[status].append(title)
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {
            "description": "; ".join(titles),
            "content": {MEDIA_TYPE: {"schema": schema}},
            **({"headers": RETRY_AFTER} if status in (409, 503) else {}),
        }
        for status, titles in words.items()
    }


RETRY_AFTER = {
    "Retry-After": {
        "description": "Seconds to wait, where waiting helps",
        "schema": {"type": "integer"},
    }
}
