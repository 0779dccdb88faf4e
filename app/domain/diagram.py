"""The stage diagram and the table of actions, drawn from TRANSITIONS as Markdown with Mermaid."""

from app.domain.pathway import ENDED, TRANSITIONS, Stage, Transition

GATED = {None: "", True: " (gated)", False: " (ungated)"}
INTRODUCTION = """# Stages of a transfer

Drawn from the transition table in `app/domain/pathway.py` by `make diagram`; a test fails when
this page is not current. The numbers are the steps of the Durham briefing note (DL) or its
flowchart (DF). Gated is a pathway whose protocol asks for a management authorisation: in Durham the
step down, and not the step up.
"""


def stage_page() -> str:
    """The whole page."""
    return f"{INTRODUCTION}\n{mermaid()}\n\n{table()}\n"


def mermaid(*, gated: bool | None = None) -> str:
    """The diagram: an arrow for each way from stage to stage.

    Of a protocol that asks for a management authorisation (`gated`), of one that does not, or of
    both (None), where the arrows of each alone say whose they are.
    """
    rows = [row for row in TRANSITIONS if gated is None or row.gated in (None, gated)]
    reached = {row.target for row in rows}
    lines = ["```mermaid", "stateDiagram-v2"]
    for row in rows:
        whose = GATED[row.gated] if gated is None else ""
        for source in row.sources or (None,):
            if source is None or source in reached:
                start = "[*]" if source is None else source.value
                lines.append(f"    {start} --> {row.target}: {row.action}{whose}")
    lines += [f"    {stage} --> [*]" for stage in Stage if stage in ENDED]
    return "\n".join([*lines, "```"])


def table() -> str:
    """The table: who may take which action from where."""
    lines = ["| action | from | to | who | source |", "| --- | --- | --- | --- | --- |"]
    lines += [_line(row) for row in TRANSITIONS]
    return "\n".join(lines)


def _line(row: Transition) -> str:
    sources = ", ".join(row.sources) or "-"
    who = ", ".join(sorted(row.who))
    return f"| {row.action}{GATED[row.gated]} | {sources} | {row.target} | {who} | {row.source} |"
