"""Record what a child or a family says (CE M28), and read it."""

from app.domain import give_feedback as domain
from app.domain.authority import require
from app.domain.feedback import Feedback
from app.domain.rights import Act
from app.domain.transfer import Transfer
from app.usecases.call import Call, Decided
from app.usecases.read_transfer import read_transfer


async def give_feedback(
    call: Call, transfer_id: str, feedback: Feedback, *, expected_version: int
) -> Decided:
    """The transfer with what was said.

    Raises:
        NotVisible, NotPermitted, StaleVersion, RulesBroken: see domain.give_feedback.
    """
    return await call.decide(
        transfer_id,
        lambda transfer, situation: domain.give_feedback(
            transfer, feedback, call.actor, situation, expected_version=expected_version
        ),
    )


async def read_feedback(call: Call, transfer_id: str) -> Transfer:
    """The transfer with all that was said.

    Raises:
        NotVisible: as read_transfer does.
        NotPermitted: a case system asks: the words of families do not travel to one.
    """
    transfer = await read_transfer(call, transfer_id)
    require(Act.READ_FEEDBACK, call.actor, transfer)
    return transfer
