"""A few hundred requests of `make fuzz`, always the same ones, in the fast lane."""

from dataclasses import replace
from pathlib import Path

import pytest
from fuzz.campaign import Campaign, Counts
from fuzz.people import AUTHORISED, NOBODY, STRANGER
from fuzz.stand import standing

SEED = 20
JOURNEY = ("readTransfer", "recordConsent", "finaliseTransfer", "authoriseTransfer")
REFUSED = ("readTransfer",)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_few_hundred_generated_requests_get_documented_answers(
    database_url: str, issuer_key: Path, tmp_path: Path
) -> None:
    counts = Counts()

    with standing(database_url, issuer_key, tmp_path) as stand:
        seen = Campaign(stand, AUTHORISED, SEED, most=2, only=JOURNEY)
        replace(seen, phases=("examples", "coverage", "stateful")).run(counts)
        for asker in (STRANGER, NOBODY):
            replace(seen, asker=asker, only=REFUSED, phases=("coverage",)).run(counts)

    assert not counts.errors, counts.errors
    assert not counts.findings, counts.said()
    assert counts.cases > 200
    assert {200, 401, 404, 409, 412, 422, 428} <= counts.by_status.keys()
