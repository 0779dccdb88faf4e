"""Who may ask what that is of no transfer, written by hand: it knows nothing of app/domain/rights.

Asked of Durham: of the team op-bishop, of the weekly meeting, of its one subscription.
"""

from dataclasses import dataclass

from api.expected_rights import ELSEWHERE, PEOPLE, RUN

from app.domain.pathway import Pathway


@dataclass(frozen=True)
class Row:
    """`theirs` get `yes`; others get 403 where the thing exists for them, which `sees` says.

    Both are hats, or persons; `sees` is None where it exists for all of Durham. `elsewhere`: what
    somebody who is everything but administrator in Islington gets, and then its administrator.
    """

    yes: int
    theirs: frozenset[str] | None
    sees: frozenset[str] | None
    elsewhere: tuple[int, int]

    def answer(self, person: str) -> int:
        """The status."""
        if person in ELSEWHERE:
            return self.elsewhere[ELSEWHERE.index(person)]
        hats = {person, *PEOPLE[person]}
        if self.theirs is None or hats & self.theirs:
            return self.yes
        return 403 if self.sees is None or hats & self.sees else 404


def _hats(*hats: str) -> frozenset[str]:
    return frozenset(hats)


def _team(team: str, *roles: str) -> frozenset[str]:
    return frozenset(f"{team} {role}" for role in roles)


_OP = _team("op-bishop", "worker", "manager", "coordinator", "chair", "operations")
_FF = _team("ff-bishop", "worker", "manager", "coordinator", "chair", "operations")
_COUNCIL = _hats("auditor", "administrator")
_ADMINISTRATOR = _hats("administrator")
_EVERYBODY = Row(200, None, None, (200, 200))
_OF_A_TEAM = Row(200, None, None, (404, 404))
_READ_SUBSCRIPTION = Row(200, _COUNCIL, _COUNCIL, (404, 404))
_CHANGE_SUBSCRIPTION = Row(412, _ADMINISTRATOR, _COUNCIL, (404, 404))

_OPERATIONS = _hats("op-bishop operations", "ff-bishop operations", "ff-chester operations")
_HOLD = _OPERATIONS | _ADMINISTRATOR
_WORK = frozenset[str]().union(
    *(
        _team(team, "worker", "manager")
        for team in ("op-bishop", "ff-bishop", "op-chester", "ff-chester", "aset")
    )
)
_CASE = _team("op-bishop", "manager", "operations") | _team("ff-bishop", "manager", "operations")
_ASKED_BY, _REVIEWED_BY = "op.worker", "ff.operations"
_SEE_REQUEST = _CASE | _COUNCIL | _hats(_ASKED_BY)
_DOWNLOAD = Row(409, _hats(_ASKED_BY, _REVIEWED_BY), _SEE_REQUEST, (404, 404))

OPENS = {
    Pathway.STEP_UP: Row(201, _team("op-bishop", "worker", "manager"), _OP, (404, 404)),
    Pathway.STEP_DOWN: Row(201, _team("ff-bishop", "worker", "manager"), _FF, (404, 404)),
}
OF_COUNCIL: dict[str, Row] = {
    "readMe": _EVERYBODY,
    "listAuthorities": _EVERYBODY,
    "listTeams": _EVERYBODY,
    "listMembers": _OF_A_TEAM,
    "readProtocol": _EVERYBODY,
    "readProtocolVersion": _EVERYBODY,
    "listAlerts": _EVERYBODY,
    "findClocks": _EVERYBODY,
    "findReviews": _EVERYBODY,
    "listDeliveries": _EVERYBODY,
    "countTransfers": _EVERYBODY,
    "findMeetings": _EVERYBODY,
    "findReReferrals": _EVERYBODY,
    "findOutgoing": _OF_A_TEAM,
    "planMeeting": Row(201, frozenset(RUN), None, (422, 422)),
    "reassignWork": Row(
        200, _team("op-bishop", "manager", "operations"), _OP | _COUNCIL, (404, 404)
    ),
    "listDelegations": _EVERYBODY,
    "delegateRole": Row(
        201, _hats("op.manager", "op-bishop operations"), _OP | _COUNCIL, (404, 404)
    ),
    "endDelegation": Row(
        412, _hats("ff.manager", "ff.delegate", "ff-bishop operations"), _FF | _COUNCIL, (404, 404)
    ),
    "renameTeam": Row(200, _ADMINISTRATOR, None, (404, 404)),
    "closeTeam": Row(422, _ADMINISTRATOR, None, (404, 404)),
    "readAudit": Row(200, _hats("auditor"), None, (403, 403)),
    "listSubscriptions": Row(200, _COUNCIL, None, (403, 200)),
    "subscribe": Row(201, _ADMINISTRATOR, None, (403, 201)),
    "readSubscription": _READ_SUBSCRIPTION,
    "listEventDeliveries": _READ_SUBSCRIPTION,
    "changeSubscription": _CHANGE_SUBSCRIPTION,
    "rotateSecret": _CHANGE_SUBSCRIPTION,
    "endSubscription": _CHANGE_SUBSCRIPTION,
    "placeLegalHold": Row(201, _HOLD, None, (201, 201)),
    "listLegalHolds": Row(200, _HOLD | _hats("auditor"), None, (200, 200)),
    "liftLegalHold": Row(412, _HOLD, _HOLD | _hats("auditor"), (404, 404)),
    "requestSubjectAccess": Row(201, _HOLD | _WORK, None, (201, 201)),
    "listSubjectAccess": _EVERYBODY,
    "readSubjectAccess": Row(200, _SEE_REQUEST, _SEE_REQUEST, (404, 404)),
    "reviewSubjectAccess": Row(412, _CASE, _SEE_REQUEST, (404, 404)),
    "extendSubjectAccess": Row(412, _hats(_ASKED_BY, _REVIEWED_BY), _SEE_REQUEST, (404, 404)),
    "decideSubjectAccess": Row(412, _hats(_REVIEWED_BY), _SEE_REQUEST, (404, 404)),
    "downloadSubjectAccess": _DOWNLOAD,
    "printSubjectAccess": _DOWNLOAD,
    "testSubscription": Row(200, _ADMINISTRATOR, _COUNCIL, (404, 404)),
}
"""Lists answer everybody, with what they may see: found_* and board tests hold them to that. A
role that is delegated is op.manager's, what is ended is ff.delegate's. A
request of the child of a step up is op.worker's, in review by ff.operations: nothing to download. A
meeting is planned of a series that Islington has not: 422. A team is closed into itself: 422."""
NOT_BY_PERSON = ("live", "ready", "metrics", "receiveLcsCallback", "receiveEhmCallback")
"""Asked without a token: probes, and callbacks that are signed (test_callback_signatures.py)."""
PAGES = ("/docs", "/docs/start.js")
"""Routes that are no operation: the documentation."""
