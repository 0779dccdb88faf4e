"""The page of the authority matrix, written from the rows of rights.py as Markdown."""

from collections.abc import Iterable

from app.domain.party import (
    MANAGERS,
    OPERATIONS_MANAGERS,
    ORIGIN_TEAM,
    RUN_THE_SERIES,
    TEAMS,
    WORKERS,
    Parties,
    Party,
)
from app.domain.pathway import Action, Stage
from app.domain.relations import IN_COUNCIL, IN_SERIES, IN_TEAM, MADE_BY
from app.domain.rights import RIGHTS, Act, Right

INTRODUCTION = """# The authority matrix

Written from `app/domain/rights.py` by `make diagram`; a test fails when this page is not current.
Every check of the service goes by these rows, and by nothing else. Whoever is not in a row is
refused: with 404 where the thing does not exist for them, with 403 where they see it, with 409
where a row gives it to them from another stage. `never` holds whatever else somebody is: a person
with two roles is both, and neither makes up for what the other forbids.
"""
ACTS = """## Other acts

Where the protocol says whose it is, the row names those whom it may name, and `as said by` where it
says so. An act in a meeting that records a milestone of its cases is held to that kind's row as
well: in Durham a chair decides a case, and has the co-ordinator circulate the agenda."""
PARTIES = """## Who is who

What a membership makes of somebody, before one transfer, one meeting or one team. The receiving
side is the team that the task was last sent to; before a task was sent there is none."""
BY_THE_TRANSFER = {
    Party.AUTHORISER: "whom the protocol has authorise, of the origin team",
    Party.HOLDER: "who picked the task up, while in the receiving team",
    Party.RECEIVING_SYSTEM: "the case system of the receiving side, once a task was sent",
    Party.AUTHOR: "who opened the transfer",
    Party.LAST_EDITOR: "who last edited its form",
    Party.SUBMITTER: "who last finalised it",
    Party.RAISER: "who raised the disagreement",
    Party.COLLEAGUE: "any role in the team",
    Party.PERSON_OF_A_TEAM: "practitioner, manager, co-ordinator or operations manager of a team",
    Party.BROKE_THE_GLASS: "who broke the glass before it, unless it is denied to them",
    Party.DELEGATOR: "whose role was delegated",
    Party.DELEGATE: "to whom it was delegated",
    Party.WORKER_OF_A_TEAM: "practitioner or manager of a team, whichever",
    Party.OPERATIONS_MANAGER_OF_A_TEAM: "operations manager of a team, whichever",
    Party.PLACED_IT: "who placed the legal hold",
    Party.REQUESTER: "who made the subject-access request",
    Party.REVIEWER: "who took the request into review",
    Party.MANAGER_OF_THE_CASE: "manager or operations manager of a team that has or had the "
    "child's case; where none had, any operations manager",
    Party.ANYBODY: "whoever is in the directory, case systems included",
}

GROUPS: dict[Parties, str] = {
    TEAMS: "everybody of the origin or receiving team",
    ORIGIN_TEAM: "everybody of the origin team",
    WORKERS: "practitioner or manager of the origin or receiving team",
    MANAGERS: "manager of the origin or receiving team",
    OPERATIONS_MANAGERS: "operations manager of the origin or receiving team",
    RUN_THE_SERIES: "chair, deputy chair or co-ordinator of the series",
}
"""Who stands in many rows together, in fewer words."""


def authority_page() -> str:
    """The whole page."""
    actions = [row for row in RIGHTS if isinstance(row.act, Action)]
    acts = [row for row in RIGHTS if isinstance(row.act, Act)]
    parts = (
        INTRODUCTION,
        "## Actions that move a transfer\n",
        _table(("action", "stage", "for", "never for", "source"), map(_action, actions)),
        f"\n{ACTS}\n",
        _table(("act", "stage", "for", "never for", "as said by", "source"), map(_act, acts)),
        f"\n{PARTIES}\n",
        _table(("who", "made by"), _made()),
    )
    return "\n".join(parts) + "\n"


def _action(row: Right) -> tuple[str, ...]:
    gate = {None: "", True: " (gated)", False: " (ungated)"}[row.gated]
    return (f"{row.act}{gate}", _stages(row), _listed(row.who), _listed(row.never), row.source)


def _act(row: Right) -> tuple[str, ...]:
    named = row.named_by or ""
    return (row.act, _stages(row), _listed(row.who), _listed(row.never), named, row.source)


def _made() -> Iterable[tuple[str, str]]:
    made = {party: f"`{role}` in the {side} team" for party, (side, role) in MADE_BY.items()}
    made |= {party: f"`{role}` in the series" for role, party in IN_SERIES.items()}
    made |= {party: f"`{role}` in the team" for role, party in IN_TEAM.items()}
    for party in IN_COUNCIL.values():
        roles = " or ".join(f"`{role}`" for role, one in IN_COUNCIL.items() if one is party)
        made[party] = f"{roles} of the council"
    made |= BY_THE_TRANSFER
    return ((party, made[party]) for party in Party)


def _stages(row: Right) -> str:
    if row.stages == frozenset(Stage):
        return "any"
    return ", ".join(stage for stage in Stage if stage in row.stages) or "-"


def _listed(who: Parties) -> str:
    words, rest = [], who
    for group, says in GROUPS.items():
        if group <= rest:
            words.append(says)
            rest -= group
    return "; ".join((*words, *(party for party in Party if party in rest)))


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
