"""The hazard log and the claims of security name tests that there are, and link to them."""

import re
from pathlib import Path

import pytest
from named_tests import PAGES, linked, named, written

HAZARDS, SECURITY, _ = (page.read_text(encoding="utf-8") for page in PAGES)
ROWS = dict(re.findall(r"^\| (\d+) \|(.*)$", HAZARDS, re.MULTILINE))
CLAIMS = re.findall(r"^\| (V[\d.]+|API\d+:2023|own) \|(.*)$", SECURITY, re.MULTILINE)
ELSEWHERE = ("deployer's", "not applicable", "not yet", "partly")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_test_that_a_page_names_is_there(page: Path) -> None:
    assert set(named(page.read_text(encoding="utf-8"))) - written().keys() == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_test_that_a_page_names_is_linked_to_its_file(page: Path) -> None:
    text = page.read_text(encoding="utf-8")

    assert linked(text, written()) == text, "run make traceability"


def test_the_log_has_all_nineteen_hazards() -> None:
    assert [int(number) for number in ROWS] == list(range(1, 20))


def test_every_test_that_the_log_names_carries_its_hazard_s_number() -> None:
    wrong = [
        (number, name)
        for number, row in ROWS.items()
        for name in named(row)
        if f"_h{int(number):02}_" not in name
    ]

    assert wrong == []


def test_a_hazard_without_a_test_says_that_its_control_is_not_there_yet() -> None:
    assert [number for number, row in ROWS.items() if not named(row) and "not yet" not in row] == []


def test_every_claim_has_a_test_or_says_who_sees_to_it() -> None:
    without = [
        item
        for item, row in CLAIMS
        if not named(row) and not any(words in row for words in ELSEWHERE)
    ]

    assert CLAIMS
    assert without == []


def test_a_link_leads_to_a_file_that_has_the_test() -> None:
    tests = {"test_one": {"a/test_x.py", "b/test_x.py"}, "test_two": {"test_y.py"}}

    text = (
        "`test_one`, [`test_one`](../tests/b/test_x.py), [`test_two`](../tests/gone.py), `test_no`"
    )

    assert linked(text, tests) == (
        "[`test_one`](../tests/a/test_x.py), [`test_one`](../tests/b/test_x.py), "
        "[`test_two`](../tests/test_y.py), `test_no`"
    )
