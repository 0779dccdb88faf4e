"""Who may do what: from a person's memberships to what they are to one transfer."""

from app.domain.errors import NotPermitted, NotVisible, SeparationOfDuties
from app.domain.pathway import TRANSITIONS, Action, Party, Stage
from app.domain.people import SYSTEM_ROLES, Actor, Role
from app.domain.protocol import PathwayRules
from app.domain.transfer import Transfer

READS_ALL = (Role.AUDITOR, Role.ADMINISTRATOR, *SYSTEM_ROLES.values())


def parties(actor: Actor, transfer: Transfer, rules: PathwayRules) -> frozenset[Party]:
    """Everything that the actor is to the transfer; empty where they are nothing to it."""
    if actor.authority != transfer.authority:
        return frozenset()
    origin, recipient = transfer.origin_team, transfer.sent_to
    is_ = {
        Party.ORIGIN_PRACTITIONER: actor.is_(Role.PRACTITIONER, origin),
        Party.ORIGIN_MANAGER: actor.is_(Role.TEAM_MANAGER, origin),
        Party.AUTHORISER: any(actor.is_(role, origin) for role in rules.authorised_by),
        Party.OPERATIONS_MANAGER: actor.is_(Role.OPERATIONS_MANAGER, origin),
    }
    if recipient is not None:
        in_receiving_team = recipient in actor.teams()
        is_[Party.RECEIVING_PRACTITIONER] = actor.is_(Role.PRACTITIONER, recipient)
        is_[Party.RECEIVING_MANAGER] = actor.is_(Role.TEAM_MANAGER, recipient)
        is_[Party.HOLDER] = in_receiving_team and actor.id == transfer.holder
        is_[Party.OPERATIONS_MANAGER] |= actor.is_(Role.OPERATIONS_MANAGER, recipient)
        is_[Party.RECEIVING_SYSTEM] = actor.is_(SYSTEM_ROLES[rules.to_system])
    return frozenset(party for party, holds in is_.items() if holds)


def may_see(actor: Actor, transfer: Transfer) -> bool:
    """Whether the transfer exists for this actor; where not, the answer is 404."""
    if actor.authority != transfer.authority:
        return False
    teams = seen_teams(actor)
    if teams is None:
        return True
    return transfer.origin_team in teams or transfer.sent_to in teams


def seen_teams(actor: Actor) -> frozenset[str] | None:
    """The teams whose transfers the actor may see; None: all of the authority's."""
    return None if actor.holds(*READS_ALL) else actor.teams()


def require_visible(actor: Actor, transfer: Transfer) -> None:
    """Pass, or raise.

    Raises:
        NotVisible: the transfer does not exist for this actor.
    """
    if not may_see(actor, transfer):
        raise NotVisible(transfer.id)


def require_role(action: Action, actor: Actor, who: frozenset[Party]) -> None:
    """Pass when the action is ever theirs on this transfer, whatever its stage.

    Raises:
        NotPermitted: no row of the table gives them the action.
    """
    if not any(row.who & who for row in TRANSITIONS if row.action is action):
        raise NotPermitted(f"{action} is not for {actor.id} on this transfer")


def require_separation(action: Action, actor: Actor, transfer: Transfer) -> None:
    """Pass, or raise: four eyes on a form that waits for authorisation (DL 17).

    Raises:
        SeparationOfDuties: the actor wrote, last edited or submitted the form.
    """
    judges = action in (Action.AUTHORISE, Action.RETURN)
    if not judges or transfer.stage is not Stage.AWAITING_AUTHORISATION:
        return
    if actor.id in (transfer.author, transfer.last_editor, transfer.submitter):
        raise SeparationOfDuties(
            "The author, last editor or submitter of a form does not authorise or return it"
        )
