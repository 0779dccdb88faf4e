"""Subject access: requests for a child's records, and how they stand."""

from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Body, Path, Query
from fastapi.responses import Response

from app.api import rights_examples as examples
from app.api.acting import ID_PATTERN
from app.api.caller import Answer, CallerNow, Shown
from app.api.etag import ETAG, etag
from app.api.pages import Limit
from app.api.problems import documented
from app.api.request_headers import IdempotencyKey
from app.api.subject_access_bodies import (
    RequestBody,
    SubjectAccessList,
    SubjectAccessView,
    request_view,
)
from app.domain.reading import ReadPart
from app.domain.subject_access import named_in_audit
from app.usecases.call import Call
from app.usecases.request_subject_access import request_access, require_still_requests
from app.usecases.subject_access import find_requests, read_request

router = APIRouter(prefix="/v1/subject-access", tags=["People's rights"])
RequestId = Annotated[
    str, Path(description="The request's id", pattern=ID_PATTERN, examples=[examples.REQUEST_ID])
]
READS = documented(401, 403, 404, 422, 503)


@router.post(
    "",
    operation_id="requestSubjectAccess",
    summary="Ask for a child's records",
    status_code=201,
    response_model=SubjectAccessView,
    responses={201: ETAG, **documented(400, 401, 403, 404, 409, 413, 415, 422, 503)},
)
async def ask(
    caller: CallerNow,
    key: IdempotencyKey,
    body: Annotated[RequestBody, Body(openapi_examples=examples.REQUEST)],
) -> Response:
    """Record that somebody asked the council for what it holds on a child. Due one calendar month
    after the day on which it was received (UK GDPR art. 12(3)). Another person reviews it.
    """  # noqa: D205

    async def work(call: Call) -> Answer:
        made = await request_access(call, body.value(str(uuid4())))
        headers = etag(made) | {"Location": f"/v1/subject-access/{made.id}"}
        return Answer(request_view(made), 201, headers)

    async def still_allowed(call: Call) -> None:
        await require_still_requests(call, body.child_id)

    return await caller.once(key, work, still_allowed=still_allowed)


@router.get(
    "",
    operation_id="listSubjectAccess",
    summary="List requests, what is due first",
    response_model=SubjectAccessList,
    responses=documented(401, 403, 422, 503),
)
async def requests(
    caller: CallerNow,
    after: Annotated[
        str | None, Query(pattern=ID_PATTERN, description="The `next` of the page before")
    ] = None,
    limit: Limit = 50,
) -> Response:
    """List the requests that are mine, that I may review, or, for administrators and auditors, the
    council's, those that were decided too.
    """  # noqa: D205

    async def work(call: Call) -> Shown:
        found = await find_requests(call, after, limit)
        last = found[-1].id if len(found) == limit else None
        answer = Answer({"items": [request_view(x) for x in found], "next": last})
        return Shown(answer, about=[code for x in found for code in named_in_audit(x)])

    return await caller.read(ReadPart.SUBJECT_ACCESS, work)


@router.get(
    "/{request_id}",
    operation_id="readSubjectAccess",
    summary="Read a request",
    response_model=SubjectAccessView,
    responses={200: ETAG, **READS},
)
async def read(caller: CallerNow, request_id: RequestId) -> Response:
    """Show how a request stands, when it is due, and what is withheld and why. For who made it, who
    may review it, administrators and auditors.
    """  # noqa: D205

    async def work(call: Call) -> Shown:
        found = await read_request(call, request_id)
        answer = Answer(request_view(found), headers=etag(found))
        return Shown(answer, about=named_in_audit(found))

    return await caller.read(ReadPart.SUBJECT_ACCESS, work)
