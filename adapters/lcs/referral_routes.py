"""The gateway operations on LCS referrals."""

from typing import Annotated

from fastapi import APIRouter, Body

from adapters.lcs.referrals import Referral, ReferralChange, ReferralClosure, referral
from adapters.mock_gateway import amend, examples
from adapters.mock_gateway.call import ETAG, IfMatch, ThisCall
from adapters.mock_gateway.duty_task import ByWorker
from adapters.mock_gateway.fields import Identifier
from adapters.mock_gateway.gateway import ThisGateway
from adapters.mock_gateway.records import Change
from adapters.mock_gateway.refusals import refusals

_SHOWN = examples.shown("referral", "The referral as it is now.", headers=ETAG)
_CHANGE = {"value": {"date_of_referral": "2026-11-20", "referral_note": "Date amended (DL 9)"}}
_CLOSURE = {"value": {"reason": "RC9", "closed_on": "2026-11-20"}}
_WORKER = {"value": {"worker": "sw-104"}}

router = APIRouter(prefix="/referrals/{referral_id}", tags=["Referrals"])


@router.get(
    "",
    operation_id="readReferral",
    summary="Read a referral",
    description="The referral with its Date of Referral as it is now, and its ETag.",
    responses={200: _SHOWN, **refusals("unknown_referral")},
)
async def read_referral(referral_id: Identifier, gateway: ThisGateway, call: ThisCall) -> Referral:
    """Read a referral."""
    record = amend.read(gateway, "readReferral", referral_id)
    return call.tagged(referral(record, gateway.clock.today()))


@router.patch(
    "",
    operation_id="saveReferral",
    summary="Save a referral",
    description="Amends the Date of Referral (DL 9) or other fields, if unchanged since read.",
    responses={
        200: _SHOWN,
        **refusals(
            "malformed",
            "unknown_referral",
            "stale",
            "if_match_required",
            "census_8600",
            "census_8606",
            "census_8630",
            "amendment_refused",
        ),
    },
)
async def save_referral(
    referral_id: Identifier,
    body: Annotated[ReferralChange, Body(openapi_examples={"amend": _CHANGE})],
    gateway: ThisGateway,
    call: ThisCall,
    if_match: IfMatch = None,
) -> Referral:
    """Save a referral."""
    change = Change(body.date_of_referral, body.referral_note, body.contact_record)
    record = amend.save(gateway, "saveReferral", referral_id, if_match, change)
    return call.tagged(referral(record, gateway.clock.today()))


@router.post(
    "/finalise",
    operation_id="finaliseReferral",
    summary="Finalise a referral",
    description="*Save* and *Finalise*; then it can be allocated (DL 10).",
    responses={
        200: _SHOWN,
        **refusals("unknown_referral", "already_finalised", "already_closed", "key_reused"),
    },
)
async def finalise_referral(
    referral_id: Identifier, gateway: ThisGateway, call: ThisCall
) -> Referral:
    """Finalise a referral."""
    records, today = gateway.records, gateway.clock.today()
    return call.tagged(call.once(None, lambda: referral(records.finalise(referral_id), today)))


@router.post(
    "/allocate",
    operation_id="allocateReferral",
    summary="Allocate a referral",
    description="Allocates a finalised referral to a social worker (DL 10), or to another one.",
    responses={
        200: _SHOWN,
        **refusals(
            "malformed", "unknown_referral", "not_finalised", "already_closed", "key_reused"
        ),
    },
)
async def allocate_referral(
    referral_id: Identifier,
    body: Annotated[ByWorker, Body(openapi_examples={"social_worker": _WORKER})],
    gateway: ThisGateway,
    call: ThisCall,
) -> Referral:
    """Allocate a referral."""
    records, today = gateway.records, gateway.clock.today()
    return call.tagged(
        call.once(body, lambda: referral(records.allocate(referral_id, body.worker), today))
    )


@router.post(
    "/close",
    operation_id="closeReferral",
    summary="Close a referral",
    description="The usual steps to close the LCS referral after a step down (DL 18).",
    responses={
        200: _SHOWN,
        **refusals(
            "malformed",
            "unknown_referral",
            "already_closed",
            "closed_in_future",
            "census_8630",
            "key_reused",
        ),
    },
)
async def close_referral(
    referral_id: Identifier,
    body: Annotated[ReferralClosure, Body(openapi_examples={"step_down": _CLOSURE})],
    gateway: ThisGateway,
    call: ThisCall,
) -> Referral:
    """Close a referral."""
    records, today = gateway.records, gateway.clock.today()
    return call.tagged(
        call.once(
            body,
            lambda: referral(records.close(referral_id, body.reason, body.closed_on), today),
        )
    )
