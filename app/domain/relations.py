"""From a person's memberships to what they are to a transfer, a meeting, a team or the council."""

from collections.abc import Iterable, Mapping

from app.domain.milestone_kind import Side
from app.domain.party import Parties, Party
from app.domain.people import SYSTEM_ROLES, Actor, Role
from app.domain.protocol import PathwayRules
from app.domain.transfer import Transfer
from app.domain.withheld import before, denied, withheld

AT_SIDE: Mapping[Side, Mapping[Role, Party]] = {
    Side.ORIGIN: {
        Role.PRACTITIONER: Party.ORIGIN_PRACTITIONER,
        Role.TEAM_MANAGER: Party.ORIGIN_MANAGER,
        Role.TEAM_COORDINATOR: Party.ORIGIN_COORDINATOR,
        Role.CHAIR: Party.ORIGIN_CHAIR,
        Role.OPERATIONS_MANAGER: Party.ORIGIN_OPERATIONS_MANAGER,
    },
    Side.RECEIVING: {
        Role.PRACTITIONER: Party.RECEIVING_PRACTITIONER,
        Role.TEAM_MANAGER: Party.RECEIVING_MANAGER,
        Role.TEAM_COORDINATOR: Party.RECEIVING_COORDINATOR,
        Role.CHAIR: Party.RECEIVING_CHAIR,
        Role.OPERATIONS_MANAGER: Party.RECEIVING_OPERATIONS_MANAGER,
    },
}
MADE_BY: Mapping[Party, tuple[Side, Role]] = {
    party: (side, role) for side, made in AT_SIDE.items() for role, party in made.items()
}
"""The role in the team at one side that makes somebody a party, whatever the protocol says."""
IN_SERIES: Mapping[Role, Party] = {
    Role.CHAIR: Party.SERIES_CHAIR,
    Role.DEPUTY_CHAIR: Party.SERIES_DEPUTY_CHAIR,
    Role.TEAM_COORDINATOR: Party.SERIES_COORDINATOR,
    Role.MEMBER: Party.SERIES_MEMBER,
}
IN_COUNCIL: Mapping[Role, Party] = {
    Role.AUDITOR: Party.AUDITOR,
    Role.ADMINISTRATOR: Party.ADMINISTRATOR,
    Role.SYSTEM_LCS: Party.CASE_SYSTEM,
    Role.SYSTEM_EHM: Party.CASE_SYSTEM,
}
OF_A_TEAM = (
    Role.PRACTITIONER,
    Role.TEAM_MANAGER,
    Role.TEAM_COORDINATOR,
    Role.OPERATIONS_MANAGER,
)
"""These of a team are its people: not a chair, and nobody of a series alone."""
WORKS = (Role.PRACTITIONER, Role.TEAM_MANAGER)
IN_TEAM: Mapping[Role, Party] = {
    Role.TEAM_MANAGER: Party.TEAM_MANAGER,
    Role.OPERATIONS_MANAGER: Party.TEAM_OPERATIONS_MANAGER,
}


def relations(actor: Actor, transfer: Transfer) -> Parties:
    """What the actor is to the transfer, whatever the protocol says.

    Empty of another council's, and of what is denied to them; of what is withheld otherwise, that
    they broke the glass.
    """
    if actor.authority != transfer.authority or denied(actor.id, transfer):
        return frozenset()
    actor = before(actor, transfer)
    broke = transfer.id in actor.opened and Party.PERSON_OF_A_TEAM in in_council(actor)
    opened = {Party.BROKE_THE_GLASS} if broke else set[Party]()
    if withheld(actor, transfer):
        return frozenset(opened)
    found = opened | set(at_side(actor, Side.ORIGIN, transfer.origin_team)) | in_council(actor)
    if transfer.sent_to is not None:
        found |= at_side(actor, Side.RECEIVING, transfer.sent_to)
        if actor.id == transfer.holder and transfer.sent_to in actor.teams():
            found.add(Party.HOLDER)
    if transfer.meeting is not None:
        found |= in_series(actor, transfer.meeting.series)
    did = {party for party, person in prepared(transfer).items() if person == actor.id}
    return frozenset(found | did)


def prepared(transfer: Transfer) -> Mapping[Party, str | None]:
    """Who prepared the form, by what that makes of them."""
    return {
        Party.AUTHOR: transfer.author,
        Party.LAST_EDITOR: transfer.last_editor,
        Party.SUBMITTER: transfer.submitter,
    }


def parties(actor: Actor, transfer: Transfer, rules: PathwayRules) -> Parties:
    """Everything that the actor is to the transfer: with what its protocol makes of them."""
    actor = before(actor, transfer)
    found = relations(actor, transfer)
    if actor.authority != transfer.authority or withheld(actor, transfer):
        return found
    if any(actor.is_(role, transfer.origin_team) for role in rules.authorised_by):
        found |= {Party.AUTHORISER}
    if transfer.sent_to is not None and actor.is_(SYSTEM_ROLES[rules.to_system]):
        found |= {Party.RECEIVING_SYSTEM}
    return found


def at_side(actor: Actor, side: Side, team: str) -> Parties:
    """What the actor's roles in the team at that side make of them."""
    made = AT_SIDE[side]
    held = (m.role for m in actor.memberships if m.team == team)
    return frozenset(made[role] for role in held if role in made)


def in_series(actor: Actor, series: str) -> Parties:
    """What the actor is to a series of meetings of their council."""
    held = (m.role for m in actor.memberships if m.meeting == series)
    return frozenset(IN_SERIES[role] for role in held if role in IN_SERIES)


def in_team(actor: Actor, team: str) -> Parties:
    """What the actor is to a team of their council."""
    held = {m.role for m in actor.memberships if m.team == team}
    colleague = {Party.COLLEAGUE} if held else set[Party]()
    return frozenset(IN_TEAM[role] for role in held if role in IN_TEAM) | colleague


def in_council(actor: Actor) -> Parties:
    """What the actor is to the whole of their council."""
    held = (m.role for m in actor.memberships if m.team is None and m.meeting is None)
    found = {IN_COUNCIL[role] for role in held if role in IN_COUNCIL} | {Party.ANYBODY}
    if any(m.role in OF_A_TEAM and m.team is not None for m in actor.memberships):
        found.add(Party.PERSON_OF_A_TEAM)
    if any(m.role in WORKS and m.team is not None for m in actor.memberships):
        found.add(Party.WORKER_OF_A_TEAM)
    if any(m.role is Role.OPERATIONS_MANAGER and m.team is not None for m in actor.memberships):
        found.add(Party.OPERATIONS_MANAGER_OF_A_TEAM)
    return frozenset(found)


def recorders(side: Side, roles: Iterable[Role]) -> Parties:
    """Whom a protocol means by these roles of that side.

    A series serves both sides: its chair, with the deputy, and co-ordinator are meant whichever
    it is.
    """
    sides = AT_SIDE if side is Side.EITHER else (side,)
    found: set[Party] = set()
    for role in roles:
        found |= {AT_SIDE[one][role] for one in sides if role in AT_SIDE[one]}
        if role in IN_SERIES:
            found.add(IN_SERIES[role])
        if role is Role.CHAIR:
            found.add(Party.SERIES_DEPUTY_CHAIR)
    return frozenset(found)
