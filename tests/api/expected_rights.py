"""Who may ask what, written by hand from the lifecycle: it knows nothing of app/domain/rights.py.

A person is said by their hats: `op-bishop worker` is worker of the origin in a step up, and of the
receiving team in a step down.
"""

from dataclasses import dataclass

from app.domain.pathway import Pathway, Stage

UP, DOWN = Pathway.STEP_UP, Pathway.STEP_DOWN
DRAFT, AWAITING, DISPATCHED = Stage.DRAFT, Stage.AWAITING_AUTHORISATION, Stage.DISPATCHED
PICKED_UP, DECLINED, STARTED = Stage.PICKED_UP, Stage.DECLINED, Stage.STARTED
ALLOCATED, COMPLETED, CANCELLED = Stage.ALLOCATED, Stage.COMPLETED, Stage.CANCELLED

PEOPLE = {
    "op.worker": ("op-bishop worker",),
    "op.keyworker": ("op-bishop worker",),
    "op.manager": ("op-bishop manager",),
    "op.coordinator": ("op-bishop coordinator",),
    "op.chair": ("op-bishop chair",),
    "op.operations": ("op-bishop operations",),
    "ff.socialworker": ("ff-bishop worker",),
    "ff.manager": ("ff-bishop manager",),
    "ff.deputy": ("ff-bishop worker", "ff-bishop manager"),
    "ff.coordinator": ("ff-bishop coordinator",),
    "ff.chair": ("ff-bishop chair",),
    "ff.operations": ("ff-bishop operations",),
    "operations.manager": ("op-bishop operations", "ff-bishop operations"),
    "of.both.sides": ("op-bishop worker", "ff-bishop manager"),
    "auditing.worker": ("op-bishop worker", "auditor"),
    "chairing.worker": ("ff-bishop worker", "series chair"),
    "meeting.chair": ("series chair",),
    "meeting.deputy": ("series deputy",),
    "meeting.coordinator": ("series coordinator",),
    "meeting.member": ("series member",),
    "lcs.service": ("lcs",),
    "ehm.service": ("ehm",),
    "an.auditor": ("auditor",),
    "systems.team": ("administrator",),
    "op.chester.manager": ("op-chester manager",),
    "op.chester.worker": ("op-chester worker",),
    "ff.chester.manager": ("ff-chester manager",),
    "ff.chester.operations": ("ff-chester operations",),
    "aset.manager": ("aset manager",),
    "north.chair": (),
    "a.leaver": (),
    "a.starter": (),
    "op.delegate": ("op-chester worker", "op-bishop manager"),
    "ff.delegate": ("aset worker", "ff-bishop manager"),
    "denied.manager": ("op-bishop manager", "ff-bishop manager"),
    "glass.breaker": ("op-chester worker",),
    "isl.everything": (),
    "isl.administrator": (),
}
ELSEWHERE = ("isl.everything", "isl.administrator")
SIDES = {
    UP: {"op-bishop": "origin", "ff-bishop": "receiving", "lcs": "system", "ehm": "reader"},
    DOWN: {"ff-bishop": "origin", "op-bishop": "receiving", "ehm": "system", "lcs": "reader"},
}
NOT_SENT = (DRAFT, AWAITING, CANCELLED)
"""Our cancelled transfers were cancelled as drafts."""

ORIGIN = {"origin worker", "origin manager"}
WORKERS = ORIGIN | {"receiving worker", "receiving manager"}
MANAGERS = {"origin manager", "receiving manager"}
OPERATIONS = {"origin operations", "receiving operations"}
CHAIRS = {"origin chair", "receiving chair", "series chair", "series deputy"}
RUN = {"series chair", "series deputy", "series coordinator"}
COORDINATORS = {"origin coordinator", "receiving coordinator"}
RECEIVING = {"receiving manager", "system"}

ACTIONS: dict[str, dict[Stage, set[str]]] = {
    "editTransfer": {DRAFT: ORIGIN},
    "submitToMeeting": {DRAFT: ORIGIN},
    "finaliseTransfer": {DRAFT: ORIGIN},
    "authoriseTransfer": {AWAITING: {"origin manager"}},
    "returnTransfer": {AWAITING: {"origin manager"}, DECLINED: {"origin manager"}},
    "redirectTransfer": {DISPATCHED: MANAGERS | OPERATIONS, DECLINED: {"origin manager"}},
    "pickUpTransfer": {DISPATCHED: RECEIVING | {"receiving worker"}},
    "pickUpTransfer for somebody": {DISPATCHED: {"system"}},
    "releaseTransfer": {PICKED_UP: RECEIVING | {"holder"}},
    "declineTransfer": {DISPATCHED: RECEIVING, PICKED_UP: RECEIVING},
    "startTransfer": {PICKED_UP: RECEIVING},
    "allocateTransfer": {STARTED: RECEIVING},
    "completeTransfer": {ALLOCATED: MANAGERS},
    "cancelTransfer": {x: {"origin manager"} for x in (DRAFT, AWAITING, DISPATCHED)},
}
JUDGING = ("authoriseTransfer", "returnTransfer")
READS = (
    *("readTransfer", "readHistory", "readChecklist", "readClocks", "readCustody"),
    *("readDeliveries", "readHandover", "readClosing", "readFeedback", "findTransfers"),
)
FOR_MANAGERS = ("readRestrictions", "readOpenings")
BREAKING = "breakGlass"
OF_A_TEAM = {"worker", "manager", "coordinator", "operations"}
DENIED, GLASS_BREAKER = "denied.manager", "glass.breaker"
IN_MEETING_READS = ("readMeeting", "readAgenda", "readAgendaAsCalendar")
RECORDS: dict[str, set[str]] = {
    "recordMilestone": ORIGIN,
    "recordMilestone of the meeting": MANAGERS | COORDINATORS | CHAIRS | RUN,
    "recordReview": WORKERS,
    "recordConsent": WORKERS,
    "withdrawConsent": WORKERS,
    "decideWithdrawal": MANAGERS | OPERATIONS,
    "recordSharingBasis": MANAGERS,
    "stepIn": WORKERS,
    "stepOut": WORKERS,
    "giveFeedback": WORKERS,
    "pauseClock": MANAGERS | OPERATIONS,
    "resumeClock": MANAGERS | OPERATIONS,
    "raiseDisagreement": WORKERS | OPERATIONS | COORDINATORS | CHAIRS | RUN,
    "escalateDisagreement": MANAGERS | OPERATIONS | CHAIRS | {"raiser"},
    "resolveDisagreement": MANAGERS | CHAIRS,
    "closeAtSource": ORIGIN,
    "restrictTransfer": MANAGERS | OPERATIONS,
    "liftRestriction": MANAGERS | OPERATIONS,
    "replayDelivery": MANAGERS | OPERATIONS | {"administrator"},
    "circulateAgenda": RUN,
    "callOffMeeting": RUN,
    "recordMilestoneForMeeting": RUN,
    "recordAttendance": RUN,
    "decideCase": RUN,
    "finishAction": RUN | WORKERS,
}
IN_MEETING = (
    *("circulateAgenda", "callOffMeeting", "recordMilestoneForMeeting", "recordAttendance"),
    *("decideCase", "finishAction"),
)
_NOT_YET = ["recordReview", "closeAtSource", "raiseDisagreement", "decideWithdrawal", "resumeClock"]
_ON_THE_WAY = {name: {422} for name in _NOT_YET} | {
    "circulateAgenda": {200, 403},
    "recordMilestoneForMeeting": {422, 403},
}
RECORDED: dict[Stage, dict[str, set[int]]] = {
    DRAFT: _ON_THE_WAY | {"recordMilestone": {422}, "pauseClock": {422}},
    DISPATCHED: _ON_THE_WAY,
}
"""What those get whose it is, where it is not done (200): what cannot be yet, 422; and 403 of the
chair, where Durham has a milestone of every case recorded by co-ordinators and managers alone."""
STANDS_IN_FOR = {"op.delegate": "op.manager", "ff.delegate": "ff.manager"}
RAISED_BY = {UP: "op.keyworker", DOWN: "op.manager"}
EDITED_BY = {UP: "op.worker", DOWN: "ff.deputy"}


@dataclass(frozen=True)
class Cell:
    """One person before one transfer; `booked`: it is before the weekly meeting."""

    person: str
    pathway: Pathway
    stage: Stage
    holder: str | None
    booked: bool = False

    @property
    def hats(self) -> set[str]:
        """What the person is to the transfer."""
        worn: set[str] = set()
        if self.person == DENIED:
            return worn
        for hat in PEOPLE[self.person]:
            place, _, role = hat.partition(" ")
            side = SIDES[self.pathway].get(place)
            if side in ("origin", "receiving") and (side == "origin" or self._reached_receiver):
                worn.add(f"{side} {role}")
            elif side == "system":
                worn.add("system" if self._reached_receiver else "reader")
            elif side == "reader" or hat in ("auditor", "administrator"):
                worn.add(side or hat)
            elif place == "series" and self.booked:
                worn.add(hat)
        if self.person == self.holder and "receiving worker" in worn:
            worn.add("holder")
        return worn

    def answer(self, asked: str) -> int:
        """The status; 412 where it would be theirs, and is asked of a version that is past."""
        if asked == "pickUpTransfer for somebody" and not self._is_system:
            return 403
        if asked == BREAKING:
            return self._breaking()
        if self.person == GLASS_BREAKER:
            return self._through_the_glass(asked)
        if not self.hats:
            return 404
        return self._of_what_they_see(asked)

    def _of_what_they_see(self, asked: str) -> int:
        if asked in ACTIONS:
            return self._action(asked)
        if asked in RECORDS:
            return self._record(asked)
        if asked in FOR_MANAGERS:
            return 200 if self.hats & (MANAGERS | OPERATIONS | {"auditor"}) else 403
        return 403 if asked == "readFeedback" and self._is_system else 200

    def _breaking(self) -> int:
        """201 for the people of a team; 422 where they see it without."""
        if self.person == DENIED or self.person in ELSEWHERE:
            return 404
        of_a_team = any(hat.partition(" ")[2] in OF_A_TEAM for hat in self._in_teams)
        if not of_a_team:
            return 403 if self.hats else 404
        return 422 if self.hats else 201

    @property
    def _in_teams(self) -> list[str]:
        return [hat for hat in PEOPLE[self.person] if not hat.startswith("series ")]

    def _through_the_glass(self, asked: str) -> int:
        """They read its record, and what shows several leaves it out."""
        if asked in ("findTransfers", *IN_MEETING_READS, *IN_MEETING):
            return 404
        return 200 if asked in READS and asked != "readFeedback" else 403

    @property
    def _reached_receiver(self) -> bool:
        return self.stage not in NOT_SENT

    @property
    def _is_system(self) -> bool:
        return bool({"lcs", "ehm"} & set(PEOPLE[self.person]))

    def _action(self, asked: str) -> int:
        rows = dict(ACTIONS[asked])
        if self.pathway is UP:
            rows.pop(AWAITING, None)
        if not self.hats & set().union(*rows.values()):
            return 403
        if self.stage not in rows:
            return 409
        prepared = asked in JUDGING and self.stage is AWAITING and self._prepared_it
        return 200 if self.hats & rows[self.stage] and not prepared else 403

    @property
    def _prepared_it(self) -> bool:
        return self.person == EDITED_BY[self.pathway]

    def _record(self, asked: str) -> int:
        raised = self.person == RAISED_BY[self.pathway]
        hats = self.hats | ({"raiser"} if raised else set())
        for_raiser = STANDS_IN_FOR.get(self.person) == RAISED_BY[self.pathway]
        judges = asked == "resolveDisagreement"
        if not hats & RECORDS[asked] or (judges and (raised or for_raiser)):
            return 403
        return 409 if asked == "replayDelivery" else 412
