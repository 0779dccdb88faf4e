"""A team is told from every other by its name (hazard 2)."""

from dataclasses import replace

import pytest
from builders import durham, sample_directory

from app.domain.breach import Breach
from app.domain.team_name import name_breaches, refused_names

TEAMS = sample_directory().teams
BY_ID = {team.id: team for team in TEAMS}
REFUSED = refused_names(durham())


def found(team: str, name: str) -> list[str]:
    """What refuses it."""
    breaches = tuple(name_breaches(BY_ID[team], name, TEAMS, REFUSED))
    assert {breach.code for breach in breaches} <= {"team-name"}
    return [breach.found for breach in breaches]


@pytest.mark.parametrize(
    ("team", "name"),
    [
        ("cwd", "Children with Disabilities, North"),
        ("cwd", "CHILDREN WITH DISABILITIES TEAM"),
        ("referral-to-progress", "referral to progress"),
    ],
)
def test_a_team_gets_a_name_of_its_own(team: str, name: str) -> None:
    assert found(team, name) == []


@pytest.mark.parametrize(
    "name", ["ASET", "aset", "  Aset ", "\N{FULLWIDTH LATIN CAPITAL LETTER A}set"]
)
def test_h02_no_team_gets_the_name_of_another_however_it_is_written(name: str) -> None:
    assert found("cwd", name) == ["another team's name"]


def test_a_closed_team_s_name_is_free() -> None:
    teams = [replace(team, active=team.id != "aset") for team in TEAMS]

    assert list(name_breaches(BY_ID["cwd"], "ASET", teams, REFUSED)) == []


@pytest.mark.parametrize("sign", ["\N{ZERO WIDTH SPACE}", "\N{RIGHT-TO-LEFT OVERRIDE}"])
def test_h02_a_name_has_nothing_in_it_that_cannot_be_seen(sign: str) -> None:
    assert found("cwd", f"Team{sign}gnol") == ["a character that cannot"]


@pytest.mark.parametrize(
    ("team", "name"),
    [("referral-to-progress", "Families First Shildon"), ("cwd", "Referral to  Progress")],
)
def test_h02_no_name_leads_past_the_protocol_s_refusal_of_a_tray(team: str, name: str) -> None:
    assert "a name that the protocol refuses" in found(team, name)


def test_h02_the_names_that_the_protocols_refuse_are_those_that_are_held_on_to() -> None:
    assert refused_names(durham()) == REFUSED == {"Referral to Progress"}


@pytest.mark.parametrize("name", ["Aset", "Cw\N{ZERO WIDTH SPACE}d", "Referral to Progress"])
def test_h02_a_refused_name_cites_the_hazard(name: str) -> None:
    breaches: list[Breach] = list(name_breaches(BY_ID["cwd"], name, TEAMS, REFUSED))

    assert {breach.source for breach in breaches} == {"HZ 2"}


def test_h02_signs_that_nobody_sees_make_no_other_name() -> None:
    assert "another team's name" in found("cwd", "As\N{ZERO WIDTH SPACE}et")
