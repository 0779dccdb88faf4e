"""Whether a series' papers and agenda are due by clocks that there are."""

from collections.abc import Iterator

from app.protocols.faults import Fault
from app.protocols.file_shape import ProtocolShape


def faults_of_meetings(shape: ProtocolShape) -> Iterator[Fault]:
    """A cut-off that names no clock before the meeting, or clocks that differ."""
    for name, meeting in shape.meetings.items():
        halves = [
            half
            for half in (shape.step_up, shape.step_down)
            if half and any(name in route.meetings for route in half.routes.values())
        ]
        for key in ("papers", "agenda"):
            code = getattr(meeting, key)
            if code is None:
                continue
            path = ("meetings", name, key)
            clocks = [
                {str(clock.by) for clock in half.clocks if clock.code == code and clock.by}
                for half in halves
            ]
            if not clocks or not all(clocks):
                yield Fault(path, f"no clock {code} before the meeting, where a route goes to it")
            elif len(set.union(*clocks)) > 1:
                yield Fault(path, f"the clocks {code} are not due at one time")
