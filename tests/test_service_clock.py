"""The clock of the service: real, or in development ahead of this machine's."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.service_clock import clock_ahead, this_moment
from app.settings import Settings

FORTNIGHT = timedelta(days=14)


def test_a_clock_is_ahead_by_what_the_file_says_whenever_it_is_asked(tmp_path: Path) -> None:
    by = tmp_path / "ahead"
    clock = clock_ahead(by)
    before = datetime.now(UTC)

    at_first = clock()
    by.write_text(f"{FORTNIGHT.total_seconds():.0f}")
    later = clock()

    assert before <= at_first <= datetime.now(UTC)
    assert before + FORTNIGHT <= later <= datetime.now(UTC) + FORTNIGHT


@pytest.mark.parametrize("words", ["", "soon", "1e9", "9" * 400, "\N{DIGIT ONE}.5"])
def test_a_file_that_says_anything_else_is_no_time_ahead(tmp_path: Path, words: str) -> None:
    by = tmp_path / "ahead"
    by.write_text(words)
    before = datetime.now(UTC)

    assert before <= clock_ahead(by)() <= datetime.now(UTC)


def test_the_service_goes_by_this_machine_unless_said_otherwise(tmp_path: Path) -> None:
    usual = Settings(_env_file=None)
    ahead = Settings(_env_file=None, clock_ahead_file=tmp_path / "ahead")

    assert usual.clock is this_moment
    assert ahead.clock is not this_moment
