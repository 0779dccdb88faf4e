"""A protocol as a page that a policy lead can read aloud, in Markdown."""

from app.cli.protocol.pathway_lines import pathway_lines
from app.cli.protocol.phrases import cites, day, listed, noted, sentence
from app.domain.meeting_series import MeetingSeries
from app.domain.protocol import CouncilProtocol


def protocol_page(protocol: CouncilProtocol) -> str:
    """The whole page."""
    lines = [
        f"# {protocol.authority}: step up and step down",
        "",
        f"Version {protocol.version}, in force from {day(protocol.in_force_from)}.",
        f"Drawn from the protocol `{protocol.code}` as the service enforces it.",
        "A **must** blocks; a **should** warns.",
        "",
        "## Sources",
        "",
        *(f"- {name}: {title}" for name, title in protocol.sources.items()),
        "",
    ]
    if protocol.meetings:
        lines += ["## Meetings", "", *map(_meeting, protocol.meetings.values()), ""]
    for pathway, half in protocol.pathways.items():
        lines += pathway_lines(pathway, half, protocol.meetings)
    unasked = [
        f"- {name}: {sentence(clause.says)} {sentence(clause.because)}"
        for name, clause in protocol.clauses.items()
        if clause.because
    ]
    if unasked:
        lines += ["## Clauses that no rule, clock or milestone cites", "", *unasked, ""]
    return "\n".join(lines)


def _meeting(series: MeetingSeries) -> str:
    said = [f"- {sentence(series.says)}", f"It meets {series.when()}."]
    if series.begins:
        said.append(f"One was held on {day(series.begins)}, which fixes the weeks.")
    for words, value in (
        ("For", series.locality),
        ("At", series.venue),
        ("Minutes a case:", series.minutes_a_case),
        ("Chair:", series.chair),
        ("Deputy:", series.deputy_chair),
        ("Members:", listed(series.members, "and") if series.members else None),
    ):
        if value is not None:
            said.append(sentence(f"{words} {value}"))
    return " ".join([*said, *noted(series.note), cites(series.source, series.name)])
