"""Every council's procedure is late for a record that nobody is named for (hazard 1)."""

import pytest

from app.domain.milestone_names import named
from app.domain.protocol import PathwayRules
from app.domain.timescales import parse_within
from app.protocols.shelf import load_protocols

COUNCILS = [kept.protocol for kept in load_protocols(None)]
HALVES = [
    pytest.param(half, id=f"{council.code} {name}")
    for council in COUNCILS
    for name, half in council.pathways.items()
]


@pytest.mark.parametrize("half", HALVES)
def test_h01_every_pathway_of_every_council_is_late_for_a_lead_without_a_name(
    half: PathwayRules,
) -> None:
    (clock,) = [clock for clock in half.clocks if clock.source == "HZ 1"]

    assert (clock.starts, clock.stops) == ((named("started"),), (named("allocated"),))
    assert (clock.timescale, clock.severity) == (parse_within("1 working day"), "must")
    assert (clock.falls_to, clock.tells) == ("receiving", ("origin",))
    assert clock.condition.routes == ()
    assert clock.condition.when is clock.condition.unless is None
