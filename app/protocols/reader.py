"""Reads protocol files strictly and hands the domain frozen values; the domain never sees TOML."""

import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.domain import rules as r
from app.domain.pathway import Pathway
from app.domain.protocol import (
    CouncilProtocol,
    Gate,
    MilestoneKind,
    PathwayRules,
    RecordDateRule,
    Route,
    Rule,
)
from app.protocols.file_shape import NeedsShape, PathwayShape, ProtocolShape, RuleShape

RECIPIENT: dict[str, Callable[[], r.Need]] = {
    "active": r.RecipientActive,
    "same_authority": r.RecipientInAuthority,
    "another_team": r.RecipientIsAnother,
}
ORIGIN: dict[str, Callable[[], r.Need]] = {
    "allowed_by_route": r.OriginAllowed,
    "names_its_stage": r.OriginNamesItsStage,
}
KINDS: dict[str, Callable[[Any], r.Need]] = {
    "field": r.FieldGiven,
    "origin": lambda which: ORIGIN[which](),
    "origin_record": lambda _: r.OriginRecordActive(),
    "form_attached": r.FormAttached,
    "form_refused": r.FormRefused,
    "recipient": lambda which: RECIPIENT[which](),
    "recipient_kind": r.RecipientKind,
    "recipient_records_in": r.RecipientRecordsIn,
    "recipient_not": lambda names: r.RecipientNotNamed(tuple(names)),
    "milestone": r.MilestoneReached,
}
STAGE_MILESTONES = frozenset(
    {"opened", "finalised", "authorised", "dispatched", "received_in_tray", "picked_up"}
    | {"started", "allocated"}
)
DECIDED_MILESTONES = STAGE_MILESTONES | {
    "returned", "redirected", "released", "declined", "child_allocated", "completed", "cancelled"
}  # fmt: skip
MANDATORY = ("date_of_transfer", "comments", "recipient")
MANDATORY_OF_RECIPIENT = ("active", "same_authority")


class ProtocolError(Exception):
    """A protocol file that cannot be enforced: its text names the file and every fault."""


def read_protocol(path: Path) -> CouncilProtocol:
    """The protocol of a TOML file.

    Raises:
        ProtocolError: not TOML, not of the shape, or not sound (see _faults).
    """
    try:
        shape = ProtocolShape.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ProtocolError(f"{path.name}: {error}") from error
    except ValidationError as error:
        words = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        raise ProtocolError(f"{path.name}: " + "; ".join(words)) from error
    pathways = {Pathway.STEP_UP: shape.step_up, Pathway.STEP_DOWN: shape.step_down}
    faults = [f"{name}: {fault}" for name, half in pathways.items() for fault in _faults(half)]
    if faults:
        raise ProtocolError(f"{path.name}: " + "; ".join(faults))
    return CouncilProtocol(
        code=shape.code,
        version=shape.version,
        in_force_from=shape.in_force_from,
        authority=shape.authority,
        short_name=shape.short_name,
        sources=shape.sources,
        pathways={name: _pathway(half) for name, half in pathways.items()},
    )


def read_protocols(folder: Path) -> dict[str, CouncilProtocol]:
    """Every protocol of a folder by its code.

    Raises:
        ProtocolError: any file is not a sound protocol, or two have one code.
    """
    found: dict[str, CouncilProtocol] = {}
    for path in sorted(folder.glob("*.toml")):
        protocol = read_protocol(path)
        if protocol.code in found:
            raise ProtocolError(f"{path.name}: the code {protocol.code} is taken")
        found[protocol.code] = protocol
    return found


def load_protocols(folder: Path | None) -> dict[str, CouncilProtocol]:
    """The protocols that come with the service, and a council's own from `folder` over them.

    Raises:
        ProtocolError: any file is not a sound protocol.
    """
    own = read_protocols(folder) if folder is not None else {}
    return read_protocols(Path(__file__).parent) | own


def _faults(half: PathwayShape) -> Iterator[str]:
    """What the shape alone cannot see: dangling names, and rules that every protocol needs."""
    milestones = STAGE_MILESTONES | set(half.milestones)
    wanted = [half.custody_passes_on, *half.completes_on]
    wanted += [m.after for m in half.milestones.values() if m.after]
    wanted += [rule.needs.milestone for rule in half.rules if rule.needs.milestone]
    yield from (f"no milestone {name}" for name in wanted if name not in milestones)
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


def _pathway(half: PathwayShape) -> PathwayRules:
    return PathwayRules(
        form=half.form,
        from_system=half.from_system,
        to_system=half.to_system,
        authorised_by=tuple(half.authorised_by),
        custody_passes_on=half.custody_passes_on,
        completes_on=tuple(half.completes_on),
        record_date=RecordDateRule(**half.record_date.model_dump()),
        routes={
            name: Route(name, x.says, tuple(x.origins), x.source, x.immediate_risk)
            for name, x in half.routes.items()
        },
        milestones={
            name: MilestoneKind(name=name, **x.model_dump()) for name, x in half.milestones.items()
        },
        rules=tuple(_rule(rule) for rule in half.rules),
    )


def _rule(shape: RuleShape) -> Rule:
    return Rule(
        code=shape.code,
        gates=tuple(shape.gates),
        severity=shape.severity,
        needs=_need(shape.needs),
        says=shape.says,
        source=shape.source,
        routes=tuple(shape.routes),
    )


def _need(shape: NeedsShape) -> r.Need:
    (kind,) = shape.model_fields_set
    return KINDS[kind](getattr(shape, kind))
