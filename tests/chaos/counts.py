"""The counts of a storm, as `make chaos` prints them."""

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from chaos.checks import broken
from chaos.evidence import Evidence
from chaos.storm import Storm

KEPT = Path(__file__).parents[2] / ".chaos"

COUNTS = {
    "answers that acknowledged a change": "SELECT count(*) FROM told WHERE status < 300",
    "of them after a retry": "SELECT count(*) FROM told WHERE status < 300 AND late > 0",
    "of them kept answers given again": "SELECT count(*) FROM told WHERE status < 300 AND replayed",
    "transfers acknowledged": "SELECT count(DISTINCT transfer) FROM told WHERE status < 300",
    "deliveries created": "SELECT count(*) FROM deliveries",
    "delivered": "SELECT count(*) FROM deliveries WHERE state = 'delivered'",
    "cancelled": "SELECT count(*) FROM deliveries WHERE state = 'cancelled'",
    "parked": "SELECT count(*) FROM deliveries WHERE state = 'parked'",
    "uncertain": "SELECT count(*) FROM deliveries WHERE state = 'uncertain'",
    "waiting behind one that is put aside": "SELECT count(*) FROM deliveries"
    " WHERE state = 'pending'",
    "tasks in trays": "SELECT count(*) FROM tasks",
    "of them withdrawn": "SELECT count(*) FROM tasks WHERE state = 'withdrawn'",
    "gateway calls": "SELECT count(*) FROM requests",
    "calls reset after processing": "SELECT count(*) FROM requests"
    " WHERE fault = 'reset_after_processing'",
    "pushes that came again": "SELECT count(*) - count(DISTINCT key) FROM requests"
    " WHERE key IS NOT NULL AND processed",
    "callbacks taken": "SELECT count(*) FROM callbacks WHERE state = 'delivered'",
    "callbacks given up, healed by look-up": "SELECT count(*) FROM callbacks"
    " WHERE state = 'failed'",
}


def count(evidence: Evidence, killed: Mapping[str, int]) -> dict[str, int]:
    """What was done and what came of it; the last three are lost, doubled and broken checks."""
    failed = broken(evidence)
    return {
        **{f"struck: {kind}": number for kind, number in sorted(killed.items())},
        **{says: evidence.count(query) for says, query in COUNTS.items()},
        "acknowledged and lost": len(failed.get("acknowledged_and_lost", ())),
        "tasks doubled": len(failed.get("doubled_task", ())),
        "checks that did not hold": len(failed),
    }


def report(title: str, raging: Storm, evidence: Evidence) -> dict[str, int]:
    """Print the counts and return them; what breaks a check is kept in `.chaos/`, and raised.

    Raises:
        AssertionError: a check does not hold.
    """
    counts = count(evidence, raging.killed)
    print(lines(f"{title}: quiet after {raging.quiet_after:.1f} s", counts))  # noqa: T201
    if failed := broken(evidence):
        KEPT.mkdir(exist_ok=True)
        kept = KEPT / f"{re.sub(r'[^a-z0-9]+', '-', title.lower())}.sqlite3"
        kept.unlink(missing_ok=True)
        evidence.keep(kept)
        shutil.copytree(raging.place.folder, kept.with_suffix(""), dirs_exist_ok=True)
        raise AssertionError(f"{failed}; see {kept.name}")
    return counts


def lines(title: str, counts: Mapping[str, int]) -> str:
    """A block of text."""
    rows = [f"  {number:>8,}  {says}" for says, number in counts.items()]
    return "\n".join(("", title, *rows, ""))
