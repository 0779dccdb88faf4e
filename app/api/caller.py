"""Who calls, and the transaction that their call runs in."""

import hashlib
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, TypeVar

import orjson
from fastapi import Depends, Request
from fastapi.responses import Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.api.problem_handlers import Refusal
from app.api.query import require_known_query
from app.api.tokens import Tokens
from app.domain.duty_task import CaseSystem
from app.domain.reading import ReadPart, reading
from app.store.directory import actor_of_subject
from app.store.engine import Store, Transaction
from app.store.idempotency import Scope, claim_key, keep_answer
from app.store.read_journal import ReadJournal
from app.usecases.call import Call, Rulebook
from app.usecases.still_allowed import require_nothing_withheld
from app.usecases.subscribe import Webhooks

JSON = "application/json"
Result = TypeVar("Result")
Work = Callable[[Call], Awaitable[Result]]

bearer = HTTPBearer(
    auto_error=False,
    scheme_name="bearer",
    bearerFormat="JWT",
    description="An access token of the council's identity provider; roles come from the directory",
)


@dataclass(frozen=True, slots=True)
class Service:
    """What main.py wires once and every request uses."""

    store: Store
    journal: ReadJournal
    book: Rulebook
    tokens: Tokens
    callback_secrets: Mapping[CaseSystem, Sequence[str]]
    webhooks: Webhooks
    clock: Callable[[], datetime]
    export_days: int


def service_of(request: Request) -> Service:
    """The wired service of the app that serves this request."""
    service: Service = request.app.state.service
    return service


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call answers: a status, a body of plain values or a file's bytes, and headers.

    `kept` is what a repeat of the request gets instead, where the body is told once.
    """

    body: object
    status: int = 200
    headers: Mapping[str, str] | None = None
    media_type: str = JSON
    kept: object = None

    def response(self) -> Response:
        """As the response of a call that is not kept."""
        if isinstance(self.body, bytes):
            headers = dict(self.headers or {})
            return Response(self.body, self.status, media_type=self.media_type, headers=headers)
        return _response(self.status, orjson.dumps(self.body), self.headers or {})


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer, and whose it is: `record` is the transfer that it is a part of, `others` are the
    ids of the other transfers in it, and `about` codes of what was asked for.
    """  # noqa: D205 - one sentence

    answer: Answer
    record: str | None = None
    others: Collection[str] = ()
    about: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Caller:
    """The person a valid token names, and the request they make."""

    service: Service
    subject: str
    request: Request

    async def read(self, part: ReadPart, work: Work[Shown]) -> Response:
        """Show a part of a record, or a list, once the audit says so.

        Raises:
            StoreUnavailable: the read could not be kept, and is not answered.
        """
        require_known_query(self.request)
        async with self.service.store.read() as tx:
            call = await self._call(tx)
            shown = await work(call)
        event = reading(
            part,
            call.actor.id,
            call.now,
            record=shown.record,
            about=shown.about,
            shown=shown.others,
        )
        await self.service.journal.keep(call.actor.authority, shown.record, event)
        return shown.answer.response()

    async def look_up(self, work: Work[Answer]) -> Response:
        """Answer with what is no record of anybody's: the directory, a protocol."""
        require_known_query(self.request)
        async with self.service.store.read() as tx:
            answer = await work(await self._call(tx))
        return answer.response()

    async def change(self, work: Work[Answer]) -> Response:
        """Answer from a transaction that is kept, without an Idempotency-Key."""
        require_known_query(self.request)
        async with self.service.store.write() as tx:
            answer = await work(await self._call(tx))
        return answer.response()

    async def once(self, key: str, work: Work[Answer], *, still_allowed: Work[None]) -> Response:
        """Do the work once for this key; a repeat gets the first answer, if it still may.

        Claim, effect and kept answer share one transaction: an error keeps nothing, the claim
        included.

        Raises:
            Refusal: the key was used for another request (422).
            KeyInUse: a twin is at it.
        """
        require_known_query(self.request)
        fingerprint = _fingerprint(self.request.url.path, await self.request.body())
        async with self.service.store.write() as tx:
            call = await self._call(tx)
            scope = Scope(call.actor.id, self.request.method, self._route(), key)
            kept = await claim_key(tx, scope, fingerprint, call.now)
            if kept is not None:
                if kept.fingerprint != fingerprint:
                    raise Refusal("key-reused")
                await still_allowed(call)
                await require_nothing_withheld(call, kept.body)
                replayed = kept.headers | {"Idempotency-Replayed": "true"}
                return _response(kept.status, kept.body, replayed)
            answer = await work(call)
            body = orjson.dumps(answer.body)
            kept_body = body if answer.kept is None else orjson.dumps(answer.kept)
            await keep_answer(tx, scope, answer.status, dict(answer.headers or {}), kept_body)
        return _response(answer.status, body, answer.headers or {})

    async def _call(self, tx: Transaction) -> Call:
        now = self.service.clock()
        actor = await actor_of_subject(tx, self.subject, now)
        if actor is None:
            raise Refusal("not-permitted", "the directory does not know you")
        return Call(tx, actor, self.service.book, now)

    def _route(self) -> str:
        return str(self.request.scope["route"].path)


async def authenticated(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
) -> Caller:
    """The caller, or 401.

    Raises:
        Refusal: no bearer token, two of them, or one that is not good.
    """
    if credentials is None or len(request.headers.getlist("Authorization")) != 1:
        raise Refusal("not-authenticated")
    service = service_of(request)
    subject = await service.tokens.subject(credentials.credentials)
    return Caller(service, subject, request)


CallerNow = Annotated[Caller, Depends(authenticated)]


def _fingerprint(path: str, body: bytes) -> str:
    try:
        canonical = orjson.dumps(orjson.loads(body), option=orjson.OPT_SORT_KEYS) if body else b""
    except ValueError:  # NaN, a lone surrogate: where no schema has seen the body
        raise Refusal("invalid", "the body holds what JSON does not have") from None
    return hashlib.sha256(path.encode() + b"\n" + canonical).hexdigest()


def _response(status: int, body: bytes, headers: Mapping[str, str]) -> Response:
    return Response(body, status, media_type=JSON, headers=dict(headers))
