"""How long transfers are kept, and what keeps one for longer."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from builders import NOW, child, transfer_at
from hypothesis import given
from hypothesis import strategies as st

from app.domain.disagreement import Disagreement
from app.domain.disposal import DISPOSED, Standing, WhyKept, disposed, tombstone, why_kept
from app.domain.pathway import ENDED, Stage
from app.domain.re_referral import is_watched
from app.domain.retention import RETENTION, STALE, RecordKind, Retention, due_on, kind_of
from app.domain.transfer import ChildOutcome, Transfer

KEPT = Retention()
days = st.dates(date(2000, 1, 1), date(2060, 12, 31))
stages = st.sampled_from(list(Stage))
TAKEN, LEFT = list(ChildOutcome)[:2]
COMPLETED = transfer_at(Stage.COMPLETED)


def _cancelled(by: str, reason: str, dispatch: int = 0) -> Transfer:
    made = transfer_at(Stage.CANCELLED)
    last = replace(made.milestones[-1], by=by, reason=reason)
    return replace(made, dispatch=dispatch, milestones=(*made.milestones[:-1], last))


def test_a_completed_transfer_is_kept_until_the_youngest_child_is_of_age() -> None:
    births = [date(2017, 3, 9), date(2019, 7, 1)]

    assert due_on(RecordKind.COMPLETED, date(2026, 11, 20), births, KEPT) == date(2049, 7, 1)


def test_a_completed_transfer_of_a_young_adult_is_kept_for_years_after_its_last_change() -> None:
    births = [date(2009, 1, 1)]
    short = replace(KEPT, until_age=21)

    assert due_on(RecordKind.COMPLETED, date(2026, 11, 20), births, short) == date(2032, 11, 20)


def test_a_completed_transfer_is_due_the_day_after_who_comes_back_is_linked_no_longer() -> None:
    a_year = replace(KEPT, years=1)

    assert due_on(RecordKind.COMPLETED, date(2026, 1, 10), [], a_year) == date(2027, 1, 11)


def test_a_child_of_29_february_is_of_age_on_the_last_of_february() -> None:
    assert due_on(RecordKind.COMPLETED, date(2020, 1, 1), [date(2008, 2, 29)], KEPT) == date(
        2038, 2, 28
    )


def test_years_from_29_february_end_on_the_last_of_february() -> None:
    assert due_on(RecordKind.CANCELLED, date(2024, 2, 29), [], KEPT) == date(2030, 2, 28)


@given(days, st.lists(days, max_size=4), st.integers(1, 10), st.integers(21, 40))
def test_no_completed_transfer_is_due_while_a_child_who_comes_back_is_linked_to_it(
    changed: date, births: list[date], years: int, age: int
) -> None:
    due = due_on(RecordKind.COMPLETED, changed, births, Retention(years=years, until_age=age))

    assert not is_watched(changed, due)
    assert all((due.year - born.year) >= age for born in births)
    assert due.year - changed.year >= years


@given(days, st.sampled_from(list(RecordKind)), days)
def test_a_longer_period_is_never_due_sooner(changed: date, kind: RecordKind, born: date) -> None:
    longer = Retention(31, 7, 7, 366, 15)

    assert due_on(kind, changed, [born], longer) > due_on(kind, changed, [born], KEPT)


@pytest.mark.parametrize(
    ("transfer", "kind"),
    [
        (COMPLETED, RecordKind.COMPLETED),
        (_cancelled("op.manager", "no_longer_needed"), RecordKind.CANCELLED),
        (_cancelled("op.manager", "entered_in_error"), RecordKind.ENTERED_IN_ERROR),
        (_cancelled("op.manager", "entered_in_error", dispatch=1), RecordKind.CANCELLED),
        (_cancelled(RETENTION, STALE), RecordKind.STALE_DRAFT),
        (_cancelled("op.manager", STALE), RecordKind.CANCELLED),
        (_cancelled(RETENTION, STALE, dispatch=1), RecordKind.CANCELLED),
        (transfer_at(Stage.DISPATCHED), None),
    ],
)
def test_nobody_shortens_how_long_a_transfer_is_kept_by_the_reason_they_give(
    transfer: Transfer, kind: RecordKind | None
) -> None:
    assert kind_of(transfer) is kind


@given(
    stages,
    st.integers(0, 45_000).map(lambda many: NOW + timedelta(days=many)),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.integers(0, 2),
)
def test_nothing_is_ever_disposed_of_while_anything_holds_it(  # noqa: PLR0913 - what is around it
    stage: Stage,
    now: datetime,
    held: bool,  # noqa: FBT001 - drawn
    requested: bool,  # noqa: FBT001
    disputed: bool,  # noqa: FBT001
    undelivered: int,
) -> None:
    dispute = Disagreement("d", ("other",), "Risk", "op.worker", NOW)
    transfer = replace(COMPLETED, stage=stage, disagreements=(dispute,) if disputed else ())
    standing = Standing(transfer, NOW, held, requested, undelivered)

    kept = why_kept(standing, KEPT, now)

    free = not (held or requested or disputed or undelivered) and stage in ENDED
    late = now.date() > date(2047, 3, 10)
    if free and late:
        assert kept == ()
    if not free:
        assert kept
    if not kept:
        assert free
        assert now.date() >= (date(2032, 11, 20) if stage is Stage.CANCELLED else date(2047, 3, 9))


def test_every_reason_to_keep_a_transfer_is_told_at_once() -> None:
    dispute = Disagreement("d", ("other",), "Risk", "op.worker", NOW)
    transfer = replace(COMPLETED, disagreements=(dispute,))

    kept = why_kept(Standing(transfer, NOW, True, True, 3), KEPT, NOW + timedelta(days=1))  # noqa: FBT003

    assert set(kept) == set(WhyKept) - {WhyKept.OPEN}


def test_a_tombstone_names_nobody() -> None:
    two = replace(COMPLETED, children=(child("DURA"), child("DURB")))

    stone = tombstone(Standing(two, NOW), NOW)

    assert stone.children == 2
    for word in ("DURA", "DURB", "Alex", "op.worker", "a.worker"):
        assert word not in repr(stone)


def test_an_open_transfer_leaves_no_tombstone() -> None:
    with pytest.raises(ValueError, match="has not ended"):
        tombstone(Standing(transfer_at(Stage.DRAFT), NOW), NOW)


def test_a_tombstone_tells_of_the_case_what_statistics_need_and_of_nobody() -> None:
    children = tuple(
        replace(child(f"CHILD{n}"), outcome=outcome)
        for n, outcome in enumerate((TAKEN, TAKEN, LEFT, None))
    )
    ended = replace(_cancelled("op.manager", "entered_in_error", dispatch=1), children=children)
    gone = NOW + timedelta(days=3000)

    stone = tombstone(Standing(ended, NOW), gone)

    assert (stone.id, stone.authority, stone.pathway) == (ended.id, "durham", ended.pathway)
    assert (stone.route, stone.stage, stone.kind) == (ended.route, "cancelled", kind_of(ended))
    assert (stone.protocol, stone.protocol_version) == (ended.protocol, ended.protocol_version)
    assert (stone.origin_team, stone.sent_to) == (ended.origin_team, ended.sent_to)
    assert stone.reason == "entered_in_error"
    assert stone.children == len(children)
    assert stone.outcomes == {TAKEN: 2, LEFT: 1}
    assert (stone.last_changed_at, stone.disposed_at) == (NOW, gone)
    assert tombstone(Standing(COMPLETED, NOW), gone).reason is None
    assert "CHILD" not in str(stone)


def test_the_audit_of_a_disposal_says_how_many_children_it_was_about_and_not_who() -> None:
    stone = tombstone(Standing(COMPLETED, NOW), NOW)

    event = disposed(stone)

    assert (event.action, event.actor, event.at) == (DISPOSED, RETENTION, NOW)
    assert (event.from_stage, event.to_stage, event.version) == (None, None, None)
    assert event.codes == ("kind:completed", "children:1")


def test_a_transfer_is_kept_to_the_day_before_it_is_due_and_no_longer() -> None:
    changed = NOW.replace(month=6, day=1)
    cancelled = _cancelled("op.manager", "no_longer_needed")
    due = NOW.replace(year=2032, month=6, day=1)

    assert why_kept(Standing(cancelled, changed), KEPT, due - timedelta(days=1)) == (
        WhyKept.NOT_DUE,
    )
    assert why_kept(Standing(cancelled, changed), KEPT, due) == ()


def test_one_message_that_has_not_arrived_keeps_a_transfer() -> None:
    much_later = NOW.replace(year=2090)

    assert why_kept(Standing(COMPLETED, NOW, undelivered=1), KEPT, much_later) == (
        WhyKept.UNDELIVERED,
    )


def test_a_tombstone_names_the_team_that_it_was_sent_to() -> None:
    assert tombstone(Standing(COMPLETED, NOW), NOW).sent_to == COMPLETED.sent_to == "ff-bishop"
