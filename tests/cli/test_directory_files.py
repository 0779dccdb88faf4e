"""A directory is read from TOML and from CSV alike, and every fault in it is named."""

import csv
import io
import tomllib
from pathlib import Path

import pytest
from builders import DIRECTORY_FILE, sample_directory

from app.cli.directory_command import unknown_series
from app.cli.directory_file import read_directory
from app.protocols.shelf import load_protocols
from app.usecases.load_directory import DirectoryError

COLUMNS = (
    "record", "code", "id", "authority", "name", "protocol", "kind", "service", "locality",
    "case_system", "tray", "active", "subject", "person", "role", "team", "meeting", "from", "to",
)  # fmt: skip
KINDS = {"authorities": "authority", "teams": "team", "people": "person"}


def as_csv(toml: str) -> str:
    """The same directory, one row a thing."""
    text = io.StringIO()
    rows = csv.DictWriter(text, COLUMNS)
    rows.writeheader()
    for kind, things in tomllib.loads(toml).items():
        for thing in things:
            held = thing.pop("memberships", [])
            rows.writerow({"record": KINDS[kind], **thing})
            for membership in held:
                rows.writerow({"record": "membership", "person": thing["id"], **membership})
    return text.getvalue()


def _read(folder: Path, text: str | bytes, ending: str = "toml") -> None:
    file = folder / f"directory.{ending}"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    read_directory(file)


@pytest.mark.parametrize(
    ("written", "lost"),
    [("weekly", []), ("weakly", ["weakly"]), ("north", ["north"])],
    ids=["the council's own", "nobody's", "another council's"],
)
def test_a_membership_of_a_series_that_the_council_does_not_hold_is_warned_of(
    tmp_path: Path, written: str, lost: list[str]
) -> None:
    file = tmp_path / "directory.toml"
    text = DIRECTORY_FILE.read_text(encoding="utf-8")
    file.write_text(text.replace('meeting = "weekly"', f'meeting = "{written}"'), encoding="utf-8")

    assert unknown_series(read_directory(file), load_protocols(None)) == lost


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "as spreadsheets save it"])
def test_a_csv_file_and_a_toml_file_of_the_same_things_read_equal(
    tmp_path: Path, mark: bytes
) -> None:
    file = tmp_path / "directory.CSV"
    file.write_bytes(mark + as_csv(DIRECTORY_FILE.read_text(encoding="utf-8")).encode())

    assert read_directory(file) == sample_directory()


TEAM = """
[[teams]]
id = "t"
authority = "durham"
name = "A team"
kind = "early_help"
service = "One Point"
locality = "Here"
case_system = "ehm"
tray = "T"
"""
PERSON = """
[[people]]
id = "p"
authority = "durham"
name = "Somebody"
"""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[teams]", ["directory.toml: Expected ']]'"]),
        (b"\xff\xfe", ["directory.toml: 'utf-8' codec"]),
        (TEAM.replace('"ehm"', '"sap"'), ["teams.0.case_system: Input should be 'ehm' or 'lcs'"]),
        (TEAM + 'colour = "red"', ["teams.0.colour: Extra inputs are not permitted"]),
        (TEAM.replace('"t"', '"../t"'), ["teams.0.id: String should match"]),
        (TEAM.replace('"A team"', '"A\\tteam"'), ["teams.0.name: String should match"]),
        (
            TEAM.replace('kind = "early_help"\n', "").replace('"T"', '""'),
            ["teams.0.kind: Field required", "teams.0.tray: String should match"],
        ),
        (
            PERSON + 'memberships = [{ role = "practitioner", from = 2026-01-01 }]',
            ["people.0.memberships.0: Value error, a team or a series goes with every role"],
        ),
        (
            PERSON + 'memberships = [{ role = "auditor", team = "t", from = 2026-01-01 }]',
            ["people.0.memberships.0: Value error, a team or a series goes with every role"],
        ),
        (
            PERSON + 'memberships = [{ role = "member", from = 2026-01-01 }]',
            ["people.0.memberships.0: Value error, a team or a series goes with every role"],
        ),
        (
            PERSON
            + 'memberships = [{ role = "chair", team = "t", meeting = "m", from = 2026-01-01 }]',
            ["people.0.memberships.0: Value error, a team or a series goes with every role"],
        ),
        (
            PERSON + 'memberships = [{ role = "team_manager", meeting = "m", from = 2026-01-01 }]',
            ["people.0.memberships.0: Value error, no team_manager belongs to a series"],
        ),
        (
            PERSON + 'memberships = [{ role = "auditor", meeting = "m", from = 2026-01-01 }]',
            ["people.0.memberships.0: Value error, no auditor belongs to a series"],
        ),
        (
            PERSON + 'memberships = [{ role = "deputy_chair", team = "t", from = 2026-01-01 }]',
            ["people.0.memberships.0: Value error, a deputy_chair belongs to a series"],
        ),
        (
            PERSON + 'memberships = [{ role = "auditor", from = 2026-01-02, to = 2026-01-01 }]',
            ["people.0.memberships.0: Value error, it ends before it begins"],
        ),
        (PERSON + 'memberships = [{ role = "auditor" }]', ["memberships.0.from: Field required"]),
        (
            TEAM * 2 + PERSON * 2,
            [
                "the team t stands twice",
                "the person p stands twice",
                "the subject p stands twice",
                "the tray ehm T stands twice",
            ],
        ),
        (
            PERSON + 'subject = "x"' + PERSON.replace('"p"', '"q"') + 'subject = "x"',
            ["the subject x stands twice"],
        ),
    ],
)
def test_every_fault_of_a_toml_file_is_named(
    tmp_path: Path, text: str | bytes, words: list[str]
) -> None:
    with pytest.raises(DirectoryError) as caught:
        _read(tmp_path, text)

    assert [word for word in words if word not in str(caught.value)] == []


def test_every_fault_of_a_csv_file_is_named_with_its_line(tmp_path: Path) -> None:
    text = (
        "record,id,authority,name\n"
        "person,p,durham,Somebody,one too many\n"
        "nonsense,x\n"
        "membership,y\n"
        ",z\n"
    )

    with pytest.raises(DirectoryError) as caught:
        _read(tmp_path, text, "csv")

    assert str(caught.value) == (
        "line 2: more cells than columns; line 3: nonsense cannot stand here; "
        "line 4: membership cannot stand here; line 5: no record cannot stand here"
    )


def test_a_person_who_stands_twice_in_a_csv_file_is_named_as_in_toml(tmp_path: Path) -> None:
    row = "person,p,durham,Somebody\n"

    with pytest.raises(DirectoryError, match="the person p stands twice"):
        _read(tmp_path, "record,id,authority,name\n" + row * 2, "csv")


def test_a_cell_that_is_too_large_is_a_fault_and_no_crash(tmp_path: Path) -> None:
    with pytest.raises(DirectoryError, match="field larger"):
        _read(tmp_path, "record,id\nteam," + "x" * 200_000, "csv")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DirectoryError, match=r"nowhere\.toml"):
        read_directory(tmp_path / "nowhere.toml")


def test_two_active_teams_may_not_share_a_tray_but_a_closed_one_may_keep_its_name(
    tmp_path: Path,
) -> None:
    closed = TEAM.replace('"t"', '"old"') + "active = false"

    _read(tmp_path, TEAM + closed)
