"""Durham's file against the briefing note, clause by clause."""

import re
from datetime import date

import pytest
from builders import durham

from app.domain.duty_task import CaseSystem
from app.domain.pathway import TRANSITIONS, Pathway
from app.domain.people import Role
from app.domain.protocol import PathwayRules

UP, DOWN = Pathway.STEP_UP, Pathway.STEP_DOWN

IN_THE_FILE = {
    1: UP,  # the weekly meeting, or immediate risk with the managers' contact
    2: UP,  # what may start it, from an active episode
    3: UP,  # mandatory fields, the right team, never Referral to Progress
    4: UP,  # meeting details: should
    5: UP,  # the EHM Contact Record
    7: UP,  # the Lead Professional closes the episode
    9: UP,  # the Date of Referral
    11: DOWN,  # never by hand
    13: DOWN,  # mandatory fields
    14: DOWN,  # the right team
    15: DOWN,  # meeting details: should
    16: DOWN,  # C&F and Plan attached, the chronology not
    18: DOWN,  # the referral is closed
    20: DOWN,  # the Start Date of Episode
}
ELSEWHERE = {
    6: "no management authorisation on this form: authorised_by is empty, and a row of the table",
    8: "Pickup and Start New Referral happen in LCS and are heard from there: rows of the table",
    10: "the referral is finalised in LCS, its allocation is heard: a row, and custody_passes_on",
    12: "the stage becomes active in LCS by itself: opening it makes the draft",
    17: "the Team Manager authorises: authorised_by, and rows of the table",
    19: "Pickup and Start Early Help Episode happen in EHM and are heard: rows of the table",
    21: "the Episode Record is completed in EHM, its allocation is heard: a row, and custody",
}


def numbers(source: str) -> set[int]:
    """The steps of the briefing note that a source cites: "DL 3, 14" and "DL 3-5, 13-16"."""
    if not source.startswith("DL "):
        return set()
    spans = (re.findall(r"\d+", part) for part in source.removeprefix("DL ").split(","))
    return {n for span in spans for n in range(int(span[0]), int(span[-1]) + 1)}


def cited(half: PathwayRules) -> set[int]:
    """Every step that the file's half cites."""
    sources = [half.record_date.source]
    for group in (half.rules, half.routes.values(), half.milestones.values()):
        sources += [thing.source for thing in group]
    return set().union(*(numbers(source) for source in sources))


def test_every_clause_is_either_in_the_file_or_has_its_reason_not_to_be() -> None:
    assert set(IN_THE_FILE) | set(ELSEWHERE) == set(range(1, 22))
    assert set(IN_THE_FILE) & set(ELSEWHERE) == set()


@pytest.mark.parametrize("pathway", Pathway)
def test_each_half_cites_the_clauses_that_demand_something_of_it_and_no_others(
    pathway: Pathway,
) -> None:
    wanted = {clause for clause, half in IN_THE_FILE.items() if half is pathway}

    assert cited(durham().pathways[pathway]) == wanted


def test_the_clauses_that_are_not_in_the_file_are_rows_of_the_table_but_one() -> None:
    in_table = set().union(*(numbers(row.source) for row in TRANSITIONS))

    assert set(ELSEWHERE) - in_table == {12}


def test_the_file_says_what_the_note_says_of_authorisation_custody_and_dates() -> None:
    up, down = durham().pathways[UP], durham().pathways[DOWN]

    assert (up.authorised_by, down.authorised_by) == ((), (Role.TEAM_MANAGER,))
    assert (up.gated, down.gated) == (False, True)
    assert up.custody_passes_on == down.custody_passes_on == "allocated"
    assert (up.record_date.should_be, up.record_date.amend) == ("day_created", True)
    assert (down.record_date.should_be, down.record_date.amend) == ("date_of_transfer", False)


def test_the_forms_bear_liquidlogic_s_names_and_travel_between_its_systems() -> None:
    halves = {
        pathway: (rules.form, rules.from_system, rules.to_system)
        for pathway, rules in durham().pathways.items()
    }

    assert halves == {
        UP: ("Step Up to Children's Social Care", CaseSystem.EHM, CaseSystem.LCS),
        DOWN: ("Step Down to Early Help", CaseSystem.LCS, CaseSystem.EHM),
    }


def test_only_a_step_up_may_start_by_hand_and_only_it_has_an_immediate_risk() -> None:
    origins = {
        (pathway.value, route.name): (route.origins, route.immediate_risk)
        for pathway, rules in durham().pathways.items()
        for route in rules.routes.values()
    }

    by_hand = ("manual", "early_help_assessment", "team_around_the_family")
    assert origins == {
        ("step_up", "meeting"): (by_hand, False),
        ("step_up", "immediate_risk"): (by_hand, True),
        ("step_down", "meeting"): (
            ("child_and_family_assessment", "child_in_need_plan_finalised"),
            False,
        ),
    }


def test_the_file_is_dated_and_names_its_sources() -> None:
    protocol = durham()

    assert (protocol.code, protocol.version) == ("durham", "2026-11")
    assert protocol.in_force_from == date(2026, 11, 1)
    assert set(protocol.sources) == {"DL", "DF", "HZ"}


def test_every_citation_names_a_source_of_the_file() -> None:
    protocol = durham()
    cites = [rule.source.split()[0] for half in protocol.pathways.values() for rule in half.rules]

    assert set(cites) <= set(protocol.sources)
