"""The Children in Need census rules of a referral's closure, each on both sides of its border."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.census_closure import (
    Activities,
    Assessment,
    Closure,
    closure_breaches,
    unchecked,
)

REFERRED, CLOSED = date(2026, 5, 4), date(2026, 11, 20)
ONE = timedelta(days=1)
ASSESSED = Assessment(REFERRED, CLOSED)
ALONE = Activities((ASSESSED,))


def rules(closure: Closure) -> list[str]:
    return [breach.rule for breach in closure_breaches(closure)]


def closing(reason: str | None = "RC7", **done: Any) -> Closure:
    return Closure(REFERRED, CLOSED, reason, replace(ALONE, **done))


@pytest.mark.parametrize(
    ("closed_on", "reason", "broken"),
    [
        (CLOSED, "RC7", []),
        (None, None, []),
        (None, "RC7", ["8805"]),
        (CLOSED, None, ["8810"]),
        (REFERRED, "RC7", []),
        (REFERRED - ONE, "RC7", ["8630"]),
        (REFERRED - ONE, None, ["8630", "8810"]),
    ],
)
def test_8630_8805_8810_date_and_reason_stand_together_after_the_referral(
    closed_on: date | None, reason: str | None, broken: list[str]
) -> None:
    assert rules(Closure(REFERRED, closed_on, reason)) == broken


@pytest.mark.parametrize("reason", ["RC8", "RC9"])
def test_8825q_closed_after_an_assessment_needs_one(reason: str) -> None:
    assert rules(closing(reason)) == []
    assert rules(closing(reason, assessments=())) == ["8825Q"]


@pytest.mark.parametrize("reason", [f"RC{number}" for number in range(1, 8)])
def test_8825q_2990_other_reasons_need_no_assessment_and_allow_plans(reason: str) -> None:
    assert rules(closing(reason, assessments=(), child_in_need_plan_on=REFERRED)) == []


@pytest.mark.parametrize("reason", ["RC8", "RC9"])
@pytest.mark.parametrize(
    "further",
    [
        {"section_47s": (REFERRED,)},
        {"child_in_need_plan_on": REFERRED},
        {"child_protection_plan_on": REFERRED},
        {"icpc_on": REFERRED},
    ],
    ids=str,
)
def test_2990_closed_after_an_assessment_has_no_further_activity(
    reason: str, further: dict[str, Any]
) -> None:
    assert rules(closing(reason, **further)) == ["2990"]
    assert rules(closing("RC7", **further)) == []


@pytest.mark.parametrize(
    ("rule", "before", "on_the_day"),
    [
        (
            "1103",
            {"assessments": (Assessment(REFERRED - ONE, CLOSED),)},
            {"assessments": (Assessment(REFERRED, CLOSED),)},
        ),
        ("2889", {"section_47s": (REFERRED - ONE,)}, {"section_47s": (REFERRED,)}),
        ("4015", {"child_in_need_plan_on": REFERRED - ONE}, {"child_in_need_plan_on": REFERRED}),
    ],
)
def test_1103_2889_4015_nothing_starts_before_the_referral(
    rule: str, before: dict[str, Any], on_the_day: dict[str, Any]
) -> None:
    assert rules(closing(**before)) == [rule]
    assert rules(closing(**on_the_day)) == []


@pytest.mark.parametrize(
    "what",
    ["child_in_need_plan_on", "child_protection_plan_on", "icpc_on", "latest_on", "section_47s"],
)
def test_8565_no_activity_is_dated_after_the_closure(what: str) -> None:
    def dated(day: date) -> Closure:
        done: dict[str, Any] = {what: (day,) if what == "section_47s" else day}
        return closing(**done)

    assert rules(dated(CLOSED)) == []
    assert rules(dated(CLOSED + ONE)) == ["8565"]


def test_8565_8867_every_assessment_is_completed_by_the_closure() -> None:
    open_still = closing(assessments=(ASSESSED, Assessment(REFERRED)))
    too_late = closing(assessments=(Assessment(REFERRED, CLOSED + ONE),))

    assert rules(open_still) == ["8867"]
    assert rules(too_late) == ["8565"]


def test_every_broken_rule_is_told_at_once() -> None:
    assessment = Assessment(REFERRED - ONE)
    done = Activities((assessment,), (REFERRED - ONE,), REFERRED - ONE, None, CLOSED + ONE)

    broken = rules(Closure(REFERRED, CLOSED, "RC9", done))

    assert broken == ["1103", "2889", "2990", "4015", "8565", "8867"]


@pytest.mark.parametrize(
    ("reason", "rules_left"),
    [
        ("RC7", ("1103", "2889", "4015", "8565", "8867")),
        ("RC8", ("1103", "2889", "2990", "4015", "8565", "8825Q", "8867")),
        ("RC9", ("1103", "2889", "2990", "4015", "8565", "8825Q", "8867")),
    ],
)
def test_what_is_not_known_is_said_to_be_unchecked(
    reason: str, rules_left: tuple[str, ...]
) -> None:
    assert unchecked(Closure(REFERRED, CLOSED, reason)) == rules_left
    assert unchecked(Closure(REFERRED, CLOSED, reason, ALONE)) == ()


DAYS = st.dates(REFERRED - timedelta(days=3), CLOSED + timedelta(days=3))
ACTIVITIES = st.builds(
    Activities,
    assessments=st.lists(st.builds(Assessment, DAYS, st.none() | DAYS), max_size=3).map(tuple),
    section_47s=st.lists(DAYS, max_size=2).map(tuple),
    child_in_need_plan_on=st.none() | DAYS,
    child_protection_plan_on=st.none() | DAYS,
    icpc_on=st.none() | DAYS,
    latest_on=st.none() | DAYS,
)


@given(done=ACTIVITIES, reason=st.sampled_from(["RC7", "RC8", "RC9"]))
def test_only_a_rule_that_counts_without_activities_as_unchecked_is_ever_broken_by_them(
    done: Activities, reason: str
) -> None:
    broken = rules(Closure(REFERRED, CLOSED, reason, done))

    assert set(broken) <= set(unchecked(Closure(REFERRED, CLOSED, reason)))
    assert len(broken) == len(set(broken))


@pytest.mark.parametrize(
    ("done", "says"),
    [
        (
            {"assessments": (Assessment(REFERRED - ONE, CLOSED),)},
            "An assessment starts before the referral date",
        ),
        (
            {"section_47s": (REFERRED - ONE,)},
            "A section 47 enquiry starts before the referral date",
        ),
        (
            {"child_in_need_plan_on": REFERRED - ONE},
            "The child in need plan starts before the referral date",
        ),
    ],
)
def test_1103_2889_4015_say_what_started_too_early(done: dict[str, Any], says: str) -> None:
    assert [breach.says for breach in closure_breaches(closing(**done))] == [says]
