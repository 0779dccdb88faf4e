"""The web process: settings, store, protocols, tokens, routers, problem handlers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from app.api import (
    afterwards,
    around_actions,
    audit,
    boards,
    break_glass,
    bulk,
    callbacks,
    clock_actions,
    clock_list,
    clocks,
    closing,
    consent_actions,
    counts,
    custody,
    delegations,
    deliveries,
    directory,
    disagreements,
    docs_page,
    document,
    event_document,
    handover,
    health,
    legal_holds,
    meeting_actions,
    meetings,
    problem_handlers,
    protocols,
    re_referrals,
    receiving_actions,
    restrictions,
    review_list,
    sending_actions,
    subject_access,
    subject_access_actions,
    subject_access_downloads,
    subscription_actions,
    subscriptions,
    transfers,
)
from app.api.caller import Service
from app.api.discovered_keys import DiscoveredKeys
from app.api.head_as_get import HeadAsGet
from app.api.key_file import FileKeys
from app.api.security_headers import SecurityHeaders
from app.api.strict_json import StrictJson
from app.api.telemetry import Telemetry
from app.api.token_claims import Terms
from app.api.tokens import Issuer, Tokens
from app.dev_issuer import AUDIENCE, ISSUER
from app.protocols.shelf import load_protocols
from app.service_clock import Clock
from app.settings import Settings
from app.store.engine import Store
from app.store.failures import StoreError
from app.store.read_journal import ReadJournal
from app.store.seal import Seal
from app.unsafe_settings import refuse_if_unsafe
from app.usecases.call import Rulebook
from app.usecases.keep_protocols import keep_protocols
from app.usecases.subscribe import Webhooks

ROOMS = (
    meetings, meeting_actions,
    counts, boards, transfers, sending_actions, receiving_actions, around_actions, consent_actions,
    disagreements, custody, afterwards, review_list, closing, handover, re_referrals, clocks,
    clock_actions, clock_list, directory, bulk, protocols, deliveries,
    restrictions, break_glass, delegations,
    legal_holds, subject_access, subject_access_downloads, subject_access_actions,
    audit, subscriptions, subscription_actions, callbacks, health,
)  # fmt: skip


def create_app(settings: Settings, clock: Clock | None = None) -> FastAPI:
    """The API, wired on its settings; `clock` is theirs, where none is given.

    Raises:
        UnsafeSettings: the settings must not be used so.
        ProtocolError: a protocol file is not sound.
        KeyFileError: nor is the file of the issuer's keys.
    """
    refuse_if_unsafe(settings)
    clock = clock or settings.clock
    store = Store(
        settings.database_url,
        pool_size=settings.database_pool_size,
        notifies=settings.relay_wake_up == "notify",
    )
    service = Service(
        store=store,
        journal=ReadJournal(store),
        book=Rulebook(load_protocols(settings.protocols_folder), settings.calendar),
        tokens=Tokens(_issuer(settings), clock),
        callback_secrets={
            system: [secret.get_secret_value() for secret in gateway.callback_secrets]
            for system, gateway in settings.gateways.items()
        },
        webhooks=Webhooks(settings.webhook_addresses, Seal(settings.sealing_keys)),
        clock=clock,
        export_days=settings.retain_export_days,
    )

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        try:
            with suppress(StoreError):  # it serves as soon as its database does
                async with service.store.read() as tx:
                    await keep_protocols(tx, service.book.protocols)
            yield
        finally:
            await service.store.close()

    app = FastAPI(
        title="Transfer Pathways",
        version="0.1.0",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.state.service = service
    app.state.leaving = False
    app.state.registry = CollectorRegistry()
    for room in ROOMS:
        app.include_router(room.router)
    docs_page.install(app)
    event_document.install(app)
    document.install(app)
    problem_handlers.install(app)
    app.add_middleware(StrictJson)
    app.add_middleware(Telemetry, registry=app.state.registry)
    app.add_middleware(SecurityHeaders, tls_alone=settings.environment == "production")
    app.add_middleware(HeadAsGet)
    return app


def _issuer(settings: Settings) -> Issuer | None:
    """The one issuer of the settings; they refuse two."""
    if settings.dev_issuer_key is not None:
        return Issuer(Terms(ISSUER, AUDIENCE), FileKeys(settings.dev_issuer_key), ("RS256",))
    name, discovery = settings.jwt_issuer, settings.oidc_discovery_url
    keys = (
        FileKeys(settings.jwks_file)
        if settings.jwks_file is not None
        else DiscoveredKeys(str(discovery), name)
        if discovery is not None and name
        else None
    )
    if keys is None or not (name and settings.jwt_audience):
        return None
    terms = Terms(name, settings.jwt_audience, settings.jwt_identity_claim, settings.jwt_scope)
    return Issuer(terms, keys, settings.jwt_algorithms, typed=settings.jwt_typed)
