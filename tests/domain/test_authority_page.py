"""The page of the authority matrix is the table of rights, written down."""

from pathlib import Path

from app.domain.authority_page import authority_page
from app.domain.party import Party
from app.domain.pathway import TRANSITIONS, Action
from app.domain.rights import EVER, RIGHT_TO, RIGHTS, Act

PAGE = Path(__file__).parents[2] / "docs" / "authority.md"


def test_the_committed_page_is_the_one_that_the_code_writes() -> None:
    assert PAGE.read_text(encoding="utf-8") == authority_page()


def test_every_action_and_every_act_has_its_rows_and_cites_where_they_are_from() -> None:
    assert [row.act for row in RIGHTS if isinstance(row.act, Action)] == [
        row.action for row in TRANSITIONS
    ]
    assert {*RIGHT_TO} == {*Act}
    assert len(RIGHTS) == len(TRANSITIONS) + len(Act)
    assert all(row.who and row.source for row in RIGHTS)


def test_the_page_says_how_somebody_comes_to_be_each_party() -> None:
    made = authority_page().split("## Who is who")[1]

    assert all(f"| {party} | " in made for party in Party)


def test_every_party_that_is_made_stands_in_some_row() -> None:
    standing = {party for row in RIGHTS for party in (*row.who, *row.never)}

    assert standing == {*Party}


def test_an_act_is_no_action_and_no_action_is_written_twice() -> None:
    assert not {act.value for act in Act} & {action.value for action in Action}
    assert {*EVER} == {*Action}
    assert all(EVER.values())
