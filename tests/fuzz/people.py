"""Who asks: somebody who may do nearly everything, a stranger of another council, nobody."""

from dataclasses import dataclass
from datetime import date

from builders import DIRECTORIES, sample_directory

from app.cli.directory_file import read_directory
from app.domain.people import Role
from app.store.directory import DatedMembership, Person
from app.store.engine import Store
from app.usecases.load_directory import Directory, load_directory

SINCE = date(2024, 1, 1)
IN_TEAMS = (
    *(Role.PRACTITIONER, Role.TEAM_MANAGER),
    *(Role.TEAM_COORDINATOR, Role.OPERATIONS_MANAGER),
)
IN_SERIES = (Role.CHAIR, Role.TEAM_COORDINATOR)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who sends a campaign's requests; `subject` None sends no token."""

    name: str
    subject: str | None
    authority: str
    teams: tuple[str, ...]
    series: tuple[str, ...]
    everywhere: tuple[Role, ...]


AUTHORISED = Asker(
    "authorised",
    "everybody",
    "durham",
    ("op-bishop", "ff-bishop"),
    ("weekly",),
    (Role.ADMINISTRATOR, Role.AUDITOR),
)
STRANGER = Asker(
    "another council's",
    "ce.everybody",
    "cheshire_east",
    ("ce-cefs-north", "ce-area-north"),
    ("north",),
    (Role.ADMINISTRATOR,),
)
NOBODY = Asker("without a token", None, "", (), (), ())
ASKERS = (AUTHORISED, STRANGER, NOBODY)


async def load_people(store: Store) -> None:
    """Both councils' sample directories, and those who ask."""
    async with store.write() as tx:
        await load_directory(tx, sample_directory())
        await load_directory(tx, read_directory(DIRECTORIES / "cheshire_east.toml"))
        await load_directory(tx, _askers())


def _askers() -> Directory:
    known = [asker for asker in ASKERS if asker.subject is not None]
    held = tuple(one for asker in known for one in _memberships(asker))
    people = tuple(
        Person(str(asker.subject), asker.authority, asker.name, str(asker.subject))
        for asker in known
    )
    return Directory((), (), people, held)


def _memberships(asker: Asker) -> list[DatedMembership]:
    who = str(asker.subject)
    return [
        *(DatedMembership(who, role, team, SINCE) for team in asker.teams for role in IN_TEAMS),
        *(
            DatedMembership(who, role, None, SINCE, meeting=series)
            for series in asker.series
            for role in IN_SERIES
        ),
        *(DatedMembership(who, role, None, SINCE) for role in asker.everywhere),
    ]
