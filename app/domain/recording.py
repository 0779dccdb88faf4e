"""What recording around a transfer has in common: who may, on which version, and its outcome."""

from collections.abc import Iterable

from app.domain.authority import require_visible
from app.domain.decide import complete_when_due
from app.domain.decision import Alert, Decision, Event, Situation
from app.domain.errors import NotPermitted
from app.domain.milestone_kind import RECORDERS, Side
from app.domain.people import Actor, Role
from app.domain.transfer import Transfer


def require_recorder(
    transfer: Transfer, actor: Actor, by: Side = Side.EITHER, roles: Iterable[Role] = RECORDERS
) -> None:
    """Pass for somebody of that side in one of these roles, or of the series it is booked into.

    A series serves both sides: its chair and coordinator record whichever side `by` says.

    Raises:
        NotVisible: the transfer does not exist for this actor.
        NotPermitted: they are neither, or not in such a role.
    """
    require_visible(actor, transfer)
    if not may_record(transfer, actor, by, roles):
        whose = "either" if by is Side.EITHER else f"the {by}"
        raise NotPermitted(f"For {' or '.join(roles)} of {whose} team")


def may_record(transfer: Transfer, actor: Actor, by: Side, roles: Iterable[Role]) -> bool:
    """Whether the actor is of that side in one of these roles, or of the series as above."""
    teams = [transfer.origin_team] if by is not Side.RECEIVING else []
    if by is not Side.ORIGIN and transfer.sent_to is not None:
        teams.append(transfer.sent_to)
    series = transfer.meeting.series if transfer.meeting else None
    return any(
        (series is not None and actor.serves(series, role))
        or any(actor.is_(role, team) for team in teams)
        for role in roles
    )


def recorded(  # noqa: PLR0913 - a record has as many parts
    before: Transfer,
    after: Transfer,
    action: str,
    actor: Actor,
    situation: Situation,
    codes: tuple[str, ...] = (),
) -> Decision:
    """The decision that keeps it; completes the transfer where that was the last thing missing."""
    now, stage = situation.now, before.stage
    event = Event(action, actor.id, now, stage, stage, after.version, codes)
    return complete_when_due(Decision(before, after, (event,)), situation)


def both_told(transfer: Transfer, kind: str, key: str, says: str) -> tuple[Alert, ...]:
    """One alert a team, so that the people of either side hear of it, once for that key."""
    teams = dict.fromkeys((transfer.origin_team, transfer.sent_to))
    return tuple(
        Alert(kind, f"{kind}:{key}:{team}", team, says) for team in teams if team is not None
    )
