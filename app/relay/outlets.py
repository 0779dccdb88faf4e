"""Where a relay delivers to: the duty trays of both case systems, and subscribers."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from adapters.ehm.tray import EhmTray
from adapters.http import GatewayClient, GatewaySettings
from adapters.lcs.tray import LcsTray
from app.domain.duty_task import CaseSystem
from app.outbox.attempt import Patience
from app.outbox.outlet import Outlet, TrayOutlet
from app.outbox.tray import DutyTray
from app.relay.subscribers import Subscribers
from app.settings import Gateway, Settings
from app.store.engine import Store

TRAYS: dict[CaseSystem, Callable[[GatewayClient], DutyTray]] = {
    CaseSystem.LCS: LcsTray,
    CaseSystem.EHM: EhmTray,
}


class Outlets:
    """The outlets of a relay, and the connections behind them."""

    def __init__(self, settings: Settings, store: Store, clock: Callable[[], datetime]) -> None:
        self._clients = {
            system: _client(gateway, settings.relay_call_deadline)
            for system, gateway in settings.gateways.items()
        }
        patience = Patience(settings.relay_backoff, timedelta(seconds=settings.relay_call_deadline))
        self._trays: dict[str, Outlet] = {
            system.value: TrayOutlet(TRAYS[system](client), patience)
            for system, client in self._clients.items()
        }

        self._subscribers = Subscribers(settings, store, clock)

    async def look(self, *, woken: bool = False, at_once: bool = False) -> bool:
        """See which subscribers something waits for, soon where something came in; whether any.

        Raises:
            StoreError: the database cannot serve.
        """
        return await self._subscribers.look(woken=woken, at_once=at_once)

    def present(self) -> Mapping[str, Outlet]:
        """The outlet of each destination, as they are now."""
        return {**self._trays, **self._subscribers.present}

    async def close(self) -> None:
        """Close the connections."""
        for client in self._clients.values():
            await client.close()
        await self._subscribers.close()


def _client(gateway: Gateway, deadline: float) -> GatewayClient:
    return GatewayClient(
        GatewaySettings(
            base_url=str(gateway.url).rstrip("/"),
            client_id=gateway.client_id,
            client_secret=gateway.client_secret.get_secret_value(),
            deadline=deadline,
        )
    )
