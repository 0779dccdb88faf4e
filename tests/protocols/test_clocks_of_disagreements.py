"""No council's disagreement waits at any level of its ladder without a clock (hazard 19)."""

from pathlib import Path

import pytest

import app.protocols
from app.domain.breach import Severity
from app.domain.milestone_names import Named, named
from app.domain.protocol import PathwayRules
from app.domain.timescales import parse_within
from app.protocols.reader import ProtocolError, parse_protocol
from app.protocols.shelf import load_protocols

HALVES = [
    pytest.param(half, id=f"{kept.protocol.code} {name}")
    for kept in load_protocols(None)
    for name, half in kept.protocol.pathways.items()
    if half.escalation is not None
]
RESOLVED = named("disagreement_resolved")
CHESHIRE_EAST = (Path(app.protocols.__file__).parent / "cheshire_east.toml").read_text("utf-8")
LEVELS = {
    "disagreement_raised": "HZ-19-raised",
    "disagreement_escalated:chair": "HZ-19-chair",
    "disagreement_escalated:team_manager": "HZ-19-team-manager",
    "disagreement_escalated:operations_manager": "HZ-19-operations-manager",
}
NOT_ENOUGH = {
    "waits elsewhere": ('from = "{waits}"', 'from = "declined"'),
    "alerts nobody": ('severity = "must"', 'severity = "should"'),
    "runs on one route": ('falls_to = "origin"', 'falls_to = "origin"\nroutes = ["assessment"]'),
    "never ends with it": ('"disagreement_resolved"', '"redirected"'),
}


@pytest.mark.parametrize("half", HALVES)
def test_h19_a_disagreement_at_the_last_level_is_late_after_5_working_days_and_both_teams_hear(
    half: PathwayRules,
) -> None:
    assert half.escalation is not None
    last = Named("disagreement_escalated", half.escalation.levels[-1].code)

    (clock,) = [
        clock
        for clock in half.clocks
        if {last, Named(last.name)} & set(clock.starts) and clock.stops == (RESOLVED,)
    ]

    assert (clock.timescale, clock.severity) == (parse_within("5 working days"), Severity.MUST)
    assert (clock.falls_to, clock.tells) == ("origin", ("receiving",))
    assert clock.source.startswith("HZ 19; ")
    assert clock.note is not None
    assert "this service's" in clock.note


@pytest.mark.parametrize("change", NOT_ENOUGH)
@pytest.mark.parametrize("waits", LEVELS)
def test_h19_a_protocol_is_refused_where_a_level_of_its_ladder_has_no_clock_that_alerts(
    waits: str, change: str
) -> None:
    tables = CHESHIRE_EAST.split("\n\n")
    (at,) = [
        at
        for at, table in enumerate(tables)
        if table.startswith("[[step_down.clocks]]") and f'code = "{LEVELS[waits]}"' in table
    ]
    old, new = NOT_ENOUGH[change]
    old = old.format(waits=waits)
    assert old in tables[at]
    tables[at] = tables[at].replace(old, new)

    with pytest.raises(ProtocolError) as refused:
        parse_protocol("\n\n".join(tables), "x.toml")

    assert f"step_down.escalation: no clock runs from {waits} until it is resolved" in str(
        refused.value
    )
