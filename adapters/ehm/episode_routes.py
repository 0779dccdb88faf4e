"""The gateway operations on EHM early help episodes."""

from typing import Annotated

from fastapi import APIRouter, Body

from adapters.ehm.episodes import (
    Episode,
    EpisodeAllocation,
    EpisodeChange,
    EpisodeClosure,
    episode,
)
from adapters.mock_gateway import amend, examples
from adapters.mock_gateway.call import ETAG, IfMatch, ThisCall
from adapters.mock_gateway.fields import Identifier
from adapters.mock_gateway.gateway import ThisGateway
from adapters.mock_gateway.records import Change
from adapters.mock_gateway.refusals import refusals

_SHOWN = examples.shown("episode", "The episode as it is now.", headers=ETAG)
_CHANGE = {"value": {"record": {"family_worker": "Completed with the family"}}}
_CLOSURE = {"value": {"reason": "Stepped up to children's social care", "closed_on": "2026-11-20"}}
_LEAD = {"value": {"lead_professional": "kw-017"}}

router = APIRouter(prefix="/episodes/{episode_id}", tags=["Episodes"])


@router.get(
    "",
    operation_id="readEpisode",
    summary="Read an early help episode",
    description="The episode with its Start Date as it is now (DL 20), and its ETag.",
    responses={200: _SHOWN, **refusals("unknown_episode")},
)
async def read_episode(episode_id: Identifier, gateway: ThisGateway, call: ThisCall) -> Episode:
    """Read an early help episode."""
    return call.tagged(episode(amend.read(gateway, "readEpisode", episode_id)))


@router.patch(
    "",
    operation_id="saveEpisode",
    summary="Save an early help episode",
    description="Saves the Early Help Episode Record (DL 21), if unchanged since read.",
    responses={
        200: _SHOWN,
        **refusals(
            "malformed",
            "unknown_episode",
            "stale",
            "if_match_required",
            "start_in_future",
            "start_before_birth",
            "start_after_closure",
            "amendment_refused",
        ),
    },
)
async def save_episode(
    episode_id: Identifier,
    body: Annotated[EpisodeChange, Body(openapi_examples={"complete": _CHANGE})],
    gateway: ThisGateway,
    call: ThisCall,
    if_match: IfMatch = None,
) -> Episode:
    """Save an early help episode."""
    change = Change(dated=body.start_date, fields=body.record)
    return call.tagged(episode(amend.save(gateway, "saveEpisode", episode_id, if_match, change)))


@router.post(
    "/finalise",
    operation_id="finaliseEpisode",
    summary="Finalise the Early Help Episode Record",
    description="Completes the form; then the episode can be allocated (DL 21).",
    responses={
        200: _SHOWN,
        **refusals("unknown_episode", "already_finalised", "already_closed", "key_reused"),
    },
)
async def finalise_episode(episode_id: Identifier, gateway: ThisGateway, call: ThisCall) -> Episode:
    """Finalise the Early Help Episode Record."""
    return call.tagged(call.once(None, lambda: episode(gateway.records.finalise(episode_id))))


@router.post(
    "/allocate",
    operation_id="allocateEpisode",
    summary="Allocate an early help episode",
    description="Allocates to the Lead Professional, who obtains consent (DL 21).",
    responses={
        200: _SHOWN,
        **refusals("malformed", "unknown_episode", "not_finalised", "already_closed", "key_reused"),
    },
)
async def allocate_episode(
    episode_id: Identifier,
    body: Annotated[EpisodeAllocation, Body(openapi_examples={"lead": _LEAD})],
    gateway: ThisGateway,
    call: ThisCall,
) -> Episode:
    """Allocate an early help episode."""
    allocate = gateway.records.allocate
    return call.tagged(
        call.once(body, lambda: episode(allocate(episode_id, body.lead_professional)))
    )


@router.post(
    "/close",
    operation_id="closeEpisode",
    summary="Close an early help episode",
    description="The Lead Professional closes the EHM episode, as usual, after a step up (DL 7).",
    responses={
        200: _SHOWN,
        **refusals(
            "malformed",
            "unknown_episode",
            "already_closed",
            "closed_in_future",
            "start_after_closure",
            "key_reused",
        ),
    },
)
async def close_episode(
    episode_id: Identifier,
    body: Annotated[EpisodeClosure, Body(openapi_examples={"step_up": _CLOSURE})],
    gateway: ThisGateway,
    call: ThisCall,
) -> Episode:
    """Close an early help episode."""
    close = gateway.records.close
    return call.tagged(
        call.once(body, lambda: episode(close(episode_id, body.reason, body.closed_on)))
    )
