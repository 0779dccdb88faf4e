"""Say that the origin has closed its own episode or referral (DL 7, 18)."""

from app.domain import close_at_source as domain
from app.usecases.call import Call, Decided


async def close_at_source(
    call: Call, transfer_id: str, closed: domain.Closed, *, expected_version: int
) -> Decided:
    """The transfer with its origin's record closed.

    Raises:
        NotVisible, NotPermitted, StaleVersion, RulesBroken: see domain.close_at_source.
    """
    return await call.decide(
        transfer_id,
        lambda transfer, situation: domain.close_at_source(
            transfer, closed, call.actor, situation, expected_version=expected_version
        ),
    )
