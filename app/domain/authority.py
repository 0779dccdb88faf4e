"""Who may do what: from a person's memberships to what they are to one transfer."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.errors import NotPermitted, NotVisible, SeparationOfDuties, StaleVersion
from app.domain.milestone_kind import Side
from app.domain.pathway import TRANSITIONS, Action, Party, Stage
from app.domain.people import SYSTEM_ROLES, Actor, Role
from app.domain.protocol import PathwayRules
from app.domain.transfer import Transfer

READS_ALL = (Role.AUDITOR, Role.ADMINISTRATOR, *SYSTEM_ROLES.values())
MADE_BY: Mapping[Party, tuple[tuple[Side, Role], ...]] = {
    Party.ORIGIN_PRACTITIONER: ((Side.ORIGIN, Role.PRACTITIONER),),
    Party.ORIGIN_MANAGER: ((Side.ORIGIN, Role.TEAM_MANAGER),),
    Party.RECEIVING_PRACTITIONER: ((Side.RECEIVING, Role.PRACTITIONER),),
    Party.RECEIVING_MANAGER: ((Side.RECEIVING, Role.TEAM_MANAGER),),
    Party.OPERATIONS_MANAGER: (
        (Side.ORIGIN, Role.OPERATIONS_MANAGER),
        (Side.RECEIVING, Role.OPERATIONS_MANAGER),
    ),
}
"""The parties that a role in the team at one side makes, whatever the protocol says."""


def parties(actor: Actor, transfer: Transfer, rules: PathwayRules) -> frozenset[Party]:
    """Everything that the actor is to the transfer; empty where they are nothing to it."""
    if actor.authority != transfer.authority:
        return frozenset()
    origin, recipient = transfer.origin_team, transfer.sent_to
    at = {Side.ORIGIN: origin, Side.RECEIVING: recipient}
    is_ = {
        party: any(at[side] is not None and actor.is_(role, at[side]) for side, role in made_by)
        for party, made_by in MADE_BY.items()
    }
    is_[Party.AUTHORISER] = any(actor.is_(role, origin) for role in rules.authorised_by)
    if recipient is not None:
        is_[Party.HOLDER] = recipient in actor.teams() and actor.id == transfer.holder
        is_[Party.RECEIVING_SYSTEM] = actor.is_(SYSTEM_ROLES[rules.to_system])
    return frozenset(party for party, holds in is_.items() if holds)


@dataclass(frozen=True, slots=True)
class VisibleTo:
    """Whose transfers are seen: those from or to these teams, and those booked into these series.

    A series sees a draft too, from when it is submitted to one of its meetings until it is
    submitted to another series' (IS 8, CE M13).
    """

    teams: frozenset[str] = frozenset()
    series: frozenset[str] = frozenset()


def visible_to(actor: Actor) -> VisibleTo | None:
    """Which transfers of their authority the actor may see; None: all of them."""
    return None if actor.holds(*READS_ALL) else VisibleTo(actor.teams(), actor.series())


def may_see(actor: Actor, transfer: Transfer) -> bool:
    """Whether the transfer exists for this actor."""
    if actor.authority != transfer.authority:
        return False
    seen = visible_to(actor)
    if seen is None or {transfer.origin_team, transfer.sent_to} & seen.teams:
        return True
    return transfer.meeting is not None and transfer.meeting.series in seen.series


def own_teams(actor: Actor) -> frozenset[str] | None:
    """The teams whose alerts are the actor's; None: all of the authority's."""
    return None if actor.holds(*READS_ALL) else actor.teams()


def require_visible(actor: Actor, transfer: Transfer) -> None:
    """Pass, or raise.

    Raises:
        NotVisible: the transfer does not exist for this actor.
    """
    if not may_see(actor, transfer):
        raise NotVisible(transfer.id)


def require_version(transfer: Transfer, expected: int | None) -> None:
    """Pass when it is the version that the change was made against.

    Raises:
        StaleVersion: it is not.
    """
    if expected is not None and expected != transfer.version:
        raise StaleVersion(transfer.id)


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
    if not judges(action, transfer.stage):
        return
    if actor.id in (transfer.author, transfer.last_editor, transfer.submitter):
        raise SeparationOfDuties(
            "The author, last editor or submitter of a form does not authorise or return it"
        )


def judges(action: Action, stage: Stage) -> bool:
    """Whether the action judges a form, which is not for those who prepared it."""
    return action in (Action.AUTHORISE, Action.RETURN) and stage is Stage.AWAITING_AUTHORISATION
