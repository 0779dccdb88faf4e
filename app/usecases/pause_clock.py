"""Pause a clock of a transfer, and let it run again."""

from app.domain import pause_clock as domain
from app.domain.pauses import Why
from app.usecases.call import Call, Decided


async def pause_clock(
    call: Call, transfer_id: str, code: str, why: Why, *, expected_version: int
) -> Decided:
    """The transfer with that clock paused from now on.

    Raises:
        NotVisible, NotPermitted, StaleVersion, RulesBroken: see domain.pause_clock.
    """
    return await call.decide(
        transfer_id,
        lambda transfer, situation: domain.pause_clock(
            transfer, code, why, call.actor, situation, expected_version=expected_version
        ),
    )


async def resume_clock(
    call: Call, transfer_id: str, code: str, why: Why, *, expected_version: int
) -> Decided:
    """The transfer with that clock running again.

    Raises:
        NotVisible, NotPermitted, StaleVersion, RulesBroken: see domain.pause_clock.resume_clock.
    """
    return await call.decide(
        transfer_id,
        lambda transfer, situation: domain.resume_clock(
            transfer, code, why, call.actor, situation, expected_version=expected_version
        ),
    )
