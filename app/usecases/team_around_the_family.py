"""Step into the team around the family of a transfer, and out of it (RO)."""

from datetime import datetime

from app.domain import step_in as domain
from app.domain.team_around import Member
from app.usecases.call import Call, Decided


async def step_in(
    call: Call, transfer_id: str, member: Member, *, expected_version: int
) -> Decided:
    """The transfer with one more member.

    Raises:
        NotVisible, NotPermitted, StaleVersion, RulesBroken: see domain.step_in.
    """
    return await call.decide(
        transfer_id,
        lambda transfer, situation: domain.step_in(
            transfer, member, call.actor, situation, expected_version=expected_version
        ),
    )


async def step_out(
    call: Call, transfer_id: str, member_id: str, at: datetime, *, expected_version: int
) -> Decided:
    """The transfer with that member out since then.

    Raises:
        NotVisible, NotPermitted, StaleVersion, RulesBroken: see domain.step_in.step_out.
    """
    return await call.decide(
        transfer_id,
        lambda transfer, situation: domain.step_out(
            transfer, member_id, at, call.actor, situation, expected_version=expected_version
        ),
    )
