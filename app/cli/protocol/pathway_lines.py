"""One pathway of a protocol as a section of its page."""

from collections.abc import Mapping

from app.cli.protocol.escalation_lines import escalation_lines
from app.cli.protocol.milestone_lines import clock_lines, milestone_lines
from app.cli.protocol.phrases import cites, listed, noted, people, sentence
from app.cli.protocol.rule_lines import gate_lines
from app.domain.census_codes import REASON_FOR_CLOSURE, REFERRAL_SOURCE
from app.domain.closing_kind import ClosingKind
from app.domain.diagram import mermaid
from app.domain.meeting_series import MeetingSeries
from app.domain.milestone_names import Named
from app.domain.pathway import Pathway
from app.domain.protocol import PathwayRules, RecordDateRule, Route
from app.domain.protocol_words import wording_of
from app.domain.rules.wording import quoted, spelt

DATES = {"day_created": "the day it is created", "date_of_transfer": "the Date of Transfer"}


def pathway_lines(
    pathway: Pathway, half: PathwayRules, meetings: Mapping[str, MeetingSeries]
) -> list[str]:
    """The whole section."""
    name = pathway.replace("_", " ").capitalize()
    lines = [f"## {name}: {half.form}", "", *_outline(half), ""]
    lines += ["### Stages", "", mermaid(gated=half.gated), "", "### Routes", ""]
    lines += [*(_route(route, meetings) for route in half.routes.values()), ""]
    lines += ["### What is asked", "", *gate_lines(half)]
    lines += _section("What people record", milestone_lines(half))
    lines += _section("The handover, which holds nothing up", _handover(half))
    lines += _section("Clocks", clock_lines(half))
    lines += _section("Disagreements", escalation_lines(half.escalation))
    for heading, coded in (
        ("Statements that the form may carry", half.statements),
        ("Factors that the form may name", half.factors),
        ("Consents that may be recorded", half.consents),
        ("Reasons for declining", half.decline_reasons),
    ):
        lines += _section(heading, [f"- {sentence(says)} (`{x}`)" for x, says in coded.items()])
    return lines


def _section(heading: str, lines: list[str]) -> list[str]:
    return [f"### {heading}", "", *lines, ""] if lines else []


def _outline(half: PathwayRules) -> list[str]:
    words = wording_of(half)
    hand_over = words.milestone(Named(half.custody_passes_on))
    ends = listed((words.milestone(Named(name)) for name in half.completes_on), "and")
    lines = [
        f"- From {half.from_system.upper()} to {half.to_system.upper()}.",
        f"- Authorisation: {_authorisation(half)}.",
        f"- The lead for the child passes on when {hand_over}.",
        f"- It is complete once {ends}.",
        _record_date(half.record_date),
    ]
    remains = half.origin_remains
    if remains is not None:
        until = words.any_milestone([remains.until])
        said = [f"- {sentence(remains.says)}", f"Until {until}.", *noted(remains.note)]
        lines.append(" ".join([*said, cites(remains.source, "origin_remains")]))
    if half.closing is not None:
        lines.append(_closing(half.closing, half))
    if half.outcomes_statement:
        sought = half.statements[half.outcomes_statement]
        says = f"{sentence(sought)} (`{half.outcomes_statement}`)"
        lines.append(f"- Shown again when the child comes back within 12 months: {says}")
    clocks = {clock.code: clock.says for clock in half.clocks}
    lines += [f"- Review afterwards: {clocks[code]} (`{code}`)." for code in half.reviews]
    if half.referral_source:
        meaning = REFERRAL_SOURCE[half.referral_source]
        lines.append(f"- Census: the source of the referral is {half.referral_source} ({meaning}).")
    return lines


def _closing(kind: ClosingKind, half: PathwayRules) -> str:
    after = [wording_of(half).any_milestone(kind.after)] if kind.after else []
    said = [
        f"- {sentence(kind.says)}",
        f"Said by {people(kind.roles)} of the origin team.",
        f"Only after {listed(['the receiving side has accepted', *after], 'and')}.",
    ]
    if kind.steps:
        steps = listed((quoted(half.milestones[name].says) for name in kind.steps), "and")
        said.append(f"Before it: {steps}.")
    return " ".join([*said, *noted(kind.note), cites(kind.source, "closing")])


def _handover(half: PathwayRules) -> list[str]:
    said = {part: sentence(half.milestones[x].says) for part, x in half.handover.items()}
    return [f"- {spelt(x).capitalize()}: {says} (`{half.handover[x]}`)" for x, says in said.items()]


def _authorisation(half: PathwayRules) -> str:
    if not half.gated:
        return "none; the task is sent when the form is finalised"
    return f"by {people(half.authorised_by)} of the origin team, before the task is sent"


def _record_date(rule: RecordDateRule) -> str:
    amended = "this service amends it" if rule.amend else "it is never amended"
    said = [
        f"- {sentence(rule.says)}",
        f"It should be {DATES[rule.should_be]}; {amended}.",
        *noted(rule.note),
        cites(rule.source, rule.called),
    ]
    return " ".join(said)


def _route(route: Route, meetings: Mapping[str, MeetingSeries]) -> str:
    said = [f"- {sentence(route.says)}", f"Started {listed(map(_started, route.origins))}."]
    if route.immediate_risk:
        said.append("For immediate risk.")
    if route.meetings:
        said.append(f"It may go to {listed(quoted(meetings[x].says) for x in route.meetings)}.")
    for reason in dict.fromkeys(route.closure_reasons.values()):
        origins = [_started(x) for x, why in route.closure_reasons.items() if why == reason]
        meaning = f"{reason} ({REASON_FOR_CLOSURE[reason]})"
        said.append(f"Census: closed as {meaning} where started {listed(origins)}.")
    return " ".join([*said, *noted(route.note), cites(route.source, route.name)])


def _started(origin: str) -> str:
    return "by hand" if origin == "manual" else f"from the {spelt(origin)}"
