"""Record a review after the transfer (IS 15)."""

from app.domain import record_review as domain
from app.usecases.call import Call, Decided


async def record_review(
    call: Call, transfer_id: str, held: domain.Held, *, expected_version: int
) -> Decided:
    """The transfer with the review.

    Raises:
        NotVisible, NotPermitted, StaleVersion, RulesBroken: see domain.record_review.
    """
    return await call.decide(
        transfer_id,
        lambda transfer, situation: domain.record_review(
            transfer, held, call.actor, situation, expected_version=expected_version
        ),
    )
