"""How a campaign's counts are printed."""

from fuzz.campaign import Counts


def told(who: str, seed: int, counts: Counts, seconds: float) -> str:
    """A campaign in a few lines; the seed repeats it: FUZZ_SEED=… make fuzz."""
    classes = {
        f"{hundred}xx": sum(n for status, n in counts.by_status.items() if status // 100 == hundred)
        for hundred in (2, 4, 5)
    }
    least = counts.by_operation.most_common()[::-1][:3]
    never = sorted(counts.by_operation.keys() - counts.accepted.keys())
    lines = [
        f"\n{who}: {counts.cases} cases in {seconds:.0f} s, seed {seed}",
        f"  by phase: {_shown(counts.by_phase)}",
        f"  by class: {_shown(classes)}; by status: {_shown(counts.by_status)}",
        f"  operations: {len(counts.by_operation)}, least asked {_shown(dict(least))}",
        f"  never accepted: {', '.join(never) or 'none'}",
        f"  checks made: {sum(counts.checks.values())}, findings: {len(counts.findings)}",
    ]
    return "\n".join(lines)


def _shown(counts: dict[str, int] | dict[int, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in sorted(counts.items(), key=str))
