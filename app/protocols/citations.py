"""Which clauses a source names: "DL 3, 13; DF 2" is DL 3, DL 13 and DF 2."""

import re
from collections.abc import Iterator

from app.protocols.faults import Fault, Path
from app.protocols.file_shape import PathwayShape, ProtocolShape
from app.protocols.shape import Cited

CLAUSE = re.compile(r"(?:([A-Z]{2,4}) )?([A-Z]?\d{1,3})")


def cited(source: str) -> tuple[str, ...]:
    """The clauses by name; a bare number keeps the source before it.

    Raises:
        ValueError: it is no list of clauses.
    """
    found, of = [], None
    for part in re.split(r"[,;] ", source):
        match = CLAUSE.fullmatch(part)
        of = (match[1] if match else None) or of
        if match is None or of is None:
            raise ValueError(f'{source!r} is no list of clauses, as "DL 3, 13; DF 2"')
        found.append(f"{of} {match[2]}")
    return tuple(found)


def citing(shape: ProtocolShape) -> Iterator[tuple[Path, Cited]]:
    """Everything in the file that cites a clause, with the keys that lead to it."""
    yield from ((("meetings", name), meeting) for name, meeting in shape.meetings.items())
    for pathway in ("step_up", "step_down"):
        half: PathwayShape | None = getattr(shape, pathway)
        if half is None:
            continue
        yield (pathway, "record_date"), half.record_date
        if half.origin_remains is not None:
            yield (pathway, "origin_remains"), half.origin_remains
        if half.closing is not None:
            yield (pathway, "closing"), half.closing
        if half.escalation is not None:
            path = (pathway, "escalation")
            yield path, half.escalation
            levels = enumerate(half.escalation.levels)
            yield from (((*path, "levels", at), level) for at, level in levels)
        yield from (((pathway, "routes", name), x) for name, x in half.routes.items())
        yield from (((pathway, "milestones", name), x) for name, x in half.milestones.items())
        yield from (((pathway, "rules", at), rule) for at, rule in enumerate(half.rules))
        yield from (((pathway, "clocks", at), clock) for at, clock in enumerate(half.clocks))


def faults_of_citations(shape: ProtocolShape) -> Iterator[Fault]:
    """Citations of no clause, clauses of no source, and clauses that nothing speaks for."""
    spoken_for: set[str] = set()
    for path, item in citing(shape):
        try:
            clauses = cited(item.source)
        except ValueError as error:
            yield Fault((*path, "source"), str(error))
            continue
        spoken_for.update(clauses)
        unknown = [clause for clause in clauses if clause not in shape.clauses]
        yield from (Fault((*path, "source"), f"no clause {clause}") for clause in unknown)
    for name, clause in shape.clauses.items():
        if name.split(" ")[0] not in shape.sources or cited_or_none(name) != (name,):
            yield Fault(("clauses", name), "no clause of a source, as DL 3")
        if (name in spoken_for) == (clause.because is not None):
            has = "is cited and also says why not" if clause.because else "is cited by nothing"
            yield Fault(("clauses", name), has)


def cited_or_none(source: str) -> tuple[str, ...] | None:
    """The clauses by name, or None where it is no list of them."""
    try:
        return cited(source)
    except ValueError:
        return None
