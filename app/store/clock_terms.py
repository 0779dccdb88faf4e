"""A search for clocks as SQL: whose they are, and how they stand."""

from collections.abc import Iterator

from sqlalchemy import and_, literal, tuple_
from sqlalchemy.sql.elements import ColumnElement

from app.domain.review_standing import Standing
from app.store.lateness import is_late
from app.store.sought_clocks import ClockFilter, Key, Reviews, SoughtClocks
from app.store.tables import clocks

Term = ColumnElement[bool]
_c = clocks.c


def arms(sought: SoughtClocks) -> list[Term]:
    """Searches whose findings together are what is sought, each the range of one index."""
    narrowed = and_(*_due(sought), _later(sought.after))
    stands = list(_stands(sought))
    return [and_(whose, one, narrowed) for whose in _whose(sought) for one in stands]


def _whose(sought: SoughtClocks) -> Iterator[Term]:
    ours = _c.authority == sought.authority
    if sought.whose.every:
        yield ours
        return
    sides = (_c.team, _c.other_team) if isinstance(sought.which, Reviews) else (_c.team,)
    yield from (column == team for team in sorted(sought.whose.teams) for column in sides)
    yield from (and_(ours, _c.series == series) for series in sorted(sought.whose.series))


def _stands(sought: SoughtClocks) -> Iterator[Term]:
    """What is open and what is not stand apart in the indexes of reviews."""
    if isinstance(sought.which, Reviews):
        for term in _review_stands(sought.which.standing, sought):
            yield and_(_c.review.is_(True), term)
    else:
        yield and_(_c.open.is_(True), _clock_stands(sought.which, sought))


def _clock_stands(state: ClockFilter, sought: SoughtClocks) -> Term:
    now, going = sought.now, _c.paused_at.is_(None)
    match state:
        case ClockFilter.LATE:
            return is_late(now)
        case ClockFilter.NEARLY_LATE:
            return and_(_c.due_at >= now, _c.nearly_late_at <= now, going)
        case ClockFilter.RUNNING:
            return and_(_c.due_at >= now, _c.nearly_late_at > now, going)
        case ClockFilter.PAUSED:
            return and_(_c.due_at.is_not(None), _c.paused_at.is_not(None))
        case ClockFilter.UNKNOWN:
            return _c.due_at.is_(None)
        case ClockFilter.OPEN:
            return _c.due_at.is_not(None)


def _review_stands(standing: Standing | None, sought: SoughtClocks) -> Iterator[Term]:
    """The SQL of domain.review_standing; what is done without a due day is in no list by it."""
    dated = _c.due_at.is_not(None)
    past_and_paused = and_(_c.due_at < sought.now, _c.paused_at.is_not(None))
    match standing:
        case Standing.WAITING:
            for which in (True, False):
                waits = (_c.due_at.is_(None), _c.met_at.is_(None), _c.stopped_at.is_(None))
                yield and_(_c.open.is_(which), *waits)
        case Standing.DUE:
            for in_time in (_c.due_at >= sought.now, past_and_paused):
                yield and_(_c.open.is_(True), in_time)
        case Standing.LATE:
            yield is_late(sought.now)
        case Standing.DONE:
            yield and_(_c.open.is_(False), dated, _c.met_at.is_not(None))
        case None:
            yield and_(_c.open.is_(True), dated)


def _due(sought: SoughtClocks) -> Iterator[Term]:
    if sought.due.start is not None:
        yield _c.due_at >= sought.due.start
    if sought.due.end is not None:
        yield _c.due_at < sought.due.end


def _later(key: Key | None) -> Term:
    if key is None:
        return literal(value=True)
    due_at, transfer, code = key
    rest = tuple_(_c.transfer, _c.code), tuple_(literal(transfer), literal(code))
    if due_at is None:
        return rest[0] > rest[1]
    due = literal(due_at, _c.due_at.type)
    return tuple_(_c.due_at, *rest[0].clauses) > tuple_(due, *rest[1].clauses)
