"""Whether a transfer may be submitted to a meeting at all."""

from dataclasses import replace
from datetime import datetime

from app.domain.breach import Breach, must
from app.domain.commands import SubmitToMeeting
from app.domain.decision import Situation
from app.domain.protocol import Route
from app.domain.transfer import BookedMeeting, Transfer


def booking_fault(
    command: SubmitToMeeting, transfer: Transfer, situation: Situation
) -> Breach | None:
    """Why the route does not go to that series, or none of it starts then; None where it does."""
    route = situation.rules(transfer).routes[transfer.route]
    if command.series not in route.meetings:
        return no_such_series(route)
    series = situation.protocol.meetings[command.series]
    fault = series.fault(command.starts_at, situation.calendar)
    if fault is not None and not command.extraordinary:
        says = f"Choose a meeting of the series: {series.when()}"
        return must("meeting-time", says, fault, series.source)
    if command.starts_at <= situation.now:
        says = "Choose a meeting that has not begun"
        return must("meeting-time", says, "a time that is past", series.source)
    return None


def no_such_series(route: Route) -> Breach:
    """That the route does not go to a series, with those that it goes to."""
    known = ", ".join(route.meetings)
    says = f"Choose a series: {known}" if known else "This route goes to no meeting"
    return must("meeting-series", says, "no such series", route.source)


def as_if_booked(transfer: Transfer, now: datetime) -> Transfer:
    """The transfer as the rules of `submit_to_meeting` would see it."""
    return replace(transfer, meeting=transfer.meeting or BookedMeeting("", now))
