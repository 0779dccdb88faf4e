"""Every edit, deletion, swap, insertion, truncation and rewrite of a chain, and what finds it."""

from dataclasses import fields, replace
from datetime import UTC, timedelta, timezone
from typing import Any

import pytest
from domain.chains import AT, PEOPLE, RECORDS, chain_of, histories, salt_of, verified
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.audit_chain import link, start_of
from app.domain.audit_handles import (
    Handle,
    HandleKind,
    Recorded,
    digest,
    erased,
    handles,
    without,
)
from app.domain.audit_walk import DIGEST, HANDLE_ERASED, Salted, Wrong
from app.domain.checkpoint import Checkpoint, Pace, read_checkpoint

few = settings(max_examples=40, deadline=None)
OTHER: dict[str, Any] = {
    "id": 10**6,
    "action": "another",
    "actor": "somebody.else",
    "at": AT - timedelta(microseconds=1),
    "from_stage": "started",
    "to_stage": "started",
    "version": 100,
    "transfer": "00000000-0000-4000-8000-000000000000",
    "codes": ("another",),
}


@few
@given(histories())
def test_h17_a_chain_that_nobody_touched_holds_with_checkpoints_and_without(
    history: tuple[Recorded, ...],
) -> None:
    assert verified(chain_of(history)) is None
    assert verified(chain_of(history, every=3)) is None


@few
@given(histories(), st.data())
def test_h17_an_edit_of_any_column_of_any_event_is_found_at_that_event(
    history: tuple[Recorded, ...], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(history) - 1))
    column = data.draw(st.sampled_from([field.name for field in fields(Recorded)]))
    kept = chain_of(history)
    altered = replace(history[place], **{column: OTHER[column]})
    stranger = {one: Salted(salt_of(one), digest(salt_of(one), one)) for one in handles(altered)}

    fault = verified(replace(kept.with_link(place, event=altered), salts=kept.salts | stranger))

    assert fault is not None
    assert (fault.sequence, fault.event) == (place + 1, history[place].id)
    assert fault.wrong is Wrong.ALTERED


@few
@given(histories(), st.data())
def test_h17_an_edit_of_a_link_is_found(history: tuple[Recorded, ...], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(history) - 1))
    changes: list[dict[str, object]] = [{"hash": "0" * 64}, {"at": AT - timedelta(days=1)}]
    change = data.draw(st.sampled_from(changes))

    fault = verified(chain_of(history).with_link(place, **change))

    assert fault is not None
    assert (fault.sequence, fault.wrong) == (place + 1, Wrong.ALTERED)


@few
@given(histories(), st.data())
def test_h17_a_deletion_of_an_event_or_of_a_link_in_the_middle_is_found(
    history: tuple[Recorded, ...], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(history) - 1))
    kept = chain_of(history)
    links = kept.links[:place] + kept.links[place + 1 :]

    event_gone = verified(kept.with_link(place, event=None))
    link_gone = verified(replace(kept, links=links))

    assert event_gone is not None
    assert (event_gone.sequence, event_gone.wrong) == (place + 1, Wrong.MISSING)
    assert link_gone is not None
    assert link_gone.sequence == place + 1
    assert link_gone.wrong in {Wrong.MISSING, Wrong.TRUNCATED}


@few
@given(histories(least=2), st.data())
def test_h17_two_events_that_change_places_are_found_and_said_to_have(
    history: tuple[Recorded, ...], data: st.DataObject
) -> None:
    first = data.draw(st.integers(0, len(history) - 2))
    second = data.draw(st.integers(first + 1, len(history) - 1))
    kept = chain_of(history)
    one, other = kept.links[first], kept.links[second]
    swapped = kept.with_link(first, event=other.event, event_id=other.event_id, at=other.at)
    swapped = swapped.with_link(second, event=one.event, event_id=one.event_id, at=one.at)

    fault = verified(swapped)

    assert fault is not None
    assert (fault.sequence, fault.event) == (first + 1, other.event_id)
    assert fault.wrong is Wrong.OUT_OF_ORDER


@few
@given(histories(), st.data())
def test_h17_a_link_that_is_put_in_between_is_found(
    history: tuple[Recorded, ...], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(history)))
    kept = chain_of(history)
    event = replace(history[place - 1], id=10**6)
    forged = replace(kept.links[place - 1], sequence=place + 1, event_id=10**6, event=event)
    after = [replace(one, sequence=one.sequence + 1) for one in kept.links[place:]]

    fault = verified(replace(kept, links=(*kept.links[:place], forged, *after)))

    assert fault is not None
    assert fault.sequence == place + 1


@few
@given(histories(), st.data())
def test_h17_without_checkpoints_a_tail_that_is_cut_off_with_its_head_is_not_found_and_with_is(
    history: tuple[Recorded, ...], data: st.DataObject
) -> None:
    left = data.draw(st.integers(0, len(history) - 1))
    kept = chain_of(history, every=3)
    head = (left, kept.links[left - 1].hash) if left else None
    cut = replace(kept, links=kept.links[:left], head=head)

    with_them, without_them = verified(cut), verified(replace(cut, checkpoints=()))

    assert without_them is None
    assert with_them is not None
    assert (with_them.sequence, with_them.wrong) == (left + 1, Wrong.TRUNCATED)
    assert verified(replace(cut, head=kept.head, checkpoints=())) is not None


@few
@given(histories(), st.data())
def test_h17_without_checkpoints_a_chain_that_is_written_anew_is_not_found_and_with_is(
    history: tuple[Recorded, ...], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(history) - 1))
    forged = list(history)
    forged[place] = replace(forged[place], actor="somebody.else", codes=("another",))
    kept, anew = chain_of(history, every=3), chain_of(forged)

    fault = verified(replace(anew, checkpoints=kept.checkpoints))

    assert verified(anew) is None
    assert fault is not None
    assert fault.wrong is Wrong.REWRITTEN
    assert fault.sequence == min(x.sequence for x in kept.checkpoints if x.sequence > place)


@few
@given(histories(), st.data())
def test_h17_what_is_after_the_last_checkpoint_can_be_written_anew_unseen(
    history: tuple[Recorded, ...], data: st.DataObject
) -> None:
    last = data.draw(st.integers(0, len(history) - 1))
    kept = chain_of(history[:last], every=2) if last else chain_of(())
    forged = [*history[:last], *(replace(event, version=100) for event in history[last:])]

    assert verified(replace(chain_of(forged), checkpoints=kept.checkpoints)) is None


@few
@given(histories(), st.data())
def test_h17_a_salt_or_a_digest_that_is_altered_or_destroyed_in_silence_is_found(
    history: tuple[Recorded, ...], data: st.DataObject
) -> None:
    kept = chain_of(history)
    named = sorted(kept.salts, key=lambda x: (x.kind, x.subject))
    handle = data.draw(st.sampled_from(named))
    salted = kept.salts[handle]
    others = {one: salt for one, salt in kept.salts.items() if one != handle}

    gone = verified(replace(kept, salts=others))
    other_salt = verified(replace(kept, salts=others | {handle: Salted(b"x" * 32, salted.digest)}))
    both = Salted(b"x" * 32, digest(b"x" * 32, handle))
    other_digest = verified(replace(kept, salts=others | {handle: both}))

    assert gone is not None
    assert gone.wrong is Wrong.SALT
    assert other_salt is not None
    assert other_salt.wrong is Wrong.HANDLE
    assert other_digest is not None
    assert other_digest.wrong is Wrong.ALTERED


def erasing(history: tuple[Recorded, ...], handle: Handle) -> tuple[Recorded, Recorded]:
    """The last event, and one after it that says that somebody was erased."""
    said = (handle.kind, DIGEST + digest(salt_of(handle), handle))
    last = history[-1]
    return last, Recorded(last.id + 1, HANDLE_ERASED, "retention", AT, None, None, None, None, said)


@few
@given(histories(), st.data())
def test_h17_who_was_erased_is_gone_and_the_chain_holds_where_an_event_says_so(
    history: tuple[Recorded, ...], data: st.DataObject
) -> None:
    named = frozenset[Handle]().union(*(handles(event) for event in history))
    handle = data.draw(st.sampled_from(sorted(named, key=lambda x: (x.kind, x.subject))))
    _, says_so = erasing(history, handle)
    told, untold = chain_of((*history, says_so)), chain_of(history)
    gone = {handle: digest(salt_of(handle), handle)}

    def forget(kept: Any) -> Any:
        links = [replace(one, event=without(one.event, gone)) for one in kept.links]
        salts = {one: salt for one, salt in kept.salts.items() if one != handle}
        return replace(kept, links=tuple(links), salts=salts)

    fault = verified(forget(untold))

    assert verified(forget(told)) is None
    assert handle.subject not in repr(forget(told).links)
    assert fault is not None
    assert fault.wrong is Wrong.ERASED


def test_h17_an_event_names_people_children_and_records_and_nothing_else() -> None:
    event = Recorded(
        id=1,
        action="worker_changed",
        actor="op.worker",
        at=AT,
        from_stage=None,
        to_stage=None,
        version=1,
        transfer=RECORDS[0],
        codes=("from:a.b", "to:c@d", "person:e", "child:F1", RECORDS[1], f"of:{RECORDS[2]}", "x"),
    )

    kinds = HandleKind.PERSON, HandleKind.CHILD, HandleKind.RECORD
    assert handles(event) == {
        *(Handle(kinds[0], person) for person in ("op.worker", "a.b", "c@d", "e")),
        Handle(kinds[1], "F1"),
        *(Handle(kinds[2], record) for record in RECORDS),
    }
    gone = {handle: digest(salt_of(handle), handle) for handle in handles(event)}
    assert handles(without(event, gone)) == frozenset()
    assert erased(without(event, gone)) == set(gone.values())
    assert without(replace(event, action="team_succeeded"), gone).codes[0] == "from:a.b"


def test_h17_a_hash_fits_one_stream_one_place_and_one_event_before_it() -> None:
    event = Recorded(1, "edit", PEOPLE[0], AT, None, None, 1, None, ())
    digests = {handle: digest(salt_of(handle), handle) for handle in handles(event)}
    start = start_of("durham")

    made = {
        link("durham", 1, start, event, digests),
        link("rochdale", 1, start, event, digests),
        link("durham", 2, start, event, digests),
        link("durham", 1, start_of("rochdale"), event, digests),
    }

    assert len(made) == 4
    assert start not in made


def test_h17_a_digest_is_of_one_kind_one_subject_and_one_salt() -> None:
    person = Handle(HandleKind.PERSON, "a")

    made = {
        digest(b"1" * 32, person),
        digest(b"2" * 32, person),
        digest(b"1" * 32, Handle(HandleKind.CHILD, "a")),
        digest(b"1" * 32, Handle(HandleKind.PERSON, "b")),
    }

    assert len(made) == 4


def test_a_checkpoint_is_read_as_it_was_said() -> None:
    checkpoint = Checkpoint("durham", 1000, "ab" * 32, AT, None)

    assert read_checkpoint(checkpoint.said()) == checkpoint
    for nothing in (b"{}", b"[]", b"no", b'{"stream": "durham", "sequence": null}'):
        with pytest.raises(ValueError, match=r"checkpoint|Expecting"):
            read_checkpoint(nothing)


def test_what_is_signed_of_a_checkpoint_is_the_same_bytes_on_every_machine() -> None:
    elsewhere = AT.astimezone(timezone(timedelta(hours=1)))
    checkpoint = Checkpoint("durham", 7, "ab", elsewhere, "cd")

    assert checkpoint.said() == (
        b'{"at":"%s","hash":"ab","previous":"cd","sequence":7,"stream":"durham"}'
        % AT.astimezone(UTC).isoformat(timespec="microseconds").encode()
    )
    assert read_checkpoint(checkpoint.said()).previous == "cd"


@pytest.mark.parametrize(
    ("since", "after", "due"),
    [(0, 2, False), (1, 0, False), (1, 1, True), (999, 0.5, False), (1000, 0, True)],
)
def test_a_checkpoint_is_due_after_so_many_links_or_an_hour_with_one(
    since: int, after: float, *, due: bool
) -> None:
    pace = Pace(1000, timedelta(hours=1))

    assert pace.is_due(since, AT, AT + timedelta(hours=after)) is due
