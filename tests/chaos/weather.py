"""What goes wrong at the mock case systems while it storms."""

from chaos.asking import http
from chaos.plan import Plan
from chaos.processes import Place
from serving import address

ALWAYS = 100_000
OPERATIONS = ("deliverDutyTask", "withdrawDutyTask", "readDutyTask")
WEATHER = (
    ("reset_after_processing", 0.2),
    ("reset_before_processing", 0.05),
    ("delay", 0.1),
    ("server_error", 0.03),
    ("garbage", 0.02),
)


def stir(place: Place, plan: Plan) -> None:
    """Have a share of the gateway's calls go wrong until it is still again."""
    for mock in place.mocks.values():
        for fault, share in WEATHER:
            for operation in OPERATIONS if plan.weather else ():
                order = {"fault": fault, "operation": operation, "times": ALWAYS}
                order |= {"share": min(share * plan.weather, 1), "seconds": plan.delay}
                answer = http().post(f"{address(mock)}/admin/faults", json=order)
                answer.raise_for_status()


def still(place: Place) -> None:
    """Call off every fault."""
    for mock in place.mocks.values():
        http().delete(f"{address(mock)}/admin/faults").raise_for_status()
