"""A team's name: people choose a tray by it, and a protocol may refuse one by it (hazard 2)."""

import unicodedata
from collections.abc import Collection, Iterator

from app.domain.breach import Breach, must
from app.domain.people import Team
from app.domain.protocol import CouncilProtocol
from app.domain.rules.recipient import RecipientNotNamed, folded

SOURCE = "HZ 2"


def refused_names(protocol: CouncilProtocol) -> frozenset[str]:
    """The names of trays that the protocol lets no transfer be sent to."""
    return frozenset(
        name
        for rules in protocol.pathways.values()
        for rule in rules.rules
        if isinstance(rule.needs, RecipientNotNamed)
        for name in rule.needs.names
    )


def name_breaches(
    team: Team, name: str, teams: Collection[Team], refused: Collection[str]
) -> Iterator[Breach]:
    """Why the team may not be called that; `refused` are names that no transfer is sent to."""
    new, kept = folded(name), {folded(one) for one in refused}
    if any(unicodedata.category(sign) == "Cf" for sign in name):
        says = "Write the name in characters that can be seen"
        yield must("team-name", says, "a character that cannot", SOURCE)
    if any(x.active and x.id != team.id and folded(x.name) == new for x in teams):
        says = "Choose a name that no other active team of the council has"
        yield must("team-name", says, "another team's name", SOURCE)
    if (new in kept) != (folded(team.name) in kept):
        says = "A tray that no transfer is sent to is known by its name, and no other team has it"
        yield must("team-name", says, "a name that the protocol refuses", SOURCE)
