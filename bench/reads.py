"""What a read costs that is kept before it is shown; how fast the audit is sealed and verified."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from service import Api, in_process, settings_for

from app import dev_issuer
from app.api.caller import Service
from app.domain.decision import Event
from app.store.engine import Store
from app.store.read_journal import ReadJournal
from app.store.unit_of_work import record_events
from app.usecases.seal_audit import Sealer
from app.usecases.verify_audit import verify_audit
from bench.drafts import stock
from bench.measure import Contender, Figure, Goal, ratios, side_by_side
from bench.report import Report
from bench.stand import Stand

STORES = ("sqlite", "postgresql")
CALLERS = 32
MOST = Goal(2, at_most=True)


class Unkept(ReadJournal):
    """Keeps nothing: what a read costs without the audit."""

    async def keep(self, authority: str, transfer: str | None, event: Event) -> None:
        """Return at once."""
        del authority, transfer, event


async def run(stand: Stand) -> Report:
    """A record alone and by many at once, and a list of fifty, on both stores, in turns."""
    rounds, reads, events = (2, 40, 2_000) if stand.quick else (7, 320, 50_000)
    key = stand.folder / "reads-key.json"
    dev_issuer.make_key(key)
    figures: list[Figure] = []
    for kind in STORES:
        url = stand.database(kind)
        drafts = await stock(url, 60)
        apis = {name: in_process(settings_for(url, key)) for name in ("kept", "unkept")}
        apis["unkept"].app.state.service = _without(apis["unkept"])
        asked = {
            "a transfer, one caller": (f"/v1/transfers/{drafts[0]}", 1),
            f"a transfer, {CALLERS} callers": (f"/v1/transfers/{drafts[0]}", CALLERS),
            f"a list of 50, {CALLERS} callers": ("/v1/transfers", CALLERS),
        }
        for name, (path, callers) in asked.items():
            contenders = {x: _reading(api, path, callers, reads) for x, api in apis.items()}
            await side_by_side(contenders, 1)
            taken = await side_by_side(contenders, rounds)
            ratio = ratios(taken["kept"], taken["unkept"])
            figures.append(Figure(f"{kind}: {name}, kept / unkept", "x", ratio, _goal(callers)))
            figures += [Figure(f"{kind}: {name}, {x}", "ms a read", taken[x]) for x in apis]
        for api in apis.values():
            await api.client.aclose()
            await api.store.close()
        figures += await _chain(kind, stand.database(kind), events)
    return Report("Reads that are audited, and the audit's chain", _ABOUT, tuple(figures), _NOTES)


def _goal(callers: int) -> Goal | None:
    return MOST if callers > 1 else None


def _without(api: Api) -> Service:
    service: Service = api.app.state.service
    return replace(service, journal=Unkept(service.store))


def _reading(api: Api, path: str, callers: int, reads: int) -> Contender:
    person = api.as_("op.worker")
    api.client.event_hooks = {}

    async def some(many: int) -> None:
        for _ in range(many):
            assert (await person.get(path)).status_code == 200

    async def take() -> float:
        began = time.perf_counter()
        await asyncio.gather(*(some(reads // callers) for _ in range(callers)))
        return 1000 * (time.perf_counter() - began) / reads

    return take


async def _chain(kind: str, url: str, events: int) -> Sequence[Figure]:
    store, now = Store(url), datetime.now(UTC)
    for begin in range(0, events, 1000):
        batch = tuple(
            Event("read", f"person.{n % 50}", now, None, None, None, ("transfer",))
            for n in range(begin, begin + 1000)
        )
        async with store.write() as tx:
            await record_events(tx, "durham", f"transfer-{begin // 1000}", batch)
    began = time.perf_counter()
    await Sealer(store).seal_all(now)
    sealed = time.perf_counter()
    found = await verify_audit(store, "durham", iter(()))
    took = time.perf_counter() - sealed
    assert (found.fault, found.links) == (None, events)
    await store.close()
    return [
        Figure(f"{kind}: sealed", "events/s", (events / (sealed - began),)),
        Figure(f"{kind}: verified", "links/s", (events / took,)),
    ]


_ABOUT = (
    "GET in the bench's own process, the same app twice on the same database: once as it is, once "
    "with a journal that keeps nothing. fsync on. Then events of one council are sealed and "
    "verified, by one process."
)
_NOTES = (
    (
        "A reader alone waits for a COMMIT, which is most of the read on an idle database; "
        "many at once share one (app/store/read_journal.py), and what is left is the insert. "
        "The goal is theirs."
    ),
)
