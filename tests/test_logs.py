import json
import logging
from collections.abc import Iterator

import pytest

from app import logs


def test_a_library_that_logs_an_exception_says_where_and_nothing_of_what(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure("INFO")
    try:
        int("Alex Example, born 2017-03-09")
    except ValueError:
        logging.getLogger("a.library").exception("It failed")

    (line,) = capsys.readouterr().err.splitlines()

    told = json.loads(line)
    assert told["error"] == "ValueError"
    assert told["where"][-1].startswith("test_logs.py:")
    assert "Alex" not in line


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    yield
    logging.basicConfig(force=True)
