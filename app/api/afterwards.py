"""What follows a transfer: its reviews, and what children and families say of it."""

from typing import Annotated

from fastapi import APIRouter, Body
from fastapi.responses import Response

from app.api import afterwards_examples as examples
from app.api.acting import ROUTER, TransferId, record_around
from app.api.afterwards_bodies import FeedbackBody, ReviewBody
from app.api.afterwards_views import FeedbackOfTransfer, feedback_of
from app.api.caller import Answer, CallerNow, Shown
from app.api.etag import ETAG, etag
from app.api.problems import documented
from app.api.request_headers import ExpectedVersion, IdempotencyKey
from app.api.transfer_views import TransferView
from app.domain.reading import ReadPart
from app.usecases.call import Call, Decided
from app.usecases.give_feedback import give_feedback, read_feedback
from app.usecases.record_review import record_review
from app.usecases.still_allowed import require_still_visible

router = APIRouter(tags=["Around the transfer"])
changes = APIRouter(**ROUTER)


@changes.post(
    "/reviews",
    operation_id="recordReview",
    summary="Record a review after the transfer",
    response_model=TransferView,
)
async def review(
    caller: CallerNow,
    transfer_id: TransferId,
    key: IdempotencyKey,
    version: ExpectedVersion,
    body: Annotated[ReviewBody, Body(openapi_examples=examples.REVIEWED)],
) -> Response:
    """Record how a family gets on after the transfer, by whoever the protocol has review it: in
    Islington the chair, after a month (IS 15). It meets the review's clock.
    """  # noqa: D205

    async def recording(call: Call) -> Decided:
        return await record_review(call, transfer_id, body.value(), expected_version=version)

    return await record_around(caller, transfer_id, key, recording)


@changes.post(
    "/feedback",
    operation_id="giveFeedback",
    summary="Record what a child or a family says",
    response_model=FeedbackOfTransfer,
)
async def feedback(
    caller: CallerNow,
    transfer_id: TransferId,
    key: IdempotencyKey,
    version: ExpectedVersion,
    body: Annotated[FeedbackBody, Body(openapi_examples=examples.SAID)],
) -> Response:
    """Record what was said of the help or of the change, in their own words, at any stage and
    after it (CE M28). Both sides see it; it goes to no case system.
    """  # noqa: D205

    async def work(call: Call) -> Answer:
        said = body.value(call.actor.id, call.now)
        decision, _ = await give_feedback(call, transfer_id, said, expected_version=version)
        return Answer(feedback_of(decision.after), headers=etag(decision.after))

    async def still_allowed(call: Call) -> None:
        await require_still_visible(call, transfer_id)

    return await caller.once(key, work, still_allowed=still_allowed)


@router.get(
    "/v1/transfers/{transfer_id}/feedback",
    operation_id="readFeedback",
    summary="Read what children and families said",
    response_model=FeedbackOfTransfer,
    responses={200: ETAG, **documented(401, 403, 404, 422, 503)},
)
async def read(caller: CallerNow, transfer_id: TransferId) -> Response:
    """List what was said, and which of it is a child's or a young person's voice."""

    async def work(call: Call) -> Shown:
        transfer = await read_feedback(call, transfer_id)
        return Shown(Answer(feedback_of(transfer), headers=etag(transfer)), transfer.id)

    return await caller.read(ReadPart.FEEDBACK, work)


router.include_router(changes)
