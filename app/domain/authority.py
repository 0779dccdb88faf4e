"""Who may do what: the one check, which goes by the rows of rights.py.

What somebody may not see does not exist for them; what they see and may not do is refused.
"""

from dataclasses import dataclass

from app.domain.errors import NotPermitted, NotVisible, SeparationOfDuties, StaleVersion
from app.domain.party import Parties, Party
from app.domain.pathway import Action
from app.domain.people import Actor
from app.domain.relations import in_council, in_team, prepared, relations
from app.domain.rights import EVER, RIGHT_TO, Act
from app.domain.transfer import Transfer
from app.domain.withheld import Reader, reader


def require(act: Act, actor: Actor, transfer: Transfer, named: Parties | None = None) -> None:
    """Pass where the act on the transfer is the actor's; `named` as in require_right.

    Raises:
        NotVisible, NotPermitted, SeparationOfDuties: see errors.py.
    """
    require_visible(actor, transfer)
    require_right(act, relations(actor, transfer), named)


def require_of_team(act: Act, actor: Actor, team: str) -> None:
    """Pass where the act on a team of the council is the actor's.

    Raises:
        NotVisible: the team's work does not exist for this actor.
        NotPermitted: it does, and the act is not theirs.
    """
    who = in_team(actor, team) | in_council(actor)
    if not may(Act.SEE_WORK_OF_TEAM, who):
        raise NotVisible(team)
    require_right(act, who)


def require_right(act: Act, who: Parties, named: Parties | None = None) -> None:
    """Pass where the act is for one of `who`, and never denied to any of them.

    `named`: those whom the protocol names, of an act that is for these alone.

    Raises:
        NotPermitted: it is for others.
        SeparationOfDuties: it is never for one of `who`.
    """
    if not may(act, who, named):
        raise NotPermitted(
            f"{act} is for {_listed(RIGHT_TO[act].holders(RIGHT_TO[act].who, named))}"
        )
    require_separation(RIGHT_TO[act].never, who)


def may(act: Act, who: Parties, named: Parties | None = None) -> bool:
    """Whether the act is for one of `who`."""
    return bool(RIGHT_TO[act].holders(who, named))


def require_ever(action: Action, who: Parties) -> None:
    """Pass when the action is ever for one of `who`, whatever the stage.

    Raises:
        NotPermitted: no row gives it to them.
    """
    if not EVER[action] & who:
        raise NotPermitted(f"{action} is for {_listed(EVER[action])}")


def require_separation(never: Parties, who: Parties) -> None:
    """Pass, or raise: four eyes (DL 17, CE M27).

    Raises:
        SeparationOfDuties: one of `who` is one of those whom it is never for.
    """
    if never & who:
        raise SeparationOfDuties(f"This is never for the {_listed(never)}")


def by_others(never: Parties, actor: Actor, transfer: Transfer) -> Actor:
    """The actor without what those delegated to them whom an act is never for.

    A delegate does not judge what their delegator prepared, unless it is theirs without that.
    """
    if not actor.delegated:
        return actor
    bound = (person for party, person in prepared(transfer).items() if party in never)
    return actor.without_delegations_by(person for person in bound if person is not None)


def _listed(who: Parties) -> str:
    return ", ".join(party for party in Party if party in who) or "nobody"


@dataclass(frozen=True, slots=True)
class VisibleTo:
    """Whose transfers are seen: those from or to these teams, and those booked into these series.

    A series sees a draft too, from when it is submitted to one of its meetings until it is
    submitted to another series' (IS 8, CE M13). `every`: all of the authority's. What is withheld
    from the `reader` is never seen, whatever else says so (None: nothing is).
    """

    teams: frozenset[str] = frozenset()
    series: frozenset[str] = frozenset()
    every: bool = False
    reader: Reader | None = None


def sees_all(actor: Actor) -> bool:
    """Whether every transfer of their authority is the actor's to see."""
    return may(Act.READ_TRANSFER, in_council(actor))


def visible_to(actor: Actor) -> VisibleTo:
    """Which transfers of their authority the actor may see."""
    if sees_all(actor):
        return VisibleTo(every=True, reader=reader(actor))
    return VisibleTo(actor.teams(), actor.series(), reader=reader(actor))


def may_see(actor: Actor, transfer: Transfer) -> bool:
    """Whether the transfer exists for this actor."""
    return may(Act.READ_TRANSFER, relations(actor, transfer))


def may_read(actor: Actor, transfer: Transfer) -> bool:
    """Whether they see it, or broke the glass and nothing denies it to them."""
    who = relations(actor, transfer)
    return may(Act.READ_TRANSFER, who) or may(Act.READ_BY_BROKEN_GLASS, who)


def own_teams(actor: Actor) -> frozenset[str] | None:
    """The teams whose alerts are the actor's; None: all of the authority's."""
    return None if sees_all(actor) else actor.teams()


def require_visible(actor: Actor, transfer: Transfer) -> None:
    """Pass for whoever sees the transfer and may act where it is theirs to.

    Raises:
        NotVisible: the transfer does not exist for this actor.
        NotPermitted: they read it because they broke the glass.
    """
    if may_see(actor, transfer):
        return
    require_readable(actor, transfer)
    raise NotPermitted("Who broke the glass reads, and does nothing else")


def require_readable(actor: Actor, transfer: Transfer) -> None:
    """Pass for whoever may read the transfer.

    Raises:
        NotVisible: the transfer does not exist for this actor.
    """
    if not may_read(actor, transfer):
        raise NotVisible(transfer.id)


def require_version(transfer: Transfer, expected: int | None) -> None:
    """Pass when it is the version that the change was made against.

    Raises:
        StaleVersion: it is not.
    """
    if expected is not None and expected != transfer.version:
        raise StaleVersion(transfer.id)
