"""Every setting of the service: TRANSFERS_… in the environment, in a file .env, or a file each.

Opened once, by main, relay and the command line alone; everything else is handed what it needs.
"""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AnyHttpUrl, BaseModel, ConfigDict, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from app.bank_holidays import england_calendar
from app.domain.duty_task import CaseSystem
from app.domain.retention import Retention
from app.domain.webhook_address import AllowedHosts, faults
from app.domain.working_days import Calendar
from app.service_clock import Clock, clock_ahead, this_moment
from app.settings_files import SettingsFiles

_HOST = r"(\[[0-9A-Fa-f:.%]+\]|[^@:/?#,\[\]]*)(:[0-9]{1,5})?"
DATABASE_URL = (
    r"^(sqlite:///[^:?].*"
    rf"|postgresql(\+[a-z0-9]+)?://([^@/]*@)?({_HOST}(,{_HOST})*[/?].*|{_HOST}(,{_HOST})*))$"
)
"""What is special in a user or a password is percent-encoded, or a part of it could be taken for a
port, and be told as one."""
DEVELOPMENT_KEY = "ZGV2ZWxvcG1lbnQtYWxvbmUtZGV2ZWxvcG1lbnQtYWw="
Seconds = Annotated[float, Field(gt=0)]


class Gateway(BaseModel):
    """One case system: where its gateway is, our credentials there, and its callback secrets."""

    model_config = ConfigDict(frozen=True)

    url: AnyHttpUrl
    client_id: str
    client_secret: SecretStr
    callback_secrets: tuple[SecretStr, ...]


class Settings(BaseSettings):
    """One frozen value. Times are in seconds."""

    model_config = SettingsConfigDict(
        env_prefix="TRANSFERS_",
        env_file=".env",
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,
    )

    environment: Literal["production", "development"] = "production"
    database_url: Annotated[str, Field(pattern=DATABASE_URL, repr=False)] = (
        "sqlite:///transfers.sqlite3"
    )
    """An SQLite file (never in memory: two processes share it) or a PostgreSQL database."""
    database_pool_size: Annotated[int, Field(ge=1, le=100)] = 10
    api_drain: Annotated[float, Field(ge=0, le=60)] = 5
    """How long the API goes on serving after SIGTERM, not ready, so that nobody sends to it."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    protocols_folder: Path | None = None

    extra_bank_holidays: tuple[date, ...] = ()
    not_bank_holidays: tuple[date, ...] = ()
    calendar_last_year: Annotated[int, Field(ge=2027, le=2100)] = 2035
    """Deadlines in working days that need a later day are refused."""

    jwt_issuer: str | None = None
    jwt_audience: str | None = None
    jwt_identity_claim: Literal["sub", "oid"] = "sub"
    """`oid` for Microsoft Entra ID, where `sub` differs from one application to the next. Nothing
    that could become somebody else's, as an address may."""
    jwt_scope: str | None = None
    """A scope that every token must bear."""
    jwt_typed: bool = False
    """Take only tokens whose header says `at+jwt` (RFC 9068)."""
    jwt_algorithms: Annotated[
        tuple[Literal["RS256", "PS256", "ES256", "Ed25519", "EdDSA"], ...], Field(min_length=1)
    ] = ("RS256",)
    oidc_discovery_url: AnyHttpUrl | None = None
    jwks_file: Path | None = None
    dev_issuer_key: Path | None = None
    """The private key of the development issuer; refused outside development."""
    clock_ahead_file: Path | None = None
    """Holds how many seconds the service's clock is ahead; refused outside development."""

    lcs_url: AnyHttpUrl = AnyHttpUrl("http://127.0.0.1:8101")
    lcs_client_id: str = "transfers"
    lcs_client_secret: SecretStr = SecretStr("")
    lcs_callback_secrets: tuple[SecretStr, ...] = ()
    ehm_url: AnyHttpUrl = AnyHttpUrl("http://127.0.0.1:8102")
    ehm_client_id: str = "transfers"
    ehm_client_secret: SecretStr = SecretStr("")
    ehm_callback_secrets: tuple[SecretStr, ...] = ()

    mock_callback_base: AnyHttpUrl | None = None
    """Where the mock case systems send their callbacks: /lcs and /ehm are put behind it."""

    webhook_hosts: tuple[str, ...] = ()
    """Where subscribers' events may be sent: hosts, with a port where it is not 443."""
    webhook_internal_hosts: tuple[str, ...] = ()
    """The same; these may have addresses of a private network."""
    webhook_sealing_keys: tuple[SecretStr, ...] = ()
    """What subscribers' secrets are sealed with: the first seals, any of them opens."""

    relay_wake_up: Literal["poll", "notify"] = "poll"
    """How a relay hears of new deliveries. `notify`, on PostgreSQL alone, is to be set for the
    web processes too."""
    relay_look: Seconds = 0.003
    """How often a relay looks whether there are new deliveries: a question of microseconds."""
    relay_poll: Seconds = 0.1
    """How often a relay looks for what is due, whatever it heard."""
    relay_batch: Annotated[int, Field(ge=1, le=256)] = 16
    relay_lease: Seconds = 60
    relay_call_deadline: Seconds = 30
    relay_backoff: tuple[Annotated[float, Field(ge=0)], ...] = (
        0, 5, 30, 120, 300, 900, 1800, 3600, 7200, 14400, 28800, 28800,
    )  # fmt: skip
    relay_alert_after: Seconds = 3600
    relay_alert_after_immediate_risk: Seconds = 900
    reconcile_every: Seconds = 60
    reconcile_after: Seconds = 900
    """How long a task may be quiet before the relay asks its tray how it stands."""

    audit_seal_every: Seconds = 1
    """How often a relay makes links of the audit's chains of what was recorded since."""
    audit_checkpoints: Path | None = None
    """The folder, outside of the database and best on another machine, for signed checkpoints."""
    audit_signing_key: Path | None = None
    """What they are signed with: a file that `transfers audit key` makes."""
    audit_checkpoint_events: Annotated[int, Field(ge=1)] = 1000
    audit_checkpoint_every: Seconds = 3600
    """A checkpoint is due after so many events, or so many seconds if there was one."""

    retain_until_age: Annotated[int, Field(ge=21, le=100)] = 30
    """A completed transfer is kept until every child is of this age: 21 is 18 and the three years
    of the Limitation Act 1980, sections 11 and 28."""
    retain_years: Annotated[int, Field(ge=1, le=100)] = 6
    """And so long after its last change; within a year a child who comes back is linked to it."""
    retain_cancelled_years: Annotated[int, Field(ge=1, le=100)] = 6
    retain_entered_in_error_days: Annotated[int, Field(ge=30, le=3650)] = 365
    retain_stale_draft_days: Annotated[int, Field(ge=8, le=365)] = 14
    """After a stale draft was cancelled: answers that show it are kept 7 days."""
    stale_draft_after_days: Annotated[int, Field(ge=30, le=3650)] = 90
    stale_draft_warning_days: Annotated[int, Field(ge=1, le=3650)] = 83
    retain_payload_days: Annotated[int, Field(ge=30, le=3650)] = 90
    retain_callback_days: Annotated[int, Field(ge=30, le=3650)] = 365
    retain_alert_days: Annotated[int, Field(ge=90, le=3650)] = 730
    retain_export_days: Annotated[int, Field(ge=1, le=90)] = 30
    """How long a subject-access export can be fetched."""
    retain_request_years: Annotated[int, Field(ge=1, le=30)] = 3
    retain_unknown_child_days: Annotated[int, Field(ge=1, le=3650)] = 90
    """How long the audit alone names a child, of whom there is no transfer, request or hold."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Where settings come from: the environment, .env, and files that these name."""
        del file_secret_settings
        files = SettingsFiles(settings_cls, env_settings, dotenv_settings)
        return init_settings, env_settings, dotenv_settings, files

    @property
    def retention(self) -> Retention:
        """How long each kind of record is kept."""
        return Retention(
            until_age=self.retain_until_age,
            years=self.retain_years,
            cancelled_years=self.retain_cancelled_years,
            entered_in_error_days=self.retain_entered_in_error_days,
            stale_days=self.retain_stale_draft_days,
            draft_days=self.stale_draft_after_days,
            draft_warning_days=self.stale_draft_warning_days,
            payload_days=self.retain_payload_days,
            callback_days=self.retain_callback_days,
            alert_days=self.retain_alert_days,
            export_days=self.retain_export_days,
            request_years=self.retain_request_years,
            unknown_child_days=self.retain_unknown_child_days,
        )

    @model_validator(mode="after")
    def _drafts_are_warned_first(self) -> "Settings":
        if self.stale_draft_warning_days >= self.stale_draft_after_days:
            raise ValueError("stale_draft_warning_days must be less than stale_draft_after_days")
        return self

    @property
    def gateways(self) -> dict[CaseSystem, Gateway]:
        """Both case systems."""
        return {
            CaseSystem.LCS: Gateway(
                url=self.lcs_url,
                client_id=self.lcs_client_id,
                client_secret=self.lcs_client_secret,
                callback_secrets=self.lcs_callback_secrets,
            ),
            CaseSystem.EHM: Gateway(
                url=self.ehm_url,
                client_id=self.ehm_client_id,
                client_secret=self.ehm_client_secret,
                callback_secrets=self.ehm_callback_secrets,
            ),
        }

    @property
    def clock(self) -> Clock:
        """What the service goes by."""
        return clock_ahead(self.clock_ahead_file) if self.clock_ahead_file else this_moment

    @property
    def calendar(self) -> Calendar:
        """England's working days."""
        return england_calendar(
            last_year=self.calendar_last_year,
            extra=self.extra_bank_holidays,
            not_bank_holidays=self.not_bank_holidays,
        )

    @model_validator(mode="after")
    def _calendar_can_be_made(self) -> "Settings":
        _ = self.calendar
        return self

    @property
    def webhook_addresses(self) -> AllowedHosts:
        """Where events may be sent."""
        return AllowedHosts(
            frozenset(self.webhook_hosts),
            frozenset(self.webhook_internal_hosts),
            plain=self.environment == "development",
        )

    @property
    def sealing_keys(self) -> tuple[str, ...]:
        """What subscribers' secrets are sealed with; a development has one of its own."""
        keys = tuple(key.get_secret_value() for key in self.webhook_sealing_keys)
        return keys or ((DEVELOPMENT_KEY,) if self.environment == "development" else ())

    @model_validator(mode="after")
    def _hosts_are_hosts(self) -> "Settings":
        found = faults((*self.webhook_hosts, *self.webhook_internal_hosts))
        if found:
            raise ValueError("; ".join(found))
        return self

    @model_validator(mode="after")
    def _lease_outlives_call(self) -> "Settings":
        if self.relay_lease <= self.relay_call_deadline:
            raise ValueError("relay_lease must be longer than relay_call_deadline")
        return self
