"""Children in Need census rules that the closure of a referral must keep (DfE rule numbers)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.domain.census import CensusBreach

AFTER_ASSESSMENT = frozenset({"RC8", "RC9"})
"""Reasons for closure that say: after an assessment, and nothing further."""
OF_ACTIVITIES = ("1103", "2889", "4015", "8565", "8867")
OF_ACTIVITIES_AFTER_ASSESSMENT = ("2990", "8825Q")
"""Rules that nobody can ask who does not know the activities under the referral."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """An assessment under the referral; `completed_on` None: not completed."""

    started_on: date
    completed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Activities:
    """All that was done under the referral. `latest_on`: of whatever has no place of its own.

    Plans are dated by their start, section 47 enquiries too; `icpc_on` is the day of the initial
    child protection conference.
    """

    assessments: tuple[Assessment, ...] = ()
    section_47s: tuple[date, ...] = ()
    child_in_need_plan_on: date | None = None
    child_protection_plan_on: date | None = None
    icpc_on: date | None = None
    latest_on: date | None = None


@dataclass(frozen=True, slots=True)
class Closure:
    """What the census would be told; `activities` None: not known here."""

    referred_on: date
    closed_on: date | None
    reason: str | None
    activities: Activities | None = None


def closure_breaches(closure: Closure) -> tuple[CensusBreach, ...]:
    """Every rule of the census that the closure would break, by its number."""
    found = [*_of_closure(closure)]
    if closure.activities is not None:
        found += _of_activities(closure.activities, closure)
    return tuple(CensusBreach(rule, says) for rule, says in sorted(found))


def unchecked(closure: Closure) -> tuple[str, ...]:
    """The numbers of the rules that count for the closure and could not be asked."""
    if closure.activities is not None:
        return ()
    after_assessment = closure.reason in AFTER_ASSESSMENT
    more = OF_ACTIVITIES_AFTER_ASSESSMENT if after_assessment else ()
    return tuple(sorted((*OF_ACTIVITIES, *more)))


def _of_closure(closure: Closure) -> Iterator[tuple[str, str]]:
    if closure.reason is not None and closure.closed_on is None:
        yield "8805", "There is a reason for closure and no closure date"
    if closure.closed_on is None:
        return
    if closure.reason is None:
        yield "8810", "There is a closure date and no reason for closure"
    if closure.referred_on > closure.closed_on:
        yield "8630", "The referral date is after the closure date"


def _of_activities(done: Activities, closure: Closure) -> Iterator[tuple[str, str]]:
    further = (done.child_in_need_plan_on, done.child_protection_plan_on, done.icpc_on)
    if closure.reason in AFTER_ASSESSMENT:
        if not done.assessments:
            yield "8825Q", "It is closed after an assessment, and there is none"
        if done.section_47s or any(further):
            yield "2990", "It is closed after an assessment, and there is further activity"
    started = [assessment.started_on for assessment in done.assessments]
    for rule, what, days in (
        ("1103", "An assessment", started),
        ("2889", "A section 47 enquiry", done.section_47s),
        ("4015", "The child in need plan", [done.child_in_need_plan_on]),
    ):
        if any(day < closure.referred_on for day in days if day is not None):
            yield rule, f"{what} starts before the referral date"
    if closure.closed_on is None:
        return
    completed = [assessment.completed_on for assessment in done.assessments]
    if None in completed:
        yield "8867", "The referral is closed and an assessment is not completed"
    days = [*started, *completed, *done.section_47s, *further, done.latest_on]
    if any(day > closure.closed_on for day in days if day is not None):
        yield "8565", "An activity is dated after the closure date"
