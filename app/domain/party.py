"""What somebody is to a transfer, a meeting, a team or the council; relations.py says how."""

from enum import StrEnum


class Party(StrEnum):
    """One thing that somebody is; a person may be several."""

    ORIGIN_PRACTITIONER = "origin practitioner"
    ORIGIN_MANAGER = "origin manager"
    ORIGIN_COORDINATOR = "origin co-ordinator"
    ORIGIN_CHAIR = "origin chair"
    ORIGIN_OPERATIONS_MANAGER = "origin operations manager"
    AUTHORISER = "authoriser"
    RECEIVING_PRACTITIONER = "receiving practitioner"
    RECEIVING_MANAGER = "receiving manager"
    RECEIVING_COORDINATOR = "receiving co-ordinator"
    RECEIVING_CHAIR = "receiving chair"
    RECEIVING_OPERATIONS_MANAGER = "receiving operations manager"
    RECEIVING_SYSTEM = "receiving system"
    HOLDER = "holder"
    AUTHOR = "author"
    LAST_EDITOR = "last editor"
    SUBMITTER = "submitter"
    RAISER = "who raised it"
    SERIES_CHAIR = "chair of the series"
    SERIES_DEPUTY_CHAIR = "deputy chair of the series"
    SERIES_COORDINATOR = "co-ordinator of the series"
    SERIES_MEMBER = "member of the series"
    TEAM_MANAGER = "manager of the team"
    TEAM_OPERATIONS_MANAGER = "operations manager of the team"
    COLLEAGUE = "anybody of the team"
    PERSON_OF_A_TEAM = "person of any team"
    BROKE_THE_GLASS = "who broke the glass"
    DELEGATOR = "delegator"
    DELEGATE = "delegate"
    WORKER_OF_A_TEAM = "practitioner or manager of any team"
    OPERATIONS_MANAGER_OF_A_TEAM = "operations manager of any team"
    PLACED_IT = "who placed the legal hold"
    REQUESTER = "who made the request"
    REVIEWER = "who reviews the request"
    MANAGER_OF_THE_CASE = "manager of a team that has or had the case"
    CASE_SYSTEM = "case system"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    ANYBODY = "anybody of the council"


Parties = frozenset[Party]

ORIGIN_WORKERS: Parties = frozenset({Party.ORIGIN_PRACTITIONER, Party.ORIGIN_MANAGER})
RECEIVING_WORKERS: Parties = frozenset({Party.RECEIVING_PRACTITIONER, Party.RECEIVING_MANAGER})
WORKERS = ORIGIN_WORKERS | RECEIVING_WORKERS
MANAGERS: Parties = frozenset({Party.ORIGIN_MANAGER, Party.RECEIVING_MANAGER})
OPERATIONS_MANAGERS: Parties = frozenset(
    {Party.ORIGIN_OPERATIONS_MANAGER, Party.RECEIVING_OPERATIONS_MANAGER}
)
CHAIRS: Parties = frozenset({Party.ORIGIN_CHAIR, Party.RECEIVING_CHAIR})
ORIGIN_TEAM = ORIGIN_WORKERS | {
    Party.ORIGIN_COORDINATOR,
    Party.ORIGIN_CHAIR,
    Party.ORIGIN_OPERATIONS_MANAGER,
}
RECEIVING_TEAM = RECEIVING_WORKERS | {
    Party.RECEIVING_COORDINATOR,
    Party.RECEIVING_CHAIR,
    Party.RECEIVING_OPERATIONS_MANAGER,
}
TEAMS = ORIGIN_TEAM | RECEIVING_TEAM
PREPARED_IT: Parties = frozenset({Party.AUTHOR, Party.LAST_EDITOR, Party.SUBMITTER})
SERIES_CHAIRS: Parties = frozenset({Party.SERIES_CHAIR, Party.SERIES_DEPUTY_CHAIR})
RUN_THE_SERIES = SERIES_CHAIRS | {Party.SERIES_COORDINATOR}
"""Who runs the meetings of a series; its other members read."""
