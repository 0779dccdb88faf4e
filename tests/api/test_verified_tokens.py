"""A token that was good is checked again on every request, all but its signature."""

from datetime import timedelta

import pytest
from api.desk import ANOTHER, OURS, Desk
from api.signing import Forge
from joserfc.jwk import RSAKey

from app.api import verified_tokens
from app.api.problem_handlers import Refusal


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(monkeypatch)


async def test_a_signature_is_verified_once(desk: Desk) -> None:
    token = Forge(OURS).token()

    subjects = [await desk.tokens.subject(token) for _ in range(3)]

    assert len(set(subjects)) == 1
    assert desk.verified == 1


async def test_h16_a_token_that_was_good_is_refused_once_it_has_expired(desk: Desk) -> None:
    token = Forge(OURS).token()
    await desk.tokens.subject(token)
    desk.now += timedelta(days=1)

    with pytest.raises(Refusal):
        await desk.tokens.subject(token)


@pytest.mark.parametrize("held", [(), (ANOTHER,), (OURS, ANOTHER)])
async def test_h16_a_token_that_was_good_is_refused_once_its_key_is_not_the_issuers(
    desk: Desk, held: tuple[RSAKey, ...]
) -> None:
    token = Forge(OURS).token()
    await desk.tokens.subject(token)
    desk.published.held = held

    with pytest.raises(Refusal):
        await desk.tokens.subject(token)


async def test_a_token_of_other_claims_under_the_same_signature_is_not_the_same(desk: Desk) -> None:
    token = Forge(OURS).token()
    await desk.tokens.subject(token)
    head, _, signature = token.split(".")
    claims = Forge(OURS).token(sub="ff.manager").split(".")[1]

    with pytest.raises(Refusal):
        await desk.tokens.subject(f"{head}.{claims}.{signature}")


async def test_only_the_last_tokens_are_remembered(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verified_tokens, "MOST", 2)
    made = [Forge(OURS).token(sub=f"person.{n}") for n in range(3)]

    for token in (*made, made[2], made[0]):
        await desk.tokens.subject(token)

    assert desk.verified == 4
