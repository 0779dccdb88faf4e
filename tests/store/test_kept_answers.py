"""Idempotency keys: one effect a key, and the first answer again to every repeat."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOW
from sqlalchemy import select
from store.kept import counted

from app.store import openers
from app.store.engine import Store
from app.store.failures import StoreUnavailable
from app.store.idempotency import (
    KEPT,
    KeptAnswer,
    KeyInUse,
    Scope,
    claim_key,
    forget_old_answers,
    keep_answer,
)
from app.store.tables import idempotency_keys
from app.store.urls import is_sqlite

SCOPE = Scope("op.worker", "POST", "/v1/transfers", "key-1")
ANSWER = KeptAnswer("a" * 64, 201, {"ETag": '"1"'}, b'{"id":"\xc3\xa9"}')


class Undone(Exception):
    """Rolls a transaction back."""


async def _answered(store: Store, scope: Scope = SCOPE, now_after: timedelta = timedelta()) -> None:
    async with store.write() as tx:
        assert await claim_key(tx, scope, ANSWER.fingerprint, NOW + now_after) is None
        await keep_answer(tx, scope, ANSWER.status, ANSWER.headers, ANSWER.body)


async def test_a_repeat_gets_the_first_answer_byte_for_byte(store: Store) -> None:
    await _answered(store)

    async with store.write() as tx:
        again = await claim_key(tx, SCOPE, ANSWER.fingerprint, NOW)

    assert again == ANSWER


async def test_another_body_under_the_key_is_seen_by_the_first_fingerprint(store: Store) -> None:
    await _answered(store)

    async with store.write() as tx:
        kept = await claim_key(tx, SCOPE, "b" * 64, NOW)

    assert kept is not None
    assert kept.fingerprint == ANSWER.fingerprint


async def test_the_same_key_of_another_person_method_or_route_is_another_key(
    store: Store,
) -> None:
    await _answered(store)
    others = [
        replace(SCOPE, subject="op.manager"),
        replace(SCOPE, method="PUT"),
        replace(SCOPE, route="/v1/transfers/{id}/finalise"),
        replace(SCOPE, key="KEY-1"),
    ]

    for scope in others:
        await _answered(store, scope)

    assert (await counted(store))["idempotency_keys"] == 5


async def test_a_key_is_kept_for_seven_days_and_then_free_again(store: Store) -> None:
    await _answered(store)

    async with store.write() as tx:
        on_the_seventh_day = await claim_key(tx, SCOPE, "b" * 64, NOW + KEPT)
    async with store.write() as tx:
        after_it = await claim_key(tx, SCOPE, "b" * 64, NOW + KEPT + timedelta(microseconds=1))

    assert timedelta(days=7) == KEPT
    assert on_the_seventh_day == ANSWER
    assert after_it is None


async def test_the_tick_forgets_old_answers_and_no_others(store: Store) -> None:
    await _answered(store)
    await _answered(store, replace(SCOPE, key="younger"), timedelta(seconds=1))

    async with store.write() as tx:
        await forget_old_answers(tx, NOW + KEPT + timedelta(seconds=1))
    async with store.read() as tx:
        left = (await tx.connection.execute(select(idempotency_keys.c.key))).scalars().all()

    assert left == ["younger"]


async def test_a_rollback_frees_the_key_with_everything_else(store: Store) -> None:
    with suppress(Undone):
        async with store.write() as tx:
            await claim_key(tx, SCOPE, ANSWER.fingerprint, NOW)
            raise Undone

    await _answered(store)


async def test_of_eight_concurrent_twins_one_does_the_work_and_seven_get_its_answer(
    store: Store, database_url: str
) -> None:
    other_process = Store(database_url)
    stores = [store, other_process]
    worked: list[int] = []

    async def twin(number: int) -> KeptAnswer:
        async with stores[number % 2].write() as tx:
            kept = await claim_key(tx, SCOPE, ANSWER.fingerprint, NOW)
            if kept is not None:
                return kept
            worked.append(number)
            await asyncio.sleep(0.02)
            await keep_answer(tx, SCOPE, ANSWER.status, ANSWER.headers, ANSWER.body)
        return ANSWER

    answers = await asyncio.gather(*map(twin, range(8)))
    await other_process.close()

    assert answers == [ANSWER] * 8
    assert len(worked) == 1


async def test_a_twin_of_work_that_fails_does_the_work_itself(store: Store) -> None:
    started = asyncio.Event()

    async def fails() -> None:
        with suppress(Undone):
            async with store.write() as tx:
                await claim_key(tx, SCOPE, ANSWER.fingerprint, NOW)
                started.set()
                await asyncio.sleep(0.05)
                raise Undone

    async def waits() -> KeptAnswer | None:
        await started.wait()
        async with store.write() as tx:
            return await claim_key(tx, SCOPE, ANSWER.fingerprint, NOW)

    _, claimed = await asyncio.gather(fails(), waits())

    assert claimed is None


async def test_a_twin_that_waits_too_long_is_told_to_come_back(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openers, "LOCK_SECONDS", 0.5)
    slow, impatient = Store(database_url), Store(database_url)
    told = StoreUnavailable if is_sqlite(database_url) else KeyInUse

    async with slow.write() as held:
        await claim_key(held, SCOPE, ANSWER.fingerprint, NOW)
        with pytest.raises(told):
            async with impatient.write() as tx:
                await claim_key(tx, SCOPE, ANSWER.fingerprint, NOW)
    await slow.close()
    await impatient.close()
