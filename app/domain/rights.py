"""The authority matrix: who may ask what of the service, from which stage, and who never may.

Every check goes by these rows (authority.py), and docs/authority.md is written from them. The rows
of the actions are those of TRANSITIONS.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain import party as p
from app.domain.party import Parties, Party
from app.domain.pathway import ENDED, TRANSITIONS, Action, Stage


class Act(StrEnum):
    """What may be asked of the service besides the actions that move a transfer."""

    READ_TRANSFER = "read_transfer"
    READ_BY_BROKEN_GLASS = "read_by_broken_glass"
    BREAK_GLASS = "break_glass"
    READ_OPENINGS = "read_openings"
    RESTRICT_TRANSFER = "restrict_transfer"
    LIFT_RESTRICTION = "lift_restriction"
    READ_RESTRICTIONS = "read_restrictions"
    READ_FEEDBACK = "read_feedback"
    NAME_HOLDER = "name_holder"
    REPORT = "report"
    RECORD_MILESTONE = "record_milestone"
    RECORD_REVIEW = "record_review"
    RECORD_CONSENT = "record_consent"
    WITHDRAW_CONSENT = "withdraw_consent"
    DECIDE_WITHDRAWAL = "decide_withdrawal"
    RECORD_SHARING_BASIS = "record_sharing_basis"
    STEP_IN = "step_in"
    STEP_OUT = "step_out"
    GIVE_FEEDBACK = "give_feedback"
    PAUSE_CLOCK = "pause_clock"
    RESUME_CLOCK = "resume_clock"
    RAISE_DISAGREEMENT = "raise_disagreement"
    ESCALATE_DISAGREEMENT = "escalate_disagreement"
    RESOLVE_DISAGREEMENT = "resolve_disagreement"
    CLOSE_AT_SOURCE = "close_at_source"
    REPLAY_DELIVERY = "replay_delivery"
    READ_MEETING = "read_meeting"
    PLAN_MEETING = "plan_meeting"
    CIRCULATE_AGENDA = "circulate_agenda"
    CALL_OFF_MEETING = "call_off_meeting"
    RECORD_FOR_MEETING = "record_for_meeting"
    RECORD_ATTENDANCE = "record_attendance"
    DECIDE_CASE = "decide_case"
    FINISH_ACTION = "finish_action"
    SEE_WORK_OF_TEAM = "see_work_of_team"
    REASSIGN_WORK = "reassign_work"
    DELEGATE_ROLE = "delegate_role"
    READ_DELEGATION = "read_delegation"
    END_DELEGATION = "end_delegation"
    RENAME_TEAM = "rename_team"
    CLOSE_TEAM = "close_team"
    READ_AUDIT = "read_audit"
    READ_SUBSCRIPTIONS = "read_subscriptions"
    SEE_TO_SUBSCRIPTIONS = "see_to_subscriptions"
    PLACE_LEGAL_HOLD = "place_legal_hold"
    LIFT_LEGAL_HOLD = "lift_legal_hold"
    READ_LEGAL_HOLDS = "read_legal_holds"
    REQUEST_SUBJECT_ACCESS = "request_subject_access"
    READ_SUBJECT_ACCESS = "read_subject_access"
    REVIEW_SUBJECT_ACCESS = "review_subject_access"
    EXTEND_SUBJECT_ACCESS = "extend_subject_access"
    DECIDE_SUBJECT_ACCESS = "decide_subject_access"
    DOWNLOAD_SUBJECT_ACCESS = "download_subject_access"
    READ_DIRECTORY = "read_directory"
    READ_PROTOCOL = "read_protocol"
    LIST_WHAT_IS_SEEN = "list_what_is_seen"


@dataclass(frozen=True, slots=True)
class Right:
    """One row: `act` is for `who` at these `stages`, and never for one of `never`.

    `named_by` says what of the protocol names those of `who` whose it is, where it does. `gated` is
    as in Transition.
    """

    act: Action | Act
    who: Parties
    source: str
    stages: frozenset[Stage] = frozenset(Stage)
    never: Parties = frozenset()
    named_by: str | None = None
    gated: bool | None = None

    def holders(self, who: Parties, named: Parties | None = None) -> Parties:
        """Those of `who` to whom the row gives the act; `named` are those whom a protocol names."""
        given = self.who & who
        return given if self.named_by is None else given & (named or frozenset())


_COUNCIL: Parties = frozenset({Party.AUDITOR, Party.ADMINISTRATOR})
_SEE = p.TEAMS | p.RUN_THE_SERIES | {Party.SERIES_MEMBER, Party.CASE_SYSTEM} | _COUNCIL
_RECORD = p.TEAMS | p.RUN_THE_SERIES
_MANAGE = p.MANAGERS | p.OPERATIONS_MANAGERS
_OPEN = frozenset(Stage) - ENDED
_ADMINISTRATOR: Parties = frozenset({Party.ADMINISTRATOR})
_HOLD: Parties = frozenset({Party.OPERATIONS_MANAGER_OF_A_TEAM, Party.ADMINISTRATOR})
_OF_REQUEST: Parties = frozenset({Party.REQUESTER, Party.REVIEWER})
_ANYBODY: Parties = frozenset({Party.ANYBODY})

RIGHTS: tuple[Right, ...] = (
    *(
        Right(
            row.action,
            row.who,
            row.source,
            stages=frozenset(row.sources),
            never=row.never,
            gated=row.gated,
        )
        for row in TRANSITIONS
    ),
    Right(Act.READ_TRANSFER, _SEE, "hazards 6, 14"),
    Right(Act.READ_BY_BROKEN_GLASS, frozenset({Party.BROKE_THE_GLASS}), "hazards 6, 14"),
    Right(Act.BREAK_GLASS, frozenset({Party.PERSON_OF_A_TEAM}), "hazards 6, 14"),
    Right(Act.READ_OPENINGS, _MANAGE | {Party.AUDITOR}, "hazards 6, 14"),
    Right(Act.RESTRICT_TRANSFER, _MANAGE, "hazards 6, 14"),
    Right(Act.LIFT_RESTRICTION, _MANAGE, "hazards 6, 14"),
    Right(Act.READ_RESTRICTIONS, _MANAGE | {Party.AUDITOR}, "hazards 6, 14"),
    Right(Act.READ_FEEDBACK, _SEE - {Party.CASE_SYSTEM}, "hazard 14, CE M28"),
    Right(Act.NAME_HOLDER, frozenset({Party.CASE_SYSTEM}), "DL 8, 19"),
    Right(Act.REPORT, frozenset({Party.RECEIVING_SYSTEM}), "hazard 16, DL 8-10, 19-21"),
    Right(Act.RECORD_MILESTONE, _RECORD, "the protocol", named_by="the kind of milestone"),
    Right(Act.RECORD_REVIEW, _RECORD, "IS 15", named_by="the review's milestone"),
    Right(Act.RECORD_CONSENT, p.WORKERS, "IS 6"),
    Right(Act.WITHDRAW_CONSENT, p.WORKERS, "IS 7"),
    Right(Act.DECIDE_WITHDRAWAL, _MANAGE, "hazard 12, IS 7"),
    Right(Act.RECORD_SHARING_BASIS, p.MANAGERS, "hazard 12, IS 7"),
    Right(Act.STEP_IN, p.WORKERS, "RO"),
    Right(Act.STEP_OUT, p.WORKERS, "RO"),
    Right(Act.GIVE_FEEDBACK, p.WORKERS, "CE M28"),
    Right(Act.PAUSE_CLOCK, _MANAGE, "hazard 18"),
    Right(Act.RESUME_CLOCK, _MANAGE, "hazard 18"),
    Right(Act.RAISE_DISAGREEMENT, _RECORD, "CE M7, M27; RO 15, 27", stages=_OPEN),
    Right(
        Act.ESCALATE_DISAGREEMENT,
        _MANAGE | p.CHAIRS | p.SERIES_CHAIRS | {Party.RAISER},
        "hazard 19, DF 21, CE M27",
        stages=_OPEN,
    ),
    Right(
        Act.RESOLVE_DISAGREEMENT,
        _RECORD,
        "hazard 19, CE M27",
        never=frozenset({Party.RAISER}),
        named_by="the level that it is at",
    ),
    Right(
        Act.CLOSE_AT_SOURCE,
        p.ORIGIN_TEAM | p.RUN_THE_SERIES,
        "hazard 1, DL 6, 18",
        named_by="the closing at source",
    ),
    Right(Act.REPLAY_DELIVERY, _MANAGE | _ADMINISTRATOR, "hazard 4"),
    Right(Act.READ_MEETING, _SEE, "hazards 6, 14; CE M13, IS 8"),
    Right(Act.PLAN_MEETING, p.RUN_THE_SERIES, "DF 8, CE M9"),
    Right(Act.CIRCULATE_AGENDA, p.RUN_THE_SERIES, "DF 8, CE M20"),
    Right(Act.CALL_OFF_MEETING, p.RUN_THE_SERIES, "hazard 19"),
    Right(Act.RECORD_FOR_MEETING, p.RUN_THE_SERIES, "CE M25, RO 13, DF 23, 24"),
    Right(Act.RECORD_ATTENDANCE, p.RUN_THE_SERIES, "CE M21, M22"),
    Right(Act.DECIDE_CASE, p.RUN_THE_SERIES, "DF 9, 12; CE M23, M24; IS 9"),
    Right(Act.FINISH_ACTION, p.RUN_THE_SERIES | p.WORKERS, "DF 12, CE M24"),
    Right(Act.SEE_WORK_OF_TEAM, _COUNCIL | {Party.COLLEAGUE}, "hazard 6"),
    Right(
        Act.REASSIGN_WORK,
        frozenset({Party.TEAM_MANAGER, Party.TEAM_OPERATIONS_MANAGER}),
        "hazard 1",
    ),
    Right(
        Act.DELEGATE_ROLE,
        frozenset({Party.TEAM_MANAGER, Party.TEAM_OPERATIONS_MANAGER}),
        "hazard 6, DL 17",
    ),
    Right(
        Act.READ_DELEGATION,
        _COUNCIL | {Party.COLLEAGUE, Party.DELEGATOR, Party.DELEGATE},
        "hazard 6",
    ),
    Right(
        Act.END_DELEGATION,
        frozenset({Party.TEAM_OPERATIONS_MANAGER, Party.DELEGATOR, Party.DELEGATE}),
        "hazard 6",
    ),
    Right(Act.RENAME_TEAM, _ADMINISTRATOR, "hazard 2"),
    Right(Act.CLOSE_TEAM, _ADMINISTRATOR, "hazards 1, 2"),
    Right(Act.READ_AUDIT, frozenset({Party.AUDITOR}), "hazard 17"),
    Right(Act.READ_SUBSCRIPTIONS, _COUNCIL, "hazard 14"),
    Right(Act.SEE_TO_SUBSCRIPTIONS, _ADMINISTRATOR, "hazard 14"),
    Right(Act.PLACE_LEGAL_HOLD, _HOLD, "docs/peoples-rights.md"),
    Right(
        Act.LIFT_LEGAL_HOLD,
        _HOLD,
        "docs/peoples-rights.md",
        never=frozenset({Party.PLACED_IT}),
    ),
    Right(Act.READ_LEGAL_HOLDS, _HOLD | {Party.AUDITOR}, "docs/peoples-rights.md"),
    Right(Act.REQUEST_SUBJECT_ACCESS, _HOLD | {Party.WORKER_OF_A_TEAM}, "UK GDPR art. 15"),
    Right(
        Act.READ_SUBJECT_ACCESS,
        _COUNCIL | {Party.REQUESTER, Party.REVIEWER, Party.MANAGER_OF_THE_CASE},
        "UK GDPR art. 15",
    ),
    Right(
        Act.REVIEW_SUBJECT_ACCESS,
        frozenset({Party.MANAGER_OF_THE_CASE}),
        "DPA 2018 Sch. 3",
        never=frozenset({Party.REQUESTER}),
    ),
    Right(Act.EXTEND_SUBJECT_ACCESS, _OF_REQUEST, "UK GDPR art. 12(3)"),
    Right(
        Act.DECIDE_SUBJECT_ACCESS,
        frozenset({Party.REVIEWER}),
        "DPA 2018 Sch. 3",
        never=frozenset({Party.REQUESTER}),
    ),
    Right(Act.DOWNLOAD_SUBJECT_ACCESS, _OF_REQUEST, "UK GDPR art. 15"),
    Right(Act.READ_DIRECTORY, _ANYBODY, "DL 3"),
    Right(Act.READ_PROTOCOL, _ANYBODY, "the protocol"),
    Right(Act.LIST_WHAT_IS_SEEN, _ANYBODY, "hazard 6"),
)
"""Of actions a row a way that they lead; of each act one."""

RIGHT_TO: Mapping[Act, Right] = {row.act: row for row in RIGHTS if isinstance(row.act, Act)}
EVER: Mapping[Action, Parties] = {
    action: frozenset[Party]().union(*(row.who for row in TRANSITIONS if row.action is action))
    for action in Action
}
"""Who may ever take an action, whatever the stage."""
