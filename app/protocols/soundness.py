"""Whether a protocol can be enforced: what the shape of its file alone cannot see."""

from collections import Counter
from collections.abc import Iterator

from app.domain import rules as r
from app.domain.people import AUTHORITY_WIDE
from app.domain.protocol import Gate
from app.protocols.file_shape import NeedsShape, PathwayShape

STAGE_MILESTONES = frozenset(
    {"opened", "finalised", "authorised", "dispatched", "received_in_tray", "picked_up"}
    | {"started", "allocated"}
)
DECIDED_MILESTONES = STAGE_MILESTONES | {
    "returned", "redirected", "released", "declined", "child_allocated", "completed", "cancelled"
}  # fmt: skip
MANDATORY = ("date_of_transfer", "comments", "recipient")
MANDATORY_OF_RECIPIENT = ("active", "same_authority")


def faults(half: PathwayShape) -> Iterator[str]:
    """What the shape alone cannot see: dangling names, and rules that every protocol needs."""
    milestones = STAGE_MILESTONES | set(half.milestones)
    wanted = [half.custody_passes_on, *half.completes_on]
    wanted += [m.after for m in half.milestones.values() if m.after]
    needed = [(rule.needs.milestone, rule.needs.milestone_with_recipient) for rule in half.rules]
    wanted += [name for pair in needed for name in pair if name]
    yield from (f"no milestone {name}" for name in wanted if name not in milestones)
    nobody = [role for role in half.authorised_by if role in AUTHORITY_WIDE]
    yield from (f"authorised_by: no {role} belongs to a team" for role in nobody)
    decided = [name for name in half.milestones if name in DECIDED_MILESTONES]
    yield from (f"the milestone {x} is reached by a decision and not recorded" for x in decided)
    for rule in half.rules:
        if len(rule.needs.model_fields_set) != 1:
            yield f"{rule.code}: needs names one kind of rule"
        if rule.needs.field is not None and rule.needs.field not in r.FieldGiven.choices:
            yield f"{rule.code}: no field {rule.needs.field}"
        yield from (f"{rule.code}: no route {x}" for x in rule.routes if x not in half.routes)
    codes = Counter(rule.code for rule in half.rules)
    yield from (f"the code {code} is used twice" for code, n in codes.items() if n > 1)
    fields = {needs.field for needs in _always(half, Gate.FINALISE)}
    yield from (f"no rule asks for {name} at finalise" for name in MANDATORY if name not in fields)
    of_recipient = {needs.recipient for needs in _always(half, Gate.DISPATCH)}
    missing = [f'recipient = "{x}"' for x in MANDATORY_OF_RECIPIENT if x not in of_recipient]
    if not any(needs.recipient_kind for needs in _always(half, Gate.DISPATCH)):
        missing.append("a recipient_kind")
    yield from (f"no rule asks for {what} at dispatch" for what in missing)


def _always(half: PathwayShape, gate: Gate) -> list[NeedsShape]:
    """What must hold at a gate on every route."""
    must = [rule for rule in half.rules if rule.severity == "must" and not rule.routes]
    return [rule.needs for rule in must if gate in rule.gates]
