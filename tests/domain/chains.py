"""Chains in memory, as the store would keep them, and who goes about altering them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from app.domain.audit_chain import link, start_of
from app.domain.audit_handles import Handle, Recorded, digest, handles
from app.domain.audit_walk import Fault, Link, Salted, Walk
from app.domain.checkpoint import Checkpoint

STREAM = "durham"
AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
RECORDS = [f"6f1b1a52-9d3e-4b0e-8a53-0a8f5c1f2e1{n}" for n in range(3)]
PEOPLE = ["op.worker", "op.manager", "lead@council.example"]


def salt_of(handle: Handle) -> bytes:
    return digest(b"the tests' own", handle)[:32].encode()


def salts_of(events: Sequence[Recorded]) -> dict[Handle, Salted]:
    named = frozenset[Handle]().union(*(handles(event) for event in events))
    return {one: Salted(salt_of(one), digest(salt_of(one), one)) for one in named}


@dataclass(frozen=True)
class Kept:
    """A chain with what is kept besides it."""

    links: tuple[Link, ...]
    salts: dict[Handle, Salted]
    head: tuple[int, str] | None
    checkpoints: tuple[Checkpoint, ...] = ()

    def with_link(self, place: int, **changes: object) -> "Kept":
        """One link changed in place."""
        links = list(self.links)
        links[place] = replace(links[place], **changes)  # type: ignore[arg-type]
        return replace(self, links=tuple(links))


def chain_of(events: Sequence[Recorded], every: int = 0) -> Kept:
    """The chain over these events, with a checkpoint after `every` links and at the end."""
    salts = salts_of(events)
    digests = {handle: salted.digest for handle, salted in salts.items()}
    last, links, checkpoints = start_of(STREAM), [], []
    for sequence, event in enumerate(events, 1):
        last = link(STREAM, sequence, last, event, digests)
        links.append(Link(sequence, event.id, event.at, last, event))
        if every and (sequence % every == 0 or sequence == len(events)):
            checkpoints.append(Checkpoint(STREAM, sequence, last, AT, None))
    return Kept(tuple(links), salts, (len(events), last), tuple(checkpoints))


def verified(kept: Kept) -> Fault | None:
    """What the walk says of it."""
    walk, waiting = Walk(STREAM, start_of(STREAM)), list(kept.checkpoints)
    for one in kept.links:
        fault = walk.step(one, kept.salts, kept.links)
        if fault is None and waiting and waiting[0].sequence == walk.sequence:
            fault = walk.compare(waiting.pop(0))
        if fault is not None:
            return fault
    return walk.end(waiting[0] if waiting else None, kept.head)


TEAM_CODES = ["from:op-bishop"]
moments = st.integers(0, 10**12).map(lambda us: AT + timedelta(microseconds=us))
codes = st.one_of(
    st.sampled_from(["edit", "warned:late", "custody", "équipe", *TEAM_CODES]),
    st.sampled_from(RECORDS),
    st.sampled_from([f"person:{person}" for person in PEOPLE]),
    st.just("child:DUR1001"),
)
contents = st.fixed_dictionaries(
    {
        "action": st.sampled_from(["edit", "read", "list", "finalise", "worker_changed"]),
        "actor": st.sampled_from(PEOPLE),
        "at": moments,
        "from_stage": st.sampled_from([None, "draft"]),
        "to_stage": st.sampled_from([None, "draft", "dispatched"]),
        "version": st.none() | st.integers(1, 99),
        "transfer": st.sampled_from([None, *RECORDS]),
        "codes": st.lists(codes, max_size=4).map(tuple),
    }
)


def _of_one_kind(content: dict[str, Any]) -> bool:
    """Nobody in it has a team's name: a code that names a person here names a team elsewhere."""
    return content["action"] != "worker_changed" or not {*TEAM_CODES} & {*content["codes"]}


@st.composite
def histories(draw: Callable[..., object], least: int = 1) -> tuple[Recorded, ...]:
    """Events in the order of their ids, which have gaps."""
    found: object = draw(st.lists(contents.filter(_of_one_kind), min_size=least, max_size=12))
    assert isinstance(found, list)
    return tuple(Recorded(id=3 * n + 1, **content) for n, content in enumerate(found))
