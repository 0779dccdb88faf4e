"""From every clause to what enforces it and the tests that prove it; writes the page when run."""

from collections.abc import Iterator
from pathlib import Path

from proofs import HAZARDS, Proof, proofs

from app.domain.protocol import CouncilProtocol
from app.protocols.citations import cited
from app.protocols.shelf import load_protocols

PAGE = Path(__file__).parents[1] / "docs" / "traceability.md"
INTRODUCTION = """# Traceability

Every clause of every council's procedure in words of ours, what in the protocol's file cites it,
and the tests that prove it, which carry the clause in their names (`test_ce_l02_…`). Where nothing
cites a clause, the file says why. Written by `make traceability`; a test fails when this
page is not current, when a cited clause has no test, and when a test names an unknown clause.
"""
UNPROVED = "**no test**"


def shipped() -> list[CouncilProtocol]:
    """The protocols that come with the service."""
    return [kept.protocol for kept in load_protocols(None)]


def sources() -> set[str]:
    """The short names of every council's sources."""
    return {source for protocol in shipped() for source in protocol.sources}


def citing(protocol: CouncilProtocol) -> dict[str, list[str]]:
    """What cites each clause: codes of rules and clocks, and names of everything else."""
    found: dict[str, list[str]] = {}
    for name, source in _cited_by(protocol):
        for clause in cited(source):
            names = found.setdefault(clause, [])
            if name not in names:
                names.append(name)
    return found


def unproved() -> list[str]:
    """Each clause that a protocol cites and no test proves, with its council and its words."""
    by_clause = proofs(sources())
    return [
        f"{protocol.code}: {name}: {protocol.clauses[name].says}"
        for protocol in shipped()
        for name in protocol.clauses
        if name in citing(protocol) and name not in by_clause
    ]


def unknown() -> list[str]:
    """Each test that names a clause of no protocol; hazards have tests for what no clause says."""
    known = {name for protocol in shipped() for name in protocol.clauses}
    return [
        f"{proof.file}: {proof.test}: there is no {clause}"
        for clause, tests in proofs(sources()).items()
        for proof in tests
        if clause not in known and not clause.startswith(f"{HAZARDS} ")
    ]


def traceability_page() -> str:
    """The whole page."""
    by_clause = proofs(sources())
    lines = [INTRODUCTION]
    for protocol in shipped():
        lines += [f"## {protocol.authority}", ""]
        for source, title in protocol.sources.items():
            lines += [
                f"### {title} ({source})",
                "",
                "| clause | in our words | enforced by | proved by |",
                "| --- | --- | --- | --- |",
                *_rows(protocol, source, by_clause),
                "",
            ]
    return "\n".join(lines)


def _rows(
    protocol: CouncilProtocol, source: str, by_clause: dict[str, list[Proof]]
) -> Iterator[str]:
    names = citing(protocol)
    for name, clause in protocol.clauses.items():
        if name.split(" ")[0] != source:
            continue
        by = ", ".join(f"`{code}`" for code in names.get(name, ())) or clause.because or ""
        tests = ", ".join(map(_link, by_clause.get(name, ()))) or (
            UNPROVED if name in names else "-"
        )
        yield (
            "| " + " | ".join(x.replace("|", r"\|") for x in (name, clause.says, by, tests)) + " |"
        )


def _link(proof: Proof) -> str:
    return f"[{proof.test}](../tests/{proof.file})"


def _cited_by(protocol: CouncilProtocol) -> Iterator[tuple[str, str]]:
    yield from ((series.name, series.source) for series in protocol.meetings.values())
    for half in protocol.pathways.values():
        yield half.record_date.called, half.record_date.source
        if half.origin_remains is not None:
            yield "origin_remains", half.origin_remains.source
        if half.escalation is not None:
            yield "escalation", half.escalation.source
            yield from ((f"level {x.code}", x.source) for x in half.escalation.levels)
        yield from ((route.name, route.source) for route in half.routes.values())
        yield from ((kind.name, kind.source) for kind in half.milestones.values())
        yield from ((rule.code, rule.source) for rule in half.rules)
        yield from ((clock.code, clock.source) for clock in half.clocks)


if __name__ == "__main__":
    PAGE.write_text(traceability_page(), encoding="utf-8")
    print("Wrote docs/traceability.md")  # noqa: T201 - a command's own answer
