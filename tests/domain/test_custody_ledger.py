"""Who leads and who else is involved, from whatever the record tells, in whatever order."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from domain.histories import HOUR, at, mark, told
from domain.recording_council import recording
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.custody import Custody, custody_at, ledger
from app.domain.involved import Involved, InvolvedAs, during, involved, involved_at
from app.domain.milestone_names import named
from app.domain.pathway import Pathway
from app.domain.protocol import OriginRemains, PathwayRules
from app.domain.team_around import Member
from app.domain.transfer import Milestone, Transfer

RULES = recording().protocol.pathways[Pathway.STEP_UP]
UNTIL_YES = replace(RULES, origin_remains=OriginRemains(named("decided:yes"), "Stays", "X 1"))
ORIGIN, FIRST, SECOND = "op-bishop", "ff-bishop", "ff-chester"
INSTANT = timedelta(microseconds=1)
TEN, ELEVEN, NOON, ONE = at("10:00"), at("11:00"), at("12:00"), at("13:00")

SENT = mark("dispatched", TEN - HOUR, team=FIRST)
STARTED = mark("started", TEN)
ALLOCATED = mark("allocated", ELEVEN, person="A. Worker")
PASSED_ON = mark("passed_on", NOON, team=SECOND)


def anything() -> st.SearchStrategy[Milestone]:
    """Any milestone that custody looks at, at any hour of a day."""
    names = ["dispatched", "passed_on", "started", "allocated", "child_allocated", "decided:yes"]
    names += ["disagreement_raised:other", "disagreement_resolved:stays"]
    return st.builds(
        lambda name, hour, team, person: mark(
            name, at("00:00") + hour * HOUR, team=team, person=person
        ),
        st.sampled_from(names),
        st.integers(0, 23),
        st.sampled_from([FIRST, SECOND]),
        st.sampled_from(["A", "B"]),
    )


@settings(max_examples=150, deadline=None)
@given(marks=st.lists(anything(), max_size=8))
@pytest.mark.parametrize("passes_on", ["allocated", "started", "decided"])
def test_h01_at_every_border_of_any_record_exactly_one_team_leads(
    passes_on: str, marks: list[Milestone]
) -> None:
    rules, transfer = replace(UNTIL_YES, custody_passes_on=passes_on), told(*marks)

    holds = ledger(transfer, rules)

    borders = {x.at for x in marks} | {hold.since for hold in holds if hold.since}
    assert [hold.until for hold in holds] == [*(hold.since for hold in holds[1:]), None]
    for border in borders:
        for instant in (border - INSTANT, border, border + INSTANT):
            on = [hold for hold in holds if hold.is_at(instant)]
            assert on == [custody_at(transfer, rules, instant)]
            everybody = involved(transfer, rules)
            assert set(involved_at(everybody, instant)) <= set(during(everybody, on[0]))


def test_h01_the_ledger_begins_before_the_transfer_and_goes_on_after_it() -> None:
    transfer = told(SENT, STARTED, ALLOCATED, origin_lead="K. Lead")

    assert ledger(transfer, RULES) == (
        Custody(ORIGIN, None, "K. Lead", ELEVEN),
        Custody(FIRST, ELEVEN, "A. Worker"),
    )


def test_h01_a_hold_is_until_an_instant_and_the_next_one_from_it() -> None:
    transfer = told(SENT, STARTED, ALLOCATED, PASSED_ON)

    teams = [
        custody_at(transfer, RULES, instant).team
        for instant in (ELEVEN - INSTANT, ELEVEN, NOON - INSTANT, NOON)
    ]

    assert teams == [ORIGIN, FIRST, FIRST, SECOND]


@pytest.mark.parametrize(
    ("again", "leads"),
    [
        ([], [None, "A. Worker", None]),
        ([mark("child_allocated", ONE, person="B. Worker")], [None, "A. Worker", "B. Worker"]),
        (
            [mark("child_allocated", ELEVEN + HOUR / 2, person="B. Worker")],
            [None, "B. Worker", None],
        ),
    ],
    ids=["named by nobody yet", "named in the second team", "named anew in the first"],
)
def test_h01_a_name_is_that_of_the_team_that_had_the_case_when_it_was_given(
    again: list[Milestone], leads: list[str | None]
) -> None:
    transfer = told(SENT, STARTED, ALLOCATED, PASSED_ON, *again)

    assert [hold.lead_professional for hold in ledger(transfer, RULES)] == leads


def test_h01_a_name_that_was_told_early_and_given_late_is_the_second_team_s() -> None:
    early, late = mark("allocated", NOON, person="B. Worker"), replace(PASSED_ON, at=ELEVEN)

    held = ledger(told(SENT, STARTED, early, late), RULES)

    assert held[1:] == (Custody(SECOND, NOON, "B. Worker"),)


def test_h01_a_child_s_worker_alone_does_not_lead_before_all_are_allocated() -> None:
    one = mark("child_allocated", ELEVEN, person="B. Worker")
    rules = replace(RULES, custody_passes_on="started")

    assert ledger(told(SENT, STARTED, one), rules)[1] == Custody(FIRST, TEN)


def test_h01_a_tray_whose_clock_runs_behind_names_a_lead_all_the_same() -> None:
    behind = mark("allocated", TEN - 2 * HOUR, person="A. Worker")

    held = ledger(told(SENT, replace(STARTED, at=TEN - 2 * HOUR), behind), RULES)

    assert [hold.lead_professional for hold in held] == [None, "A. Worker"]


def test_h01_a_case_passed_on_as_it_comes_was_led_by_the_second_team_alone() -> None:
    held = ledger(told(SENT, STARTED, ALLOCATED, replace(PASSED_ON, at=ELEVEN)), RULES)

    assert [(hold.team, hold.since) for hold in held] == [(ORIGIN, None), (SECOND, ELEVEN)]


# --- who else


def _origin(transfer: Transfer, rules: PathwayRules = UNTIL_YES) -> list[Involved]:
    return [x for x in involved(transfer, rules) if x.involved_as is InvolvedAs.ORIGIN_LEAD]


def test_h01_the_origin_s_lead_remains_from_when_custody_passes_until_the_milestone() -> None:
    leads = told(SENT, STARTED, ALLOCATED, origin_lead="K. Lead")
    decided = mark("decided:yes", ONE)

    remains = _origin(leads)
    left = _origin(
        replace(leads, milestones=(*leads.milestones, mark("decided:no", NOON), decided))
    )

    stays = Involved(InvolvedAs.ORIGIN_LEAD, "K. Lead", ELEVEN, None, team=ORIGIN)
    assert remains == [stays]
    assert left == [replace(stays, until=ONE)]
    assert involved_at(left, ONE) == ()
    assert involved_at(left, ONE - INSTANT) == tuple(left)


def test_h01_an_origin_s_lead_without_a_name_remains_as_the_team_s() -> None:
    (stays,) = _origin(told(SENT, STARTED, ALLOCATED))

    assert (stays.name, stays.team) == (None, ORIGIN)


@pytest.mark.parametrize(
    ("marks", "rules"),
    [
        ((SENT, STARTED), UNTIL_YES),
        ((SENT, STARTED, ALLOCATED), RULES),
        ((SENT, STARTED, mark("decided:yes", TEN), ALLOCATED), UNTIL_YES),
        ((SENT, STARTED, ALLOCATED, mark("decided:yes", ELEVEN)), UNTIL_YES),
    ],
    ids=[
        "leads still",
        "the protocol says nothing of it",
        "the milestone was before",
        "the milestone came with it",
    ],
)
def test_h01_no_origin_s_lead_remains_where_there_is_no_need(
    marks: tuple[Milestone, ...], rules: PathwayRules
) -> None:
    assert _origin(told(*marks), rules) == []


def _member(name: str, since: datetime, until: datetime | None = None) -> Member:
    return Member(name, name, "A school", "Mornings", since, until)


def test_h01_a_hold_shows_who_of_the_family_s_team_was_in_it_at_some_time() -> None:
    team = (
        _member("Left", TEN - 2 * HOUR, TEN),
        _member("Stays", TEN),
        _member("Left at the border", TEN, ELEVEN),
        _member("Came at the border", ELEVEN),
        _member("Came", NOON, ONE),
    )
    transfer = told(SENT, STARTED, ALLOCATED, team_around=team)

    first, second = ledger(transfer, RULES)

    everybody = involved(transfer, RULES)
    assert [x.name for x in during(everybody, first)] == ["Left", "Stays", "Left at the border"]
    assert [x.name for x in during(everybody, second)] == ["Stays", "Came at the border", "Came"]
    assert [x.name for x in involved_at(everybody, ELEVEN)] == ["Stays", "Came at the border"]
    assert {x.agency for x in everybody} == {"A school"}


@pytest.mark.parametrize(
    "change",
    [
        mark("lead_changed:origin", ELEVEN, person="Too Late"),
        mark("team_succeeded:origin", ELEVEN, team="op-chester"),
    ],
    ids=["its lead", "its team"],
)
def test_h01_a_change_at_the_origin_in_the_instant_of_the_pass_leads_at_none(
    change: Milestone,
) -> None:
    transfer = told(SENT, STARTED, ALLOCATED, change, origin_lead="K. Lead")

    assert ledger(transfer, RULES) == (
        Custody(ORIGIN, None, "K. Lead", ELEVEN),
        Custody(FIRST, ELEVEN, "A. Worker"),
    )


def test_h01_a_new_lead_of_the_receiving_team_begins_a_hold_inside_its_time_alone() -> None:
    changes = [
        mark("lead_changed:receiving", when, person=name)
        for when, name in ((TEN, "Early"), (ELEVEN, "First"), (NOON - HOUR / 2, "Inside"))
    ]
    last = mark("lead_changed:receiving", NOON, person="Second")
    transfer = told(SENT, STARTED, ALLOCATED, *changes, PASSED_ON, last)

    borders = [(hold.team, hold.since, hold.until) for hold in ledger(transfer, RULES)]

    assert borders == [
        (ORIGIN, None, ELEVEN),
        (FIRST, ELEVEN, NOON - HOUR / 2),
        (FIRST, NOON - HOUR / 2, NOON),
        (SECOND, NOON, None),
    ]


def test_h01_custody_passes_with_what_it_passes_on_and_the_start_and_nothing_else() -> None:
    rules = replace(RULES, custody_passes_on="passed_on")

    holds = ledger(told(PASSED_ON, mark("started", ONE)), rules)

    assert holds == (Custody(ORIGIN, None, None, ONE), Custody(SECOND, ONE, None))
