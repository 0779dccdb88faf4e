from app.domain.duty_task import CaseSystem
from app.outbox.circuit import OPENS_AFTER, Circuit

LCS, EHM = CaseSystem.LCS, CaseSystem.EHM


def test_a_destination_that_keeps_failing_gets_one_probe_at_a_time() -> None:
    circuit = Circuit()

    for _ in range(OPENS_AFTER - 1):
        circuit.failed(LCS)
    before = circuit.limit(LCS, 16)
    circuit.failed(LCS)

    assert (before, circuit.limit(LCS, 16)) == (16, 1)


def test_one_dead_system_leaves_the_other_alone() -> None:
    circuit = Circuit()

    for _ in range(OPENS_AFTER * 2):
        circuit.failed(LCS)

    assert (circuit.limit(LCS, 16), circuit.limit(EHM, 16)) == (1, 16)


def test_one_answer_closes_the_circuit_and_the_count_begins_again() -> None:
    circuit = Circuit()
    for _ in range(OPENS_AFTER * 2):
        circuit.failed(LCS)

    circuit.arrived(LCS)
    for _ in range(OPENS_AFTER - 1):
        circuit.failed(LCS)

    assert circuit.limit(LCS, 16) == 16
