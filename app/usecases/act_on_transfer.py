"""Every action on a transfer that exists: edit, finalise, authorise … cancel.

The actions differ in data alone (commands.py, and the table in pathway.py), so one use case
serves them all: load, decide, record, return.
"""

from collections.abc import Callable

from app.domain.commands import Command, Edit, Redirect
from app.domain.decide import decide
from app.domain.transfer import Transfer
from app.usecases.call import Call, Decided

Asked = Command | Callable[[Transfer], Command]
"""A command, or how to make it from the transfer as it is (an edit changes some fields alone)."""


async def act_on_transfer(
    call: Call, transfer_id: str, asked: Asked, *, expected_version: int | None
) -> Decided:
    """What the command made of the transfer.

    Raises:
        NotVisible, NotPermitted, SeparationOfDuties, IllegalTransition, StaleVersion, RulesBroken:
            see decide.
    """
    transfer = await call.transfer(transfer_id)
    command = asked(transfer) if callable(asked) else asked
    situation = await call.situation(transfer, _recipient_of(command))
    decision = decide(transfer, command, call.actor, situation, expected_version=expected_version)
    return await call.record(decision, situation)


def _recipient_of(command: Command) -> str | None:
    match command:
        case Edit(form=form):
            return form.recipient
        case Redirect(recipient=recipient):
            return recipient
        case _:
            return None
