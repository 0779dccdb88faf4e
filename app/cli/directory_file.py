"""Reads a directory from a TOML or CSV file, strictly: every fault is named at once.

TOML has [[authorities]], [[teams]] and [[people]] with their memberships. CSV has one row a
thing; its column `record` says which: authority, team, person or membership.
"""

import csv
import tomllib
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from app.domain.duty_task import CaseSystem
from app.domain.people import AUTHORITY_WIDE, OF_A_SERIES, OF_A_SERIES_ALONE, Role, Team
from app.store.directory import Authority, DatedMembership, Person
from app.usecases.load_directory import Directory, DirectoryError

Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:@-]{0,99}$")]
Words = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AuthorityRow(_Row):
    """A council."""

    code: Id
    name: Words
    protocol: Id


class TeamRow(_Row):
    """A team with its duty tray."""

    id: Id
    authority: Id
    name: Words
    kind: Id
    service: Words
    locality: Words
    case_system: CaseSystem
    tray: Id
    active: bool = True


class MembershipRow(_Row):
    """A role in a team, in a series of meetings, or in neither: of the whole authority."""

    role: Role
    team: Id | None = None
    meeting: Id | None = None
    from_: Annotated[date, Field(alias="from")]
    to: date | None = None

    @model_validator(mode="after")
    def _fits_role(self) -> "MembershipRow":
        in_team, in_series = self.team is not None, self.meeting is not None
        if in_series and self.role not in OF_A_SERIES:
            raise ValueError(f"no {self.role} belongs to a series of meetings")
        if in_team and self.role in OF_A_SERIES_ALONE:
            raise ValueError(f"a {self.role} belongs to a series of meetings, to no team")
        if in_team + in_series != (self.role not in AUTHORITY_WIDE):
            raise ValueError(
                "a team or a series goes with every role but those of the whole authority"
            )
        if self.to is not None and self.to < self.from_:
            raise ValueError("it ends before it begins")
        return self


class PersonRow(_Row):
    """A person; `subject` is what their tokens call them, their id where it is left out."""

    id: Id
    authority: Id
    name: Words
    subject: Words | None = None
    memberships: list[MembershipRow] = []


class DirectoryFile(_Row):
    """The whole file."""

    authorities: list[AuthorityRow] = []
    teams: list[TeamRow] = []
    people: list[PersonRow] = []


def read_directory(path: Path) -> Directory:
    """The directory in a file.

    Raises:
        DirectoryError: it cannot be read, or is not of the shape.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")  # spreadsheets put a mark before the first cell
        raw = _from_csv(text) if path.suffix.lower() == ".csv" else tomllib.loads(text)
        file = DirectoryFile.model_validate(raw)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, csv.Error) as error:
        raise DirectoryError(f"{path.name}: {error}") from error
    except ValidationError as error:
        words = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        raise DirectoryError(f"{path.name}: " + "; ".join(words)) from error
    faults = _twice("authority", [authority.code for authority in file.authorities])
    faults += _twice("team", [team.id for team in file.teams])
    faults += _twice("person", [person.id for person in file.people])
    faults += _twice("subject", [person.subject or person.id for person in file.people])
    faults += _twice("tray", [f"{t.case_system} {t.tray}" for t in file.teams if t.active])
    if faults:
        raise DirectoryError(f"{path.name}: " + "; ".join(faults))
    return _directory(file)


def _directory(file: DirectoryFile) -> Directory:
    return Directory(
        tuple(Authority(**row.model_dump()) for row in file.authorities),
        tuple(Team(**row.model_dump()) for row in file.teams),
        tuple(Person(p.id, p.authority, p.name, p.subject or p.id) for p in file.people),
        tuple(
            DatedMembership(person.id, m.role, m.team, m.from_, m.to, m.meeting)
            for person in file.people
            for m in person.memberships
        ),
    )


def _twice(what: str, ids: list[str]) -> list[str]:
    return [f"the {what} {one} stands twice" for one, n in Counter(ids).items() if n > 1]


def _from_csv(text: str) -> dict[str, Any]:
    """The rows of a CSV file in the shape of the TOML one.

    Raises:
        DirectoryError: rows are of no known kind, too long, or memberships of nobody.
    """
    found: dict[str, list[dict[str, Any]]] = {"authorities": [], "teams": [], "people": []}
    people: dict[str, dict[str, Any]] = {}
    faults: list[str] = []
    rows = csv.DictReader(text.splitlines())
    for row in rows:
        given: dict[str, Any] = {k: v for k, v in row.items() if k and v}
        if None in row:
            faults.append(f"line {rows.line_num}: more cells than columns")
        match given.pop("record", None):
            case "authority":
                found["authorities"].append(given)
            case "team":
                found["teams"].append(given)
            case "person":
                described = given | {"memberships": []}
                people.setdefault(given.get("id", ""), described)
                found["people"].append(described)
            case "membership" if given.get("person") in people:
                people[given.pop("person")]["memberships"].append(given)
            case other:
                faults.append(f"line {rows.line_num}: {other or 'no record'} cannot stand here")
    if faults:
        raise DirectoryError("; ".join(faults))
    return found
