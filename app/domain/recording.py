"""What recording around a transfer has in common: its outcome, and whom it is told."""

from app.domain.decide import complete_when_due
from app.domain.decision import Alert, Decision, Event, Situation
from app.domain.on_behalf import on_behalf
from app.domain.party import WORKERS, Parties
from app.domain.people import Actor
from app.domain.relations import relations
from app.domain.transfer import Transfer


def recorded(  # noqa: PLR0913 - a record has as many parts
    before: Transfer,
    after: Transfer,
    action: str,
    actor: Actor,
    situation: Situation,
    codes: tuple[str, ...] = (),
    *,
    who: Parties = WORKERS,
) -> Decision:
    """The decision that keeps it; completes the transfer where that was the last thing missing.

    The audit says on whose behalf a delegate has it recorded, who is none of `who` themselves.
    """
    now, stage = situation.now, before.stage
    behalf = on_behalf(actor, lambda somebody: bool(who & relations(somebody, before)))
    event = Event(action, actor.id, now, stage, stage, after.version, (*codes, *behalf))
    return complete_when_due(Decision(before, after, (event,)), situation)


def both_told(transfer: Transfer, kind: str, key: str, says: str) -> tuple[Alert, ...]:
    """One alert a team, so that the people of either side hear of it, once for that key."""
    teams = dict.fromkeys((transfer.origin_team, transfer.sent_to))
    return tuple(
        Alert(kind, f"{kind}:{key}:{team}", team, says) for team in teams if team is not None
    )
