"""Whether a protocol can be enforced: what the shape of its file alone cannot see."""

from collections import Counter
from collections.abc import Collection, Iterator

from app.domain.census_codes import REASON_FOR_CLOSURE, REFERRAL_SOURCE
from app.domain.people import AUTHORITY_WIDE
from app.domain.protocol import Gate
from app.protocols.dangling import faults_of_names
from app.protocols.file_shape import PathwayShape
from app.protocols.needs_shape import NeedsShape

MANDATORY = ("date_of_transfer", "comments", "recipient")
MANDATORY_OF_RECIPIENT = ("active", "same_authority")


def faults(half: PathwayShape, meetings: Collection[str]) -> Iterator[str]:
    """Names that lead nowhere, codes used twice, and rules that every protocol needs."""
    yield from faults_of_names(half, meetings)
    nobody = [role for role in half.authorised_by if role in AUTHORITY_WIDE]
    yield from (f"authorised_by: no {role} belongs to a team" for role in nobody)
    for name, kind in half.milestones.items():
        nobody = [role for role in kind.roles if role in AUTHORITY_WIDE]
        yield from (f"milestones.{name}: no {role} belongs to a team" for role in nobody)
    codes = Counter([rule.code for rule in half.rules] + [clock.code for clock in half.clocks])
    yield from (f"the code {code} is used twice" for code, n in codes.items() if n > 1)
    yield from _census(half)
    fields = {needs.field for needs in _always(half, Gate.FINALISE)}
    yield from (f"no rule asks for {name} at finalise" for name in MANDATORY if name not in fields)
    of_recipient = {needs.recipient for needs in _always(half, Gate.DISPATCH)}
    missing = [f'recipient = "{x}"' for x in MANDATORY_OF_RECIPIENT if x not in of_recipient]
    if not any(needs.recipient_kind for needs in _always(half, Gate.DISPATCH)):
        missing.append("a recipient_kind")
    yield from (f"no rule asks for {what} at dispatch" for what in missing)


def _census(half: PathwayShape) -> Iterator[str]:
    source = half.referral_source
    if source is not None and source not in REFERRAL_SOURCE:
        yield f"referral_source: no {source} in the census"
    for name, route in half.routes.items():
        for origin, reason in route.closure_reasons.items():
            if reason not in REASON_FOR_CLOSURE:
                yield f"routes.{name}: no {reason} in the census"
            if origin not in route.origins:
                yield f"routes.{name}: no origin {origin}"


def _always(half: PathwayShape, gate: Gate) -> list[NeedsShape]:
    """What must hold at a gate on every route, whatever else."""
    return [
        rule.needs
        for rule in half.rules
        if rule.severity == "must"
        and gate in rule.gates
        and not (rule.routes or rule.when or rule.unless)
    ]
