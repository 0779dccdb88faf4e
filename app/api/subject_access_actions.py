"""What is done with a subject-access request: its review, an extension, the decision."""

from typing import Annotated

from fastapi import APIRouter, Body
from fastapi.responses import Response

from app.api import rights_examples as examples
from app.api.caller import Answer, Caller, CallerNow, Work
from app.api.etag import ETAG, etag
from app.api.problems import documented
from app.api.request_headers import NO_BODY, ExpectedVersion, IdempotencyKey
from app.api.subject_access import RequestId
from app.api.subject_access_bodies import (
    DecideRequestBody,
    ExtendBody,
    SubjectAccessView,
    request_view,
)
from app.domain.subject_access import SubjectAccess
from app.usecases.call import Call
from app.usecases.review_subject_access import decide_access, extend_request, take_into_review
from app.usecases.subject_access import read_request

router = APIRouter(
    prefix="/v1/subject-access/{request_id}",
    tags=["People's rights"],
    responses={200: ETAG, **documented(400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 503)},
)


@router.post(
    "/review",
    operation_id="reviewSubjectAccess",
    summary="Take a request into review",
    response_model=SubjectAccessView,
    dependencies=[NO_BODY],
)
async def review(
    caller: CallerNow, request_id: RequestId, key: IdempotencyKey, version: ExpectedVersion
) -> Response:
    """Become the one who decides what is released. For a manager or operations manager of a team
    that has or had the case, and never who made the request. Another takes a review over so.
    """  # noqa: D205

    async def work(call: Call) -> SubjectAccess:
        return await take_into_review(call, request_id, expected_version=version)

    return await _once(caller, request_id, key, work)


@router.post(
    "/extend",
    operation_id="extendSubjectAccess",
    summary="Extend a request by two months",
    response_model=SubjectAccessView,
)
async def extend(
    caller: CallerNow,
    request_id: RequestId,
    key: IdempotencyKey,
    version: ExpectedVersion,
    body: Annotated[ExtendBody, Body(openapi_examples=examples.EXTEND)],
) -> Response:
    """Once, within the first month; the applicant is told so within it (UK GDPR art. 12(3)). For
    who made the request, or reviews it.
    """  # noqa: D205

    async def work(call: Call) -> SubjectAccess:
        return await extend_request(call, request_id, body.reason, expected_version=version)

    return await _once(caller, request_id, key, work)


@router.post(
    "/decide",
    operation_id="decideSubjectAccess",
    summary="Release a request, or refuse it",
    response_model=SubjectAccessView,
)
async def decide(
    caller: CallerNow,
    request_id: RequestId,
    key: IdempotencyKey,
    version: ExpectedVersion,
    body: Annotated[DecideRequestBody, Body(openapi_examples=examples.DECIDE)],
) -> Response:
    """The serious-harm review: say that it was made, and which parts are withheld by which
    exemption. What is released is gathered at this moment. For who took it into review.
    """  # noqa: D205

    async def work(call: Call) -> SubjectAccess:
        days = caller.service.export_days
        asked = body.value()
        return await decide_access(
            call, request_id, asked, expected_version=version, export_days=days
        )

    return await _once(caller, request_id, key, work)


async def _once(caller: Caller, request_id: str, key: str, change: Work[SubjectAccess]) -> Response:
    async def work(call: Call) -> Answer:
        found = await change(call)
        return Answer(request_view(found), headers=etag(found))

    async def still_allowed(call: Call) -> None:
        await read_request(call, request_id)

    return await caller.once(key, work, still_allowed=still_allowed)
