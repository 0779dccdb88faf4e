"""Load the directory: councils, teams, people and their memberships, in one transaction."""

from dataclasses import dataclass

from app.domain.people import Team
from app.store.directory import (
    Authority,
    DatedMembership,
    Person,
    authority_of,
    load_teams,
    save_authority,
    save_person,
    save_team,
)
from app.store.engine import Transaction


@dataclass(frozen=True, slots=True)
class Directory:
    """What a directory file holds. What it does not name stays as it is."""

    authorities: tuple[Authority, ...]
    teams: tuple[Team, ...]
    people: tuple[Person, ...]
    memberships: tuple[DatedMembership, ...]


class DirectoryError(Exception):
    """A directory that cannot be loaded; the text lists every fault."""


async def load_directory(tx: Transaction, directory: Directory) -> None:
    """Insert or replace everything that the directory names.

    A person's memberships are replaced as a whole; teams are never deleted.

    Raises:
        DirectoryError: something refers to an authority or a team that there is not.
    """
    faults = await _dangling(tx, directory)
    if faults:
        raise DirectoryError("; ".join(faults))
    for authority in directory.authorities:
        await save_authority(tx, authority)
    for team in directory.teams:
        await save_team(tx, team)
    for person in directory.people:
        held = [m for m in directory.memberships if m.person == person.id]
        await save_person(tx, person, held)


async def _dangling(tx: Transaction, directory: Directory) -> list[str]:
    named = {authority.code for authority in directory.authorities}
    wanted = {team.authority for team in directory.teams}
    wanted |= {person.authority for person in directory.people}
    faults = [
        f"there is no authority {code}"
        for code in sorted(wanted - named)
        if await authority_of(tx, code) is None
    ]
    listed = {team.id for team in directory.teams}
    teams = {m.team for m in directory.memberships if m.team is not None} - listed
    known = await load_teams(tx, teams)
    faults += [f"there is no team {team}" for team in sorted(teams - set(known))]
    people = {person.id for person in directory.people}
    strangers = {m.person for m in directory.memberships} - people
    return faults + [f"the file does not describe {person}" for person in sorted(strangers)]
