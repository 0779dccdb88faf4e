"""A search as SQL: what it goes by, and what it is narrowed to besides."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import ScalarSelect, and_, false, literal, or_, select, tuple_
from sqlalchemy.sql.elements import ColumnElement

from app.domain.authority import VisibleTo
from app.domain.milestone_kind import Side
from app.domain.pathway import ENDED
from app.domain.waiting import Waiting
from app.store.lateness import late_transfers
from app.store.sought import Between, Sought
from app.store.tables import disagreements, transfer_children, transfers

LATELY = timedelta(days=31)
"""What changed since is few enough to be gathered; of a longer time, the newest are soon found."""
Term = ColumnElement[bool]
_t = transfers.c
_AT = {Side.ORIGIN: _t.origin_team, Side.RECEIVING: _t.sent_to}


def arms(sought: Sought) -> list[Term]:
    """Searches whose findings together are what is sought, each the range of one index.

    Of everything that is asked, the search goes by what finds fewest and has an index: its
    alternatives are an arm each. An "or" would read a whole table, or sort all that it finds.
    """
    asked = list(_asked(sought))
    if not asked:
        return [_narrowed(sought)]
    by, *others = asked
    besides = [or_(false(), *alternatives) for alternatives in others]
    return [and_(_narrowed(sought), arm, *besides) for arm in by]


def _asked(sought: Sought) -> Iterator[list[Term]]:
    """Whatever is asked and can be gone by, as alternatives; what finds fewest first."""
    if sought.child_id is not None:
        yield [_t.id.in_(_of_child(sought))]
    if sought.disputed:
        yield [
            and_(_t.id.in_(_disputed(sought)), _t.stage.not_in([x.value for x in sorted(ENDED)]))
        ]
    if sought.waiting is not None:
        yield [term for one in sought.waiting for term in _waiting(one)]
    if sought.of_person is not None:
        yield [c == sought.of_person for c in (_t.worker, _t.holder, _t.lead_professional)]
    if sought.late:
        yield [_t.id.in_(late_transfers(sought.authority, sought.now))]
    if sought.changed.start is not None and sought.changed.start > sought.now - LATELY:
        yield [_t.id.in_(_changed(sought))]
    yield from _by_team(sought)
    if sought.visible_to is not None:
        yield list(_visible(sought.visible_to))


def _by_team(sought: Sought) -> Iterator[list[Term]]:
    if sought.recipient is not None:
        yield [_t.recipient_team == sought.recipient]
    if sought.team is not None:
        yield [_t.origin_team == sought.team, _t.recipient_team == sought.team]
    if sought.sent_by is not None:
        yield [_t.origin_team == team for team in sorted(sought.sent_by)]
    if sought.sent_to is not None:
        yield [_t.sent_to == team for team in sorted(sought.sent_to)]


def _visible(to: VisibleTo) -> Iterator[Term]:
    yield from (column == team for team in sorted(to.teams) for column in _AT.values())
    yield from (_t.meeting_series == series for series in sorted(to.series))


def _waiting(one: Waiting) -> Iterator[Term]:
    terms = [_t.stage == one.stage.value]
    if one.under is not None:
        runs_under = (_t.protocol, _t.protocol_version, _t.pathway)
        each = (zip(runs_under, under, strict=True) for under in sorted(one.under))
        terms.append(or_(false(), *(and_(*(c == str(value) for c, value in x)) for x in each)))
    if one.held_by is not None:
        terms.append(_t.holder == one.held_by)
    if one.not_prepared_by is not None:
        who = one.not_prepared_by
        terms += [_t.author != who, _t.last_editor != who]
        terms.append(_t.submitter.is_distinct_from(who))
    for team in sorted(one.teams):
        yield and_(_AT[one.side] == team, *terms)


def _narrowed(sought: Sought) -> Term:
    terms = [_t.authority == sought.authority]
    plain = {_t.pathway: sought.pathway, _t.stage: sought.stage, _t.route: sought.route}
    terms += [column == str(value) for column, value in plain.items() if value is not None]
    if sought.sent:
        terms.append(_t.dispatch > 0)
    terms += _between(_t.opened_at, sought.opened)
    terms += _between(_t.changed_at, sought.changed)
    if sought.changed.end is not None:  # what is opened later is changed later too
        terms.append(_t.opened_at < sought.changed.end)
    if sought.before is not None:
        opened_at, transfer_id = sought.before
        key = tuple_(literal(opened_at, _t.opened_at.type), literal(transfer_id))
        terms.append(tuple_(_t.opened_at, _t.id) < key)
    return and_(*terms)


def _between(column: ColumnElement[object], span: Between) -> Iterator[Term]:
    if span.start is not None:
        yield column >= span.start
    if span.end is not None:
        yield column < span.end


def _disputed(sought: Sought) -> ScalarSelect[str]:
    """On what a disagreement is open: few, whatever the council."""
    d = disagreements.c
    found = select(d.transfer).where(d.authority == sought.authority, d.resolved_at.is_(None))
    return found.scalar_subquery()


def _changed(sought: Sought) -> ScalarSelect[str]:
    ours = transfers.alias("changed")
    found = select(ours.c.id).where(
        ours.c.authority == sought.authority, *_between(ours.c.changed_at, sought.changed)
    )
    return found.scalar_subquery()


def _of_child(sought: Sought) -> ScalarSelect[str]:
    of_child = transfer_children.c.child_id == sought.child_id
    found = select(transfer_children.c.transfer).where(
        transfer_children.c.authority == sought.authority, of_child
    )
    return found.scalar_subquery()
