"""How a family takes its consent back, and what the managers of a council make of it."""

from random import Random

from domain.council_at_work import AtWork

from app.domain.consent import WithdrawalDecision
from app.domain.decide_withdrawal import decide_withdrawal
from app.domain.withdraw_consent import Withdrawal, withdraw_consent


def take_back(work: AtWork, chance: Random) -> None:
    """Any consent is withdrawn; after a dispatch a manager goes on without it, or recalls it."""
    if not work.transfer.consents:
        return
    given = chance.choice(work.transfer.consents)
    told = Withdrawal(work.now, "In their words.")
    work.by_anyone(lambda t, x, where: withdraw_consent(t, given.id, told, x, where))
    decision = chance.choice((*WithdrawalDecision, None))
    if decision is not None:
        work.by_anyone(
            lambda t, x, where: decide_withdrawal(t, given.id, decision, "Why.", x, where)
        )
