"""The Children in Need census rules of a referral date."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.census import referral_date_breaches

BORN, DAY = date(2017, 3, 9), date(2026, 11, 20)
ONE = timedelta(days=1)
FORTY_WEEKS = timedelta(weeks=40)


@pytest.mark.parametrize(
    ("referral", "closed", "rules"),
    [
        (DAY, None, []),
        (DAY - ONE, None, []),
        (DAY + ONE, None, ["8600"]),
        (BORN, None, []),
        (BORN - FORTY_WEEKS, None, []),
        (BORN - FORTY_WEEKS - ONE, None, ["8606"]),
        (DAY, DAY, []),
        (DAY, DAY - ONE, ["8630"]),
        (DAY + ONE, DAY, ["8600", "8630"]),
    ],
)
def test_every_rule_has_its_edge(referral: date, closed: date | None, rules: list[str]) -> None:
    breaches = referral_date_breaches(referral, born=BORN, today=DAY, closed=closed)

    assert [breach.rule for breach in breaches] == rules


@given(referral=st.dates(BORN, DAY), closed=st.none() | st.dates(DAY))
def test_a_day_between_birth_and_today_and_before_the_closure_breaks_nothing(
    referral: date, closed: date | None
) -> None:
    assert referral_date_breaches(referral, born=BORN, today=DAY, closed=closed) == ()


@given(referral=st.dates(BORN), today=st.dates(DAY, date(2090, 1, 1)))
def test_a_day_after_the_collection_period_of_today_breaks_8600(
    referral: date, today: date
) -> None:
    ends = date(today.year if today < date(today.year, 4, 1) else today.year + 1, 3, 31)

    broken = [b.rule for b in referral_date_breaches(referral, born=BORN, today=today)]

    assert "8600" in broken or referral <= ends
    assert today <= ends


def test_a_breach_says_in_words_what_is_wrong() -> None:
    (breach,) = referral_date_breaches(DAY + ONE, born=BORN, today=DAY)

    assert breach.says == "The referral date lies in the future"
