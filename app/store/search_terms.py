"""A search as SQL: what it goes by, and what it is narrowed to besides."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from sqlalchemy import ScalarSelect, and_, false, literal, or_, select, true, tuple_
from sqlalchemy.sql.elements import ColumnElement

from app.domain.authority import VisibleTo
from app.domain.milestone_kind import Side
from app.domain.pathway import ENDED
from app.domain.waiting import Waiting
from app.store.gathered import Gathered
from app.store.lateness import late_transfers
from app.store.sought import EVER, Between, Sought
from app.store.tables import disagreements, transfer_children, transfers
from app.store.withheld import open_to

LATELY = timedelta(days=31)
"""What changed since is few enough to be gathered; of a longer time, the newest are soon found."""
Term = ColumnElement[bool]
_t = transfers.c
_AT = {Side.ORIGIN: _t.origin_team, Side.RECEIVING: _t.sent_to}


class Reach(Enum):
    """What an arm finds: `few` however long the history is; `many`, of which each stage is a range
    of an index; or many whose stages no index tells apart, such as `somebody's`.
    """  # noqa: D205 - one sentence

    FEW = "few"
    MANY = "many"
    SOMEBODYS = "somebody's"


@dataclass(frozen=True, slots=True)
class Arm:
    """One search of several whose findings together are what is sought.

    `among`: the range that it is found in, where the rest of the term passes over some of it.
    """

    term: Term
    reach: Reach
    among: Term | None = None


def arms(sought: Sought) -> list[Arm]:
    """Searches whose findings together are what is sought, each the range of one index.

    Of everything that is asked, the search goes by what finds fewest and has an index: its
    alternatives are an arm each. An "or" would read a whole table, or sort all that it finds.
    """
    narrowed, asked = _narrowed(sought), [*_few(sought), *_many(sought)]
    by, *others = asked or [[Arm(true(), Reach.MANY)]]
    besides = [or_(false(), *(arm.term for arm in alternatives)) for alternatives in others]
    plain = not besides and (sought.pathway, sought.route, sought.sent) == (None, None, False)
    plain = plain and sought.changed == EVER
    ours = and_(_t.authority == sought.authority, *_between(_t.opened_at, sought.opened))
    return [
        Arm(
            and_(narrowed, arm.term, *besides),
            arm.reach,
            None if plain and arm.among is None else and_(ours, _or_else(arm.among, arm.term)),
        )
        for arm in by
    ]


def _or_else(among: Term | None, term: Term) -> Term:
    return term if among is None else among


def _few(sought: Sought) -> Iterator[list[Arm]]:
    """What is asked and finds few, as alternatives that can be gone by; what finds fewest first."""
    if sought.child_id is not None:
        yield [Arm(Gathered(_t.id, _of_child(sought)), Reach.FEW)]
    if sought.disputed:
        goes_on = _t.stage.not_in([x.value for x in sorted(ENDED)])
        yield [Arm(and_(Gathered(_t.id, _disputed(sought)), goes_on), Reach.FEW)]
    if sought.waiting is not None:
        yield [Arm(term, Reach.FEW) for one in sought.waiting for term in _waiting(one)]
    if sought.of_person is not None:
        whose = (_t.worker, _t.holder, _t.lead_professional)
        yield [Arm(column == sought.of_person, Reach.SOMEBODYS) for column in whose]
    if sought.late:
        yield [Arm(Gathered(_t.id, late_transfers(sought.authority, sought.now)), Reach.FEW)]
    if sought.changed.start is not None and sought.changed.start > sought.now - LATELY:
        yield [Arm(Gathered(_t.id, _changed(sought)), Reach.FEW)]


def _many(sought: Sought) -> Iterator[list[Arm]]:
    """What is asked and finds many, as alternatives; what finds fewest first."""
    if sought.recipient is not None:
        yield [Arm(_t.recipient_team == sought.recipient, Reach.MANY)]
    if sought.team is not None:
        yield _of_team(sought.team, sought.visible_to)
    if sought.sent_by is not None:
        yield [Arm(_t.origin_team == team, Reach.MANY) for team in sorted(sought.sent_by)]
    if sought.sent_to is not None:
        yield [Arm(_t.sent_to == team, Reach.MANY) for team in sorted(sought.sent_to)]
    seen = sought.visible_to
    if seen is not None and not seen.every and not _is_theirs(sought, seen.teams):
        yield list(_visible(seen))


def _is_theirs(sought: Sought, teams: AbstractSet[str]) -> bool:
    """Whether all that is sought was sent by or to these: to say so twice misleads a planner."""
    asked = (sought.sent_by, sought.sent_to)
    return sought.team in teams or any(of is not None and of <= teams for of in asked)


def _of_team(team: str, seen: VisibleTo | None) -> list[Arm]:
    """Sent by it or meant for it: what is only meant for one's own may still be another's draft."""
    sent, meant = Arm(_t.origin_team == team, Reach.MANY), _t.recipient_team == team
    if seen is None or seen.every or team not in seen.teams:
        return [sent, Arm(meant, Reach.MANY)]
    theirs = or_(false(), *(arm.term for arm in _visible(seen)))
    return [sent, Arm(and_(meant, theirs), Reach.MANY, among=meant)]


def _visible(to: VisibleTo) -> Iterator[Arm]:
    for team in sorted(to.teams):
        yield from (Arm(column == team, Reach.MANY) for column in _AT.values())
    yield from (Arm(_t.meeting_series == series, Reach.SOMEBODYS) for series in sorted(to.series))


def _waiting(one: Waiting) -> Iterator[Term]:
    terms = [_t.stage == one.stage.value]
    if one.under is not None:
        runs_under = (_t.protocol, _t.protocol_version, _t.pathway)
        each = (zip(runs_under, under, strict=True) for under in sorted(one.under))
        terms.append(or_(false(), *(and_(*(c == str(value) for c, value in x)) for x in each)))
    if one.held_by is not None:
        terms.append(_t.holder == one.held_by)
    for who in sorted(one.not_prepared_by):
        terms += [_t.author != who, _t.last_editor != who]
        terms.append(_t.submitter.is_distinct_from(who))
    for team in sorted(one.teams):
        yield and_(_AT[one.side] == team, *terms)


def _narrowed(sought: Sought) -> Term:
    terms = [_t.authority == sought.authority]
    plain = {_t.pathway: sought.pathway, _t.stage: sought.stage, _t.route: sought.route}
    terms += [column == str(value) for column, value in plain.items() if value is not None]
    seen = sought.visible_to
    if seen is not None and seen.reader is not None:
        terms.append(open_to(_t.id, sought.authority, seen.reader))
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
