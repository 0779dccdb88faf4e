"""A protocol as a page that a policy lead can read aloud, in Markdown."""

from app.cli.protocol.pathway_lines import pathway_lines
from app.cli.protocol.phrases import cites, day, listed, noted, sentence
from app.domain.meeting_series import LatePapers, MeetingSeries, OnBankHoliday
from app.domain.protocol import CouncilProtocol

ON_BANK_HOLIDAY = {
    OnBankHoliday.NEXT_WORKING_DAY: "On a bank holiday it is held on the week's next working day.",
    OnBankHoliday.WORKING_DAY_BEFORE: "On a bank holiday it is held on the working day before, "
    "in the same week.",
    OnBankHoliday.NOT_HELD: "On a bank holiday it is not held.",
}
LATE = {
    LatePapers.REFUSED: "late ones are refused",
    LatePapers.FLAGGED: "late ones are taken and flagged",
}


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
    if series.on_bank_holiday:
        said.append(ON_BANK_HOLIDAY[series.on_bank_holiday])
    if series.papers:
        said.append(f"Papers come in by the clock `{series.papers}`; {LATE[series.late_papers]}.")
    if series.agenda:
        said.append(f"The agenda goes round by the clock `{series.agenda}`.")
    for words, value in (
        ("For", series.locality),
        ("At", series.venue),
        ("Minutes a case:", series.minutes_a_case),
        ("Chair:", series.chair),
        ("Deputy:", series.deputy_chair),
        ("Members:", listed(series.members, "and") if series.members else None),
        ("Themes:", listed(series.themes.values(), "and") if series.themes else None),
    ):
        if value is not None:
            said.append(sentence(f"{words} {value}"))
    return " ".join([*said, *noted(series.note), cites(series.source, series.name)])
