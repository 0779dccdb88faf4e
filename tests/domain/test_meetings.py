"""What is done in a meeting: its agenda, its decisions, who was there, and who may do it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from builders import NOW, durham, situation, somebody
from domain.meeting_cases import (
    CHAIR,
    COORDINATOR,
    DEPUTY,
    EMPTY,
    MEMBER,
    NEXT,
    SERIES,
    STARTS,
    WORKER,
    joining,
    serving,
    sitting,
    submitted,
    with_three,
)
from domain.restricting import kept_from

from app.domain import commands as c
from app.domain.decide import decide
from app.domain.decision import Event
from app.domain.errors import (
    AgendaCirculated,
    NotPermitted,
    NotVisible,
    RulesBroken,
    StaleVersion,
)
from app.domain.form import Meeting as FormMeeting
from app.domain.meetings.actions import finish_action
from app.domain.meetings.agenda import Item, agenda
from app.domain.meetings.attendance import record_attendance
from app.domain.meetings.bookings import Standing, decision_of, standing
from app.domain.meetings.decide_case import Ruling, decide_case
from app.domain.meetings.for_all import circulate, record_for_all
from app.domain.meetings.meeting import Attendance, Attended, MeetingAction
from app.domain.meetings.plan import plan
from app.domain.meetings.sitting import Sitting, require_seen
from app.domain.meetings.submission import joined, left
from app.domain.milestone_names import DISAGREEMENT_RESOLVED
from app.domain.people import Actor, Role
from app.domain.record_milestone import Happened, record_milestone
from app.domain.transfer import BookedMeeting

HELD = STARTS + timedelta(minutes=10)
STRANGER = somebody("ff.chester", Role.TEAM_MANAGER, "ff-chester")
SOUTH = serving(Role.CHAIR, "south")
TELL = MeetingAction("a-1", "Tell the school", "One Point Manager", date(2026, 12, 1))


def ruling(outcome: str = "agreed", at: datetime = HELD, **more: object) -> Ruling:
    """What the chair sums up."""
    return replace(Ruling(outcome, "Three worries stand.", at), **more)  # type: ignore[arg-type]


def after(found: Sitting, change: object) -> Sitting:
    """The sitting once that change is made."""
    decided = {d.after.id: d.after for d, _ in change.decisions}  # type: ignore[attr-defined]
    return replace(
        found,
        meeting=change.after,  # type: ignore[attr-defined]
        transfers={**found.transfers, **decided},
    )


def broken(act: object) -> list[tuple[str, str]]:
    """The code of every breach, and what was found."""
    with pytest.raises(RulesBroken) as refusal:
        act()  # type: ignore[operator]
    return [(breach.code, breach.found) for breach in refusal.value.breaches]


# --- the agenda


def test_ce_m10_each_case_has_its_ten_minutes_in_the_order_of_submission() -> None:
    found = with_three()

    items = agenda(found.meeting, found.standings, 10)

    assert [item.case.transfer for item in items] == ["first", "second", "third"]
    assert [(i.starts_at, i.ends_at) for i in items] == [
        (STARTS + timedelta(minutes=10 * n), STARTS + timedelta(minutes=10 * (n + 1)))
        for n in range(3)
    ]


def test_without_a_length_of_a_case_there_are_no_times() -> None:
    found = with_three()

    assert {i.starts_at for i in agenda(found.meeting, found.standings, None)} == {None}


def test_a_case_whose_papers_came_late_comes_last() -> None:
    late_now = STARTS - timedelta(hours=47)
    late = submitted("a-late-one", now=late_now)
    early = submitted("first")
    meeting = joining(joining(EMPTY, late, late_now), early)
    found = sitting(meeting, late, early)

    items = agenda(meeting, found.standings, 10)

    assert [(item.case.transfer, item.case.late) for item in items] == [
        ("first", False),
        ("a-late-one", True),
    ]


def test_a_withdrawn_case_has_no_time_before_the_agenda_goes_round_and_keeps_it_after() -> None:
    found = with_three(NOW)
    manager = somebody("op.manager", Role.TEAM_MANAGER, "op-bishop")
    cancel = c.Cancel("entered_in_error", "A mistake")
    gone = decide(found.transfers["first"], cancel, manager, situation()).after
    before = replace(found, transfers={**found.transfers, "first": gone})
    frozen = circulate(found, COORDINATOR, NOW).after
    later = replace(before, meeting=frozen)

    assert agenda(before.meeting, before.standings, 10)[-1] == Item(
        before.meeting.cases[0], Standing.WITHDRAWN
    )
    assert [(i.case.transfer, i.standing) for i in agenda(frozen, later.standings, 10)] == [
        ("first", Standing.WITHDRAWN),
        ("second", Standing.LISTED),
        ("third", Standing.LISTED),
    ]


def test_an_agenda_that_went_round_keeps_its_order_whatever_order_the_cases_came_in() -> None:
    found = with_three()
    cases = (replace(x, place=n) for x, n in zip(found.meeting.cases, (1, 0, 2), strict=True))
    meeting = replace(found.meeting, agenda_circulated_at=NOW, cases=tuple(cases))

    items = agenda(meeting, found.standings, 10)

    assert [(item.case.transfer, item.starts_at) for item in items] == [
        ("second", STARTS),
        ("first", STARTS + timedelta(minutes=10)),
        ("third", STARTS + timedelta(minutes=20)),
    ]


def test_df_08_the_agenda_goes_round_once_and_every_case_has_it_recorded() -> None:
    found = with_three(NOW + timedelta(hours=1))

    change = circulate(found, COORDINATOR, NOW + timedelta(hours=1), expected_version=4)

    assert (change.after.version, change.after.agenda_circulated_by) == (5, COORDINATOR.id)
    assert [case.place for case in change.after.cases] == [0, 1, 2]
    assert [d.after.milestones[-1].name for d, _ in change.decisions] == ["agenda_circulated"] * 3
    assert change.event.codes == ("m-1",)
    with pytest.raises(AgendaCirculated):
        circulate(after(found, change), COORDINATOR, NOW, expected_version=4)


def test_a_case_that_has_its_agenda_recorded_by_hand_has_it_once() -> None:
    found = with_three(NOW + timedelta(hours=1))
    told = Happened("agenda_circulated", NOW)
    known = record_milestone(found.transfers["first"], told, COORDINATOR, situation()).after
    found = replace(found, transfers={**found.transfers, "first": known})

    change = circulate(found, COORDINATOR, NOW + timedelta(hours=1))

    assert [d.after.id for d, _ in change.decisions] == ["second", "third"]


def test_once_the_agenda_went_round_no_case_is_taken_any_more_and_those_on_it_stay() -> None:
    found = with_three(NOW)
    frozen = circulate(found, COORDINATOR, NOW).after
    known = submitted("first", now=NOW + timedelta(minutes=9))

    again = joining(frozen, known, NOW + timedelta(minutes=9))

    assert broken(lambda: joining(frozen, submitted("fourth"))) == [
        ("meeting-agenda", "a meeting whose agenda has gone round")
    ]
    assert [case.place for case in again.cases] == [0, 1, 2]


def test_an_agenda_that_goes_round_late_says_nothing_of_a_case_s_next_meeting() -> None:
    found = with_three()
    for name in found.transfers:
        found = after(found, decide_case(found, name, ruling("deferred"), CHAIR))
    again = submitted("first", NEXT, HELD, before=found.transfers["first"])
    south = submitted("second", NEXT, HELD, before=found.transfers["second"])
    south = replace(south, meeting=BookedMeeting("south", NEXT))
    moved = {**found.transfers, "first": again, "second": south}

    change = circulate(replace(found, transfers=moved), COORDINATOR, HELD)

    assert [d.after.id for d, _ in change.decisions] == ["third"]
    assert [case.place for case in change.after.cases] == [0, 1, 2]


# --- cases that come and go


def test_a_meeting_that_has_decided_a_case_does_not_take_it_again() -> None:
    found = with_three(STARTS - timedelta(hours=5))
    early = STARTS - timedelta(hours=5)
    found = after(found, decide_case(found, "first", ruling("deferred", early), CHAIR))
    first, where = found.transfers["first"], situation(early)
    decision = decide(first, c.SubmitToMeeting("weekly", STARTS), WORKER, where)

    assert broken(lambda: joined(found.meeting, decision, SERIES, where)) == [
        ("meeting-case", "decided there")
    ]


def test_an_undecided_case_that_is_submitted_elsewhere_leaves_the_agenda() -> None:
    found = with_three()
    first = found.transfers["first"]
    moved = submitted("first", NEXT, NOW + timedelta(hours=1), before=first)

    meeting = left(found.meeting, first, situation(NOW + timedelta(hours=1)))

    gone = meeting.case("first")
    assert gone is not None
    assert standing(moved, STARTS, gone) is Standing.MOVED
    listed = sitting(meeting, moved, found.transfers["second"], found.transfers["third"])
    assert [i.case.transfer for i in agenda(meeting, listed.standings, 10)] == ["second", "third"]


def test_a_decided_case_stays_where_it_was_decided_and_is_new_in_the_next_meeting() -> None:
    found = with_three()
    put_off = after(found, decide_case(found, "first", ruling("deferred"), CHAIR))
    first = put_off.transfers["first"]
    moved = submitted("first", NEXT, HELD + timedelta(hours=1), before=first)
    case = put_off.meeting.case("first")
    next_one = joining(
        replace(EMPTY, id="m-2", starts_at=NEXT), moved, HELD + timedelta(hours=1)
    ).case("first")

    stays = left(put_off.meeting, first, situation(HELD + timedelta(hours=1)))

    assert stays == put_off.meeting
    assert case is not None
    assert next_one is not None
    decided = decision_of(moved, STARTS, case)
    assert decided is not None
    assert (decided.outcome, decided.note) == ("deferred", "Three worries stand.")
    assert decision_of(moved, NEXT, next_one) is None


def test_a_decision_that_was_recorded_on_the_transfer_shows_in_the_meeting() -> None:
    found = with_three()
    told = Happened("meeting_decided", HELD, note="By hand.", outcome="not_agreed")
    first = record_milestone(found.transfers["first"], told, CHAIR, situation(HELD)).after
    case = found.meeting.case("first")

    assert case is not None
    decided = decision_of(first, STARTS, case)
    assert decided is not None
    assert (decided.outcome, decided.note, decided.by) == ("not_agreed", "By hand.", CHAIR.id)


def test_what_overruled_a_meeting_is_not_its_decision() -> None:
    found = with_three()
    found = after(found, decide_case(found, "first", ruling("not_agreed"), CHAIR))
    first = found.transfers["first"]
    overruled = replace(
        first.milestones[-1], outcome="agreed", reason=DISAGREEMENT_RESOLVED, by="a.manager"
    )
    case = found.meeting.case("first")

    assert case is not None
    decided = decision_of(first.with_milestone(overruled), STARTS, case)
    assert decided is not None
    assert (decided.outcome, decided.by) == ("not_agreed", CHAIR.id)


# --- decisions


@pytest.mark.parametrize("outcome", ["agreed", "not_agreed", "deferred", "mapping_exercise"])
@pytest.mark.parametrize("person", [CHAIR, DEPUTY, COORDINATOR])
def test_df_09_df_12_who_runs_the_meeting_records_each_of_its_outcomes(
    outcome: str, person: Actor
) -> None:
    found = with_three()
    before = found.transfers["second"]

    change = decide_case(found, "second", ruling(outcome, actions=(TELL,)), person)

    (decision, _), *others = change.decisions
    transfer, case = decision.after, change.after.case("second")
    assert others == []
    mark = transfer.milestones[-1]
    assert (mark.name, mark.outcome, mark.note) == (
        "meeting_decided",
        outcome,
        "Three worries stand.",
    )
    assert case is not None
    assert case.actions == (TELL,)
    assert transfer.version == before.version + 1
    assert change.event.codes == ("m-1", "second", outcome)


def test_the_form_of_a_draft_says_what_was_decided_and_stays_its_author_s() -> None:
    found = with_three()
    before = found.transfers["first"]

    (decision, _) = decide_case(found, "first", ruling(), CHAIR).decisions[0]

    told = decision.after.form.meeting
    assert told == FormMeeting(date(2026, 11, 25), CHAIR.id, "agreed", "Three worries stand.")
    assert decision.after.last_editor == before.last_editor
    assert (decision.after.author, decision.after.submitter) == (before.author, None)


def test_ce_m13_where_the_deputy_chaired_the_form_names_the_deputy() -> None:
    people = (
        Attendance("Chair Example", "Families First", Attended.APOLOGIES, Role.CHAIR),
        Attendance("Deputy Example", "One Point", Attended.ATTENDED, Role.DEPUTY_CHAIR),
    )
    found = with_three()
    found = replace(found, meeting=replace(found.meeting, attendance=people))

    (decision, _) = decide_case(found, "first", ruling(), COORDINATOR).decisions[0]

    assert decision.after.form.meeting.chair == "Deputy Example"


def test_ce_m13_whoever_else_was_there_the_form_names_who_chaired() -> None:
    people = (
        Attendance("Coordinator Example", "Durham", Attended.ATTENDED, Role.TEAM_COORDINATOR),
        Attendance("Chair Example", "Families First", Attended.ATTENDED, Role.CHAIR),
    )
    found = with_three()

    def named(sits: Sitting) -> str | None:
        (decision, _) = decide_case(sits, "first", ruling(), COORDINATOR).decisions[0]
        return decision.after.form.meeting.chair

    assert named(replace(found, meeting=replace(found.meeting, attendance=people))) == (
        "Chair Example"
    )
    assert named(replace(found, meeting=replace(found.meeting, attendance=people[:1]))) == "A chair"
    assert named(found) == "A chair"  # as the form had it before


def test_h06_a_case_that_its_chair_is_denied_is_not_there_for_them() -> None:
    found = with_three()
    denied = kept_from(found.transfers["first"], CHAIR.id)
    found = replace(found, transfers={**found.transfers, "first": denied})

    with pytest.raises(NotVisible):
        decide_case(found, "first", ruling(), CHAIR)


def test_a_case_that_was_withdrawn_is_not_decided() -> None:
    found = with_three()
    manager = somebody("op.manager", Role.TEAM_MANAGER, "op-bishop")
    cancel = c.Cancel("entered_in_error", "A mistake")
    gone = decide(found.transfers["first"], cancel, manager, situation()).after
    found = replace(found, transfers={**found.transfers, "first": gone})

    with pytest.raises(RulesBroken) as refusal:
        decide_case(found, "first", ruling(), CHAIR)

    assert [b.found for b in refusal.value.breaches if b.code == "meeting-case"] == ["withdrawn"]


def test_nothing_is_decided_before_the_day_of_the_meeting() -> None:
    day_before = STARTS - timedelta(days=1)
    found = with_three(day_before)

    assert broken(lambda: decide_case(found, "first", ruling(at=day_before), CHAIR)) == [
        ("milestone-meeting", "before the meeting")
    ]


def test_every_breach_of_a_decision_is_named_at_once() -> None:
    early = NOW
    bad = ruling("perhaps", early, themes=("fashion",))

    assert broken(lambda: decide_case(with_three(early), "first", bad, CHAIR)) == [
        ("milestone-meeting", "before the meeting"),
        ("meeting-theme", "another theme"),
        ("milestone-outcome", "no such outcome"),
    ]


def test_ce_m11_a_case_is_tagged_with_the_themes_that_the_series_knows() -> None:
    found = with_three()
    tagged = replace(SERIES, themes={"school": "School"})
    protocol = replace(durham(), meetings={"weekly": tagged})

    change = decide_case(
        replace(found, protocol=protocol), "first", ruling(themes=("school",)), CHAIR
    )

    case = change.after.case("first")
    assert case is not None
    assert case.themes == ("school",)


def test_ce_m11_another_theme_is_answered_with_those_that_the_series_has() -> None:
    found = with_three()
    tagged = replace(SERIES, themes={"school": "School", "home": "Home"})
    with_themes = replace(found, protocol=replace(durham(), meetings={"weekly": tagged}))

    def words(asked: Sitting) -> list[str]:
        with pytest.raises(RulesBroken) as refusal:
            decide_case(asked, "first", ruling(themes=("fashion",)), CHAIR)
        return [breach.says for breach in refusal.value.breaches]

    assert words(with_themes) == ["Choose from the themes: school, home"]
    assert words(found) == ["The series has no themes"]


def test_a_case_that_was_moved_is_decided_where_it_is_now() -> None:
    found = with_three()
    moved = submitted("first", NEXT, NOW + timedelta(hours=1), before=found.transfers["first"])
    found = replace(found, transfers={**found.transfers, "first": moved})

    assert broken(lambda: decide_case(found, "first", ruling(), CHAIR)) == [
        ("meeting-case", "moved to another meeting")
    ]


def test_a_case_that_was_moved_to_another_series_is_said_to_be() -> None:
    found = with_three()
    moved = replace(found.transfers["first"], meeting=BookedMeeting("south", NEXT))
    found = replace(found, transfers={**found.transfers, "first": moved})

    assert broken(lambda: decide_case(found, "first", ruling(), COORDINATOR)) == [
        ("meeting-case", "moved to another meeting")
    ]


def test_a_decision_made_again_corrects_the_one_before_and_adds_its_actions() -> None:
    found = with_three()
    once = after(found, decide_case(found, "first", ruling(actions=(TELL,)), CHAIR))
    more = replace(TELL, id="a-2", what="Write to the family")

    twice = after(once, decide_case(once, "first", ruling("deferred", actions=(more,)), CHAIR))

    case = twice.meeting.case("first")
    assert case is not None
    decided = decision_of(twice.transfers["first"], STARTS, case)
    assert decided is not None
    assert decided.outcome == "deferred"
    assert case.actions == (TELL, more)


def test_ce_m24_nothing_is_decided_of_a_case_that_was_not_brought() -> None:
    with pytest.raises(NotVisible):
        decide_case(with_three(), "fourth", ruling(), CHAIR)


# --- who may


ACTS = {
    "circulate": lambda found, who, **v: circulate(found, who, HELD, **v),
    "decide": lambda found, who, **v: decide_case(found, "first", ruling(), who, **v),
    "milestone": lambda found, who, **v: record_for_all(
        found, Happened("agenda_circulated", HELD), who, HELD, **v
    ),
    "attendance": lambda found, who, **v: record_attendance(found, (), who, HELD, **v),
}


@pytest.mark.parametrize("act", ACTS)
def test_a_member_reads_and_does_nothing(act: str) -> None:
    with pytest.raises(NotPermitted):
        ACTS[act](with_three(), MEMBER)


@pytest.mark.parametrize("act", ACTS)
def test_a_worker_of_a_case_sees_the_meeting_and_does_not_run_it(act: str) -> None:
    with pytest.raises(NotPermitted):
        ACTS[act](with_three(), WORKER)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", [STRANGER, SOUTH])
def test_for_another_team_or_series_there_is_no_such_meeting(act: str, who: Actor) -> None:
    with pytest.raises(NotVisible):
        ACTS[act](with_three(), who)


@pytest.mark.parametrize("act", ACTS)
def test_what_is_done_is_done_to_the_version_that_was_seen(act: str) -> None:
    with pytest.raises(StaleVersion):
        ACTS[act](with_three(), COORDINATOR, expected_version=3)


def test_a_team_sees_its_own_case_alone_and_a_member_every_case() -> None:
    found = with_three()
    other = replace(found.transfers["third"], origin_team="op-chester")
    found = replace(found, transfers={**found.transfers, "third": other})

    require_seen(found, WORKER)

    assert found.seen_by(WORKER) == {"first", "second"}
    assert found.seen_by(MEMBER) == {"first", "second", "third"}
    assert found.seen_by(STRANGER) == frozenset()


def test_h06_who_serves_the_series_sees_what_moved_on_to_another_but_nothing_withheld() -> None:
    found = with_three()
    moved = replace(found.transfers["first"], meeting=BookedMeeting("south", NEXT))
    kept = kept_from(found.transfers["second"], MEMBER.id)
    found = replace(found, transfers={**found.transfers, "first": moved, "second": kept})

    assert found.seen_by(MEMBER) == {"first", "third"}
    assert found.seen_by(CHAIR) == {"first", "second", "third"}


# --- one act for all cases


def test_df_22_minutes_are_uploaded_for_every_case_at_once() -> None:
    found = with_three()
    for name in found.transfers:
        found = after(found, decide_case(found, name, ruling(), CHAIR))

    uploaded = Happened("minutes_uploaded", HELD)
    change = record_for_all(found, uploaded, COORDINATOR, HELD)

    assert [d.after.milestones[-1].name for d, _ in change.decisions] == ["minutes_uploaded"] * 3


def test_where_one_case_cannot_have_it_none_has_and_every_breach_names_its_case() -> None:
    found = with_three()
    found = after(found, decide_case(found, "second", ruling(), CHAIR))

    with pytest.raises(RulesBroken) as refusal:
        record_for_all(found, Happened("minutes_uploaded", HELD), COORDINATOR, HELD)

    assert [(b.code, b.says.split(":")[0]) for b in refusal.value.breaches] == [
        ("milestone-order", "first"),
        ("milestone-order", "third"),
    ]


def test_a_milestone_that_no_case_knows_is_refused() -> None:
    dance = Happened("danced", HELD)

    assert broken(lambda: record_for_all(with_three(), dance, CHAIR, HELD)) == [
        ("milestone", "known to no case of the meeting")
    ]
    assert broken(lambda: record_for_all(sitting(EMPTY), dance, CHAIR, HELD)) == [
        ("milestone", "known to no case of the meeting")
    ]


def test_a_milestone_that_no_case_knows_is_answered_with_those_that_one_knows() -> None:
    def words(found: Sitting) -> str:
        with pytest.raises(RulesBroken) as refusal:
            record_for_all(found, Happened("danced", HELD), CHAIR, HELD)
        return refusal.value.breaches[0].says

    known = with_three().situations["first"].rules(with_three().transfers["first"]).milestones
    assert words(with_three()) == f"Choose one of: {', '.join(sorted(known))}"
    assert words(sitting(EMPTY)) == "It has no cases"


def test_a_case_that_went_to_another_series_is_left_to_that_series() -> None:
    found = with_three()
    for name in found.transfers:
        found = after(found, decide_case(found, name, ruling("deferred"), CHAIR))
    moved = found.transfers["first"]
    assert moved.meeting is not None
    moved = replace(moved, meeting=replace(moved.meeting, series="south"))
    found = replace(found, transfers={**found.transfers, "first": moved})

    change = record_for_all(found, Happened("minutes_uploaded", HELD), COORDINATOR, HELD)

    assert [d.after.id for d, _ in change.decisions] == ["second", "third"]


# --- attendance


def test_ce_m13_ce_m21_ce_m22_who_came_who_deputised_and_what_the_absent_wrote() -> None:
    people = (
        Attendance(
            "Service Manager", "CEFS", Attended.APOLOGIES, Role.CHAIR, feedback="The school knows."
        ),
        Attendance(
            "Team Manager",
            "ChECS",
            Attended.ATTENDED,
            Role.DEPUTY_CHAIR,
            deputises_for="Service Manager",
        ),
        Attendance("Health", "NHS", Attended.ABSENT),
    )

    change = record_attendance(with_three(), people, COORDINATOR, HELD)

    assert change.after.attendance == people
    assert change.event.action == "record_attendance"


@pytest.mark.parametrize(
    ("people", "code"),
    [
        ([("A", Attended.ATTENDED, None, None)] * 2, "attendance-twice"),
        ([("A", Attended.ATTENDED, "B", None)], "attendance-deputy"),
        (
            [("A", Attended.ATTENDED, None, None), ("B", Attended.ATTENDED, "A", None)],
            "attendance-deputy",
        ),
        (
            [("A", Attended.ABSENT, None, None), ("B", Attended.APOLOGIES, "A", None)],
            "attendance-deputy",
        ),
        ([("A", Attended.ATTENDED, None, "I wrote")], "attendance-feedback"),
    ],
)
def test_an_attendance_that_cannot_be_is_refused(
    people: list[tuple[str, Attended, str | None, str | None]], code: str
) -> None:
    told = [
        Attendance(name, "A service", status, deputises_for=who, feedback=feedback)
        for name, status, who, feedback in people
    ]

    found = broken(lambda: record_attendance(with_three(), told, COORDINATOR, HELD))

    assert [breach for breach, _ in found] == [code]


@pytest.mark.parametrize(
    ("status", "codes"),
    [
        (Attended.APOLOGIES, []),
        (Attended.ATTENDED, ["attendance-day"]),
        (Attended.ABSENT, ["attendance-day"]),
    ],
)
def test_ce_m21_before_the_day_there_are_apologies_alone(
    status: Attended, codes: list[str]
) -> None:
    told = [Attendance("Service Manager", "CEFS", status)]
    found: list[str] = []

    try:
        record_attendance(with_three(NOW), told, COORDINATOR, NOW)
    except RulesBroken as refusal:
        found = [breach.code for breach in refusal.breaches]

    assert found == codes


# --- actions


@pytest.mark.parametrize(
    "who", [CHAIR, COORDINATOR, WORKER, somebody("op.manager", Role.TEAM_MANAGER, "op-bishop")]
)
def test_who_runs_the_meeting_or_works_on_the_case_says_that_an_action_is_done(who: Actor) -> None:
    found = with_three()
    found = after(found, decide_case(found, "first", ruling(actions=(TELL,)), CHAIR))

    done = finish_action(found, "first", "a-1", who, HELD)

    case = done.after.case("first")
    assert case is not None
    assert case.actions == (replace(TELL, done_at=HELD, done_by=who.id),)
    version = found.meeting.version + 1
    assert done.after.version == version
    assert done.event == Event(
        "finish_action", who.id, HELD, None, None, version, ("m-1", "first", "a-1")
    )
    assert broken(lambda: finish_action(after(found, done), "first", "a-1", who, HELD)) == [
        ("meeting-action", "done already")
    ]


def test_who_only_reads_finishes_nothing_and_a_stranger_knows_of_nothing() -> None:
    found = with_three()
    found = after(found, decide_case(found, "first", ruling(actions=(TELL,)), CHAIR))
    operations = somebody("operations.manager", Role.OPERATIONS_MANAGER, "op-bishop")

    for who in (MEMBER, operations):
        with pytest.raises(NotPermitted):
            finish_action(found, "first", "a-1", who, HELD)
    for case, action, who in (
        ("first", "a-1", STRANGER),
        ("fourth", "a-1", CHAIR),
        ("first", "a-9", CHAIR),
    ):
        with pytest.raises(NotVisible):
            finish_action(found, case, action, who, HELD)
    with pytest.raises(StaleVersion):
        finish_action(found, "first", "a-1", CHAIR, HELD, expected_version=1)


def test_an_action_that_is_done_leaves_the_others_to_be_done() -> None:
    both = (TELL, replace(TELL, id="a-2"))
    found = with_three()
    found = after(found, decide_case(found, "first", ruling(actions=both), CHAIR))

    case = finish_action(found, "first", "a-1", CHAIR, HELD).after.case("first")

    assert case is not None
    assert [(action.id, action.done_at) for action in case.actions] == [
        ("a-1", HELD),
        ("a-2", None),
    ]


# --- planning by hand


def test_who_runs_a_series_plans_a_meeting_of_it() -> None:
    planned = plan(EMPTY, COORDINATOR, situation())

    assert planned.meeting == EMPTY
    assert (planned.event.action, planned.event.codes) == ("plan_meeting", ("m-1",))
    assert planned.event.version == 1
    with pytest.raises(NotPermitted):
        plan(EMPTY, MEMBER, situation())
    assert broken(lambda: plan(replace(EMPTY, series="monthly"), CHAIR, situation())) == [
        ("meeting-series", "no such series")
    ]
    assert broken(lambda: plan(replace(EMPTY, starts_at=NOW), CHAIR, situation())) == [
        ("meeting-time", "a time that is past")
    ]


@pytest.mark.parametrize(
    ("series", "says"),
    [
        (("weekly",), "Choose a series: weekly"),
        (("weekly", "panel"), "Choose a series: weekly, panel"),
        ((), "There is no series of meetings"),
    ],
)
def test_a_series_that_is_not_known_is_refused_with_those_that_are(
    series: tuple[str, ...], says: str
) -> None:
    known = replace(durham(), meetings=dict.fromkeys(series, SERIES))

    with pytest.raises(RulesBroken) as refused:
        plan(replace(EMPTY, series="monthly"), CHAIR, replace(situation(), protocol=known))

    assert refused.value.breaches[0].says == says


@pytest.mark.parametrize(
    "at", [datetime(2036, 1, 1, 9, tzinfo=UTC), datetime.max.replace(tzinfo=UTC)]
)
def test_h18_nothing_is_planned_or_taken_past_the_calendar_of_bank_holidays(at: datetime) -> None:
    draft = replace(submitted("first"), meeting=None)

    assert broken(lambda: plan(replace(EMPTY, starts_at=at), CHAIR, situation())) == [
        ("meeting-time", "past the calendar")
    ]
    assert broken(lambda: decide(draft, c.SubmitToMeeting("weekly", at), WORKER, situation())) == [
        ("meeting-time", "a day that the calendar of bank holidays does not reach")
    ]


def test_an_extraordinary_meeting_takes_cases_whatever_the_series_says_of_days() -> None:
    thursday = datetime(2026, 12, 3, 9, tzinfo=UTC)
    wednesdays = replace(SERIES, weekday=2, on_bank_holiday=None)
    where = replace(situation(), protocol=replace(durham(), meetings={"weekly": wednesdays}))
    draft = replace(submitted("first"), meeting=None)
    ordinary = c.SubmitToMeeting("weekly", thursday)

    by_hand = decide(draft, replace(ordinary, extraordinary=True), WORKER, where).after

    assert by_hand.meeting is not None
    assert by_hand.meeting.starts_at == thursday
    assert broken(lambda: decide(draft, ordinary, WORKER, where)) == [
        ("meeting-time", "a Thursday")
    ]
