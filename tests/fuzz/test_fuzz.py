"""`make fuzz`: both stores, three askers, every check and phase; every count is printed."""

import os
import time
from pathlib import Path
from random import SystemRandom

import pytest
from fuzz.campaign import PHASES, Campaign, Counts
from fuzz.people import ASKERS, AUTHORISED, Asker
from fuzz.stand import standing
from fuzz.told import told

CASES = int(os.environ.get("FUZZ_CASES", "20000"))
SEED = int(os.environ.get("FUZZ_SEED") or SystemRandom().randrange(1_000_000))
LONGEST = 300.0
"""Seconds of one store and asker; there are six."""
SHARES = {AUTHORISED: 0.25}
"""Of all cases, on each store; the others share what is left."""
SHORT_OF = "{} cases of {} within {:.0f} s: give it more time, or a quieter machine"


@pytest.mark.fuzz
@pytest.mark.parametrize("asker", ASKERS, ids=lambda asker: asker.name)
def test_no_request_whatsoever_gets_an_answer_that_is_not_documented(
    database_url: str, issuer_key: Path, tmp_path: Path, asker: Asker
) -> None:
    counts, wanted = Counts(), round(CASES * SHARES.get(asker, 0.125))
    began = time.monotonic()

    with standing(database_url, issuer_key, tmp_path) as stand:
        campaign = Campaign(stand, asker, SEED, most=10, until=began + LONGEST)
        campaign.run(counts)
        while counts.cases < wanted and time.monotonic() < campaign.until:
            stand.restock()
            campaign = campaign.again()
            campaign.run(counts)

    store = database_url.partition(":")[0]
    print(told(f"{store}, {asker.name}", SEED, counts, time.monotonic() - began))  # noqa: T201 - the report
    assert not counts.findings, counts.said()
    assert not counts.errors, counts.errors
    assert counts.by_phase.keys() == set(PHASES), "out of time: a quieter machine is needed"
    assert counts.cases >= wanted, SHORT_OF.format(counts.cases, wanted, LONGEST)
