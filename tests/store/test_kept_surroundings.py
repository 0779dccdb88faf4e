"""What gathers around a transfer comes back as it was kept, whatever it is."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from builders import NOW, child, step_up_form, transfer_at
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store.asked import Recorder
from store.kept import keep, numbered

from app.domain.consent import Consent, How, WithdrawalDecision
from app.domain.disagreement import Disagreement, Step
from app.domain.pathway import Stage
from app.domain.pauses import Pause
from app.domain.sharing_basis import Basis, SharingBasis
from app.domain.team_around import Member
from app.domain.transfer import BookedMeeting, Milestone, Transfer
from app.store.engine import Store
from app.store.transfers import load_transfer, update_transfer

DRAFT = transfer_at(Stage.DRAFT)
NUMBERS = count(1)
FEW = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

words = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30)
times = st.datetimes(
    datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)  # noqa: DTZ001
)  # fmt: skip
days = st.dates(date(2000, 1, 1), date(2100, 1, 1))
milestones = st.builds(
    Milestone,
    name=words,
    at=times,
    by=words,
    recorded_at=times,
    inferred=st.booleans(),
    person=st.none() | words,
    team=st.none() | words,
    reason=st.none() | words,
    note=st.none() | words,
    outcome=st.none() | words,
    until=st.none() | times,
)
consents = st.builds(
    Consent,
    id=words,
    scope=words,
    given_by=words,
    given_on=days,
    how=st.sampled_from(How),
    informed=st.booleans(),
    explicit=st.booleans(),
    recorded_by=words,
    recorded_at=times,
    expires_on=st.none() | days,
    withdrawn_at=st.none() | times,
    withdrawn_by=st.none() | words,
    withdrawn_comment=st.none() | words,
    decision=st.none() | st.sampled_from(WithdrawalDecision),
    decided_at=st.none() | times,
    decided_by=st.none() | words,
    decided_comment=st.none() | words,
)
bases = st.builds(
    SharingBasis,
    id=words,
    scope=words,
    basis=st.sampled_from(Basis),
    says=words,
    recorded_by=words,
    recorded_at=times,
    ends_on=st.none() | days,
)
members = st.builds(
    Member,
    id=words,
    name=words,
    agency=words,
    purpose=words,
    stepped_in_at=times,
    stepped_out_at=st.none() | times,
)
pauses = st.builds(
    Pause,
    clock=words,
    begun_at=times,
    by=words,
    reason=words,
    comment=words,
    ended_at=st.none() | times,
    ended_by=st.none() | words,
)
disagreements = st.builds(
    Disagreement,
    id=words,
    kinds=st.lists(words, min_size=1, max_size=2).map(tuple),
    about=words,
    raised_by=words,
    raised_at=times,
    steps=st.lists(st.builds(Step, level=words, by=words, at=times, comment=words), max_size=2).map(
        tuple
    ),
    outcome=st.none() | words,
    rationale=st.none() | words,
    resolved_by=st.none() | words,
    resolved_at=st.none() | times,
)
forms = st.builds(
    step_up_form,
    statements=st.dictionaries(words, words, max_size=2),
    factors=st.lists(words, max_size=2).map(tuple),
    next_lead_professional=st.none() | words,
    primary_need=st.none() | st.just("N1"),
)


def some(one: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(one, max_size=3).map(tuple)


surroundings = st.fixed_dictionaries(
    {
        "form": forms,
        "meeting": st.none() | st.builds(BookedMeeting, series=words, starts_at=times),
        "milestones": some(milestones),
        "consents": some(consents),
        "sharing_bases": some(bases),
        "team_around": some(members),
        "pauses": some(pauses),
        "disagreements": some(disagreements),
    }
)


@FEW
@given(first=surroundings, then=surroundings)
async def test_a_transfer_comes_back_with_all_its_parts_when_kept_and_when_changed(
    store: Store, first: dict[str, Any], then: dict[str, Any]
) -> None:
    number = next(NUMBERS)
    own = replace(DRAFT, id=numbered(number), children=(child(f"DUR{number}"),))
    before = replace(own, **first)
    after = _grown(before, replace(before, **then, version=before.version + 1))

    await keep(store, before)
    found = [await _load(store, own.id)]
    async with store.write() as tx:
        await update_transfer(tx, before, after, NOW)
    found.append(await _load(store, own.id))

    assert found == [before, after]


def _grown(before: Transfer, after: Transfer) -> Transfer:
    """Parts change and are added; none is taken away."""
    parts = (
        *("milestones", "consents", "sharing_bases", "team_around", "pauses"),
        "disagreements",
    )
    kept = {name: getattr(after, name) + getattr(before, name) for name in parts}
    return replace(after, **kept)


async def _load(store: Store, transfer_id: str) -> Transfer | None:
    async with store.read() as tx:
        return await load_transfer(tx, transfer_id)


async def test_a_change_writes_only_what_changed(store: Store) -> None:
    member = Member("m1", "A. Nurse", "A school", "Sleep", NOW)
    pause = Pause("DF-17-visited", NOW, "op.manager", "family_away", "Until Monday")
    before = replace(DRAFT, team_around=(member, replace(member, id="m2")), pauses=(pause,))
    out = replace(member, stepped_out_at=NOW)
    after = replace(before, team_around=(out, *before.team_around[1:]), version=2)
    await keep(store, before)

    async with store.write() as tx:
        recorder = Recorder(tx.driver)
        await update_transfer(replace(tx, driver=recorder), before, after, NOW)

    assert recorder.starts(words=2) == ["UPDATE transfers", "UPDATE team_members"]
    assert await _load(store, DRAFT.id) == after
