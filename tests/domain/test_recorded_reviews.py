"""A review after the transfer: the milestone that meets its clock, and what was found."""

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOW, calendar, transfer_at
from domain.council_at_work import council

from app.domain.decision import Situation
from app.domain.errors import NotPermitted, NotVisible, RulesBroken, StaleVersion
from app.domain.pathway import Pathway, Stage
from app.domain.people import Actor, Membership, Role
from app.domain.record_review import Held, record_review, review_milestones
from app.domain.review import Review
from app.domain.transfer import Milestone, Transfer

ISLINGTON = council("islington")
RULES = ISLINGTON.pathways[Pathway.STEP_DOWN]
WHERE = Situation(ISLINGTON, {}, calendar(), NOW)
(REVIEW,) = review_milestones(RULES)
MILESTONE = review_milestones(RULES)[REVIEW]
KIND = RULES.milestones[MILESTONE]
OUTCOME = next(iter(KIND.outcomes), None)
HELD = Held(REVIEW, NOW - timedelta(hours=2), OUTCOME, "They are doing well.", "Most of them.")


def reviewed_case() -> Transfer:
    sent = transfer_at(Stage.COMPLETED, Pathway.STEP_DOWN)
    marks = tuple(
        Milestone(name.name, NOW - timedelta(days=30), "x", NOW, outcome=name.outcome)
        for name in KIND.after
    )
    route = next(iter(RULES.routes))
    milestones = (*sent.milestones, *marks)
    return replace(sent, authority="islington", route=route, milestones=milestones)


CASE = reviewed_case()


def reviewer(role: Role | None = None, authority: str = "islington") -> Actor:
    roles = [role] if role else list(KIND.roles)
    teams = (CASE.origin_team, CASE.sent_to)
    held = frozenset(Membership(one, team) for one in roles for team in teams)
    return Actor("the.reviewer", authority, held)


def test_is_15_a_review_is_kept_with_the_milestone_that_meets_its_clock() -> None:
    decision = record_review(CASE, HELD, reviewer(), WHERE, expected_version=CASE.version)

    after = decision.after
    assert after.reviews == (
        Review(
            REVIEW, OUTCOME, HELD.findings, HELD.outcomes_achieved, HELD.at, "the.reviewer", NOW
        ),
    )
    mark = after.milestones[-1]
    assert (mark.name, mark.at, mark.outcome, mark.by) == (
        MILESTONE,
        HELD.at,
        OUTCOME,
        "the.reviewer",
    )
    assert after.version == CASE.version + 1
    assert decision.before == CASE
    assert [event.action for event in decision.events] == [f"milestone:{MILESTONE}"]
    assert HELD.findings not in str(decision.events)


def test_is_15_a_second_review_leaves_the_first() -> None:
    once = record_review(CASE, HELD, reviewer(), WHERE).after

    twice = record_review(once, replace(HELD, findings="Still well."), reviewer(), WHERE).after

    assert [x.findings for x in twice.reviews] == ["They are doing well.", "Still well."]


def test_a_review_that_the_protocol_does_not_have_is_refused_with_those_it_has() -> None:
    with pytest.raises(RulesBroken) as refused:
        record_review(CASE, replace(HELD, review="another"), reviewer(), WHERE)

    (breach,) = refused.value.breaches
    assert breach.code == "review"
    assert REVIEW in breach.says
    assert "another" not in str(breach)


def test_where_the_protocol_has_no_review_the_refusal_says_so() -> None:
    durham = Situation(council("durham"), {}, calendar(), NOW)
    case = replace(CASE, authority="durham", route="meeting")
    assert not review_milestones(durham.rules(case))
    manager = Actor("m", "durham", frozenset({Membership(Role.TEAM_MANAGER, case.origin_team)}))

    with pytest.raises(RulesBroken) as refused:
        record_review(case, HELD, manager, durham)

    assert refused.value.breaches[0].says == "This protocol knows none"


@pytest.mark.parametrize("review", [REVIEW, "another"])
def test_only_a_reviewer_who_read_the_latest_version_records_a_review(review: str) -> None:
    held = replace(HELD, review=review)

    with pytest.raises(StaleVersion):
        record_review(CASE, held, reviewer(), WHERE, expected_version=CASE.version - 1)
    with pytest.raises(NotVisible):
        record_review(CASE, held, reviewer(authority="durham"), WHERE)
    for role in set(Role) - set(KIND.roles):
        with pytest.raises((NotPermitted, NotVisible)):
            record_review(CASE, held, reviewer(role), WHERE)


def test_of_several_reviews_each_may_be_chosen() -> None:
    (clock,) = (x for x in RULES.clocks if x.code == REVIEW)
    rules = replace(RULES, clocks=(clock, replace(clock, code="IS-15-again")))
    two = replace(ISLINGTON, pathways={**ISLINGTON.pathways, Pathway.STEP_DOWN: rules})

    with pytest.raises(RulesBroken) as refused:
        record_review(
            CASE, replace(HELD, review="another"), reviewer(), replace(WHERE, protocol=two)
        )

    assert [x.says for x in refused.value.breaches] == [f"Choose a review: {REVIEW}, IS-15-again"]
