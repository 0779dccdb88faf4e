"""A fault that meets a share of the calls: a storm's weather."""

from adapters.mock_gateway.faults import Fault, Faults

CALLS = 400


def test_a_fault_with_a_share_meets_that_part_of_the_calls() -> None:
    faults = Faults()
    faults.add(Fault(fault="delay", operation="any", times=CALLS, share=0.25))

    met = [faults.take("deliverDutyTask", "delay") for _ in range(CALLS)]

    assert CALLS * 0.1 < sum(fault is not None for fault in met) < CALLS * 0.45


def test_a_fault_that_leaves_a_call_alone_lets_the_next_one_meet_it() -> None:
    faults = Faults()
    faults.add(Fault(fault="delay", operation="any", share=1e-12))
    faults.add(Fault(fault="delay", operation="deliverDutyTask"))

    met = faults.take("deliverDutyTask", "delay")

    assert met is not None
    assert (met.operation, len(faults.waiting)) == ("deliverDutyTask", 1)
