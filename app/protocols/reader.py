"""Reads protocol files strictly and hands the domain frozen values; the domain never sees TOML."""

import tomllib
from pathlib import Path

from pydantic import ValidationError

from app.domain.pathway import Pathway
from app.domain.protocol import (
    CouncilProtocol,
    MilestoneKind,
    PathwayRules,
    RecordDateRule,
    Route,
    Rule,
)
from app.protocols.file_shape import PathwayShape, ProtocolShape, RuleShape
from app.protocols.needs import need
from app.protocols.soundness import faults


class ProtocolError(Exception):
    """A protocol file that cannot be enforced: its text names the file and every fault."""


def read_protocol(path: Path) -> CouncilProtocol:
    """The protocol of a TOML file.

    Raises:
        ProtocolError: not TOML, not of the shape, or not sound (see soundness.py).
    """
    try:
        shape = ProtocolShape.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ProtocolError(f"{path.name}: {error}") from error
    except ValidationError as error:
        words = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        raise ProtocolError(f"{path.name}: " + "; ".join(words)) from error
    pathways = {Pathway.STEP_UP: shape.step_up, Pathway.STEP_DOWN: shape.step_down}
    found = [f"{name}: {fault}" for name, half in pathways.items() for fault in faults(half)]
    if found:
        raise ProtocolError(f"{path.name}: " + "; ".join(found))
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
        needs=need(shape.needs),
        says=shape.says,
        source=shape.source,
        routes=tuple(shape.routes),
    )
