"""A few hundred requests of `make fuzz`, always the same ones, in the fast lane."""

from pathlib import Path

import pytest
from fuzz.campaign import Campaign, Counts
from fuzz.people import AUTHORISED, NOBODY, STRANGER, Asker
from fuzz.stand import standing

SEED = 20
OPERATIONS = (
    *("openTransfer", "readTransfer", "editTransfer", "finaliseTransfer", "authoriseTransfer"),
    *("findTransfers", "countTransfers", "receiveLcsCallback", "recordConsent", "decideCase"),
)


@pytest.mark.parametrize(
    ("database_url", "asker", "phases"),
    [
        ("sqlite", AUTHORISED, ("examples", "fuzzing", "stateful")),
        ("postgresql", STRANGER, ("fuzzing",)),
        ("sqlite", NOBODY, ("fuzzing",)),
    ],
    indirect=["database_url"],
    ids=["authorised", "stranger", "nobody"],
)
def test_a_few_hundred_generated_requests_get_documented_answers(
    database_url: str, issuer_key: Path, tmp_path: Path, asker: Asker, phases: tuple[str, ...]
) -> None:
    counts = Counts()

    with standing(database_url, issuer_key, tmp_path) as stand:
        Campaign(stand, asker, SEED, most=5, phases=phases, only=OPERATIONS).run(counts)

    assert counts.errors == []
    assert counts.said() == ""
    assert counts.cases > 40
