"""Request bodies of subscriptions."""

from datetime import timedelta
from typing import Annotated, Self

from pydantic import ConfigDict, Field, WithJsonSchema, model_validator

from app.api.fields import Body, Hours, Line
from app.domain.event_types import SUBSCRIBABLE, EventType
from app.domain.see_to_subscription import SubscriptionTerms
from app.domain.subscription import SubscriptionState
from app.domain.webhook_address import LONGEST
from app.usecases.subscribe import NewSubscription

Address = Annotated[
    str,
    Field(
        max_length=LONGEST,
        pattern=r"^[!-~]+$",
        description="An https address of a host that the operator has listed",
    ),
]
Events = Annotated[
    list[
        Annotated[
            EventType,
            Field(strict=False),
            WithJsonSchema({"type": "string", "enum": sorted(SUBSCRIBABLE)}),
        ]
    ],
    Field(
        min_length=1,
        max_length=len(SUBSCRIBABLE),
        json_schema_extra={"uniqueItems": True},
        description="Each kind once; `subscription.test` comes unasked",
    ),
]

ChangedState = Annotated[
    SubscriptionState,
    Field(strict=False),
    WithJsonSchema(
        {
            "type": "string",
            "enum": [x for x in SubscriptionState if x is not SubscriptionState.ENDED],
        }
    ),
]


class _OfEvents(Body):
    @model_validator(mode="after")
    def _kinds_once(self) -> Self:
        events = getattr(self, "events", None)
        if events is not None and len(set(events)) != len(events):
            raise ValueError("name each kind of event once")
        if events is not None and EventType.SUBSCRIPTION_TEST in events:
            raise ValueError("subscription.test comes unasked")
        return self


class SubscribeBody(_OfEvents):
    """Which events go where."""

    name: Line
    url: Address
    events: Events

    def value(self, subscription_id: str) -> NewSubscription:
        """In the use case's words."""
        return NewSubscription(subscription_id, self.name, self.url, frozenset(self.events))


class ChangeSubscriptionBody(_OfEvents):
    """What is to be otherwise; what is left out stays."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    name: Line | None = None
    url: Address | None = None
    events: Events | None = None
    state: ChangedState | None = Field(
        default=None, description="`paused` keeps what happens until it is `active` again"
    )

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("say what is to be otherwise")
        if self.state is SubscriptionState.ENDED:
            raise ValueError("a subscription is ended by its own call")
        return self

    def value(self) -> SubscriptionTerms:
        """In the domain's words."""
        return SubscriptionTerms(self.name, self.url, self.events, self.state)


class RotateBody(Body):
    """How long the present secret signs beside the new one."""

    overlap_hours: Hours = 24

    def value(self) -> timedelta:
        """As a time."""
        return timedelta(hours=self.overlap_hours)
