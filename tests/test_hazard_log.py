"""The hazard log names tests that there are, and every hazard's tests carry its number."""

import re
from pathlib import Path

TESTS = Path(__file__).parent
LOG = (TESTS.parent / "docs" / "hazards.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| (\d+) \|(.*)$", LOG, re.MULTILINE))
WRITTEN = {
    name
    for file in TESTS.rglob("test_*.py")
    for name in re.findall(r"def (test_h\d\d\w*)", file.read_text(encoding="utf-8"))
}


def test_the_log_has_all_nineteen_hazards() -> None:
    assert [int(number) for number in ROWS] == list(range(1, 20))


def test_every_test_that_the_log_names_is_there_and_carries_its_hazard_s_number() -> None:
    named = {number: re.findall(r"`(test_\w+)`", row) for number, row in ROWS.items()}

    assert {name for names in named.values() for name in names} <= WRITTEN
    assert all(f"_h{int(number):02}_" in n for number, names in named.items() for n in names)


def test_a_hazard_without_a_test_says_that_its_control_is_not_there_yet() -> None:
    without = {number for number, row in ROWS.items() if "`test_" not in row}

    assert {number for number in without if "not yet" not in ROWS[number]} == set()
