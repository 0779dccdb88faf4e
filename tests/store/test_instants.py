from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import make_url

from app.store.column_types import Instant

DIALECTS = [make_url(f"{name}://").get_dialect()() for name in ("sqlite", "postgresql+psycopg")]
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
INSTANTS = st.datetimes(
    min_value=datetime(1900, 1, 2),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(9998, 1, 1),  # noqa: DTZ001
    timezones=ZONES,
)


@given(INSTANTS)
def test_an_instant_comes_back_equal_and_in_utc_whatever_its_zone(instant: datetime) -> None:
    for dialect in DIALECTS:
        kept = Instant().process_bind_param(instant, dialect)
        found = Instant().process_result_value(kept, dialect)

        assert found == instant
        assert found is not None
        assert found.utcoffset() == timedelta(0)


@given(INSTANTS, INSTANTS)
def test_on_sqlite_the_text_sorts_as_the_time_runs(one: datetime, other: datetime) -> None:
    dialect = DIALECTS[0]

    texts = [str(Instant().process_bind_param(x, dialect)) for x in (one, other)]

    assert (texts[0] < texts[1]) == (one < other)
    assert len(texts[0]) == len(texts[1]) == 32


def test_an_instant_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 11, 20)  # noqa: DTZ001 - the fault that is tested

    for dialect in DIALECTS:
        with pytest.raises(ValueError, match="time zone"):
            Instant().process_bind_param(naive, dialect)


def test_the_hour_that_runs_twice_in_october_is_kept_as_two_instants() -> None:
    before = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    after = before + timedelta(hours=1)

    kept = [Instant().process_bind_param(x, DIALECTS[0]) for x in (before, after)]

    assert kept == ["2026-10-25T00:30:00.000000+00:00", "2026-10-25T01:30:00.000000+00:00"]


def test_nothing_stays_nothing() -> None:
    assert all(Instant().process_bind_param(None, dialect) is None for dialect in DIALECTS)
    assert all(Instant().process_result_value(None, dialect) is None for dialect in DIALECTS)
