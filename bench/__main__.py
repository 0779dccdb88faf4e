"""`make bench`: run the benches (ONLY=name names some), print their tables, keep their results."""

import argparse
import asyncio
import sys
from importlib import import_module
from importlib.util import find_spec

from bench.report import ORDER, keep, lines
from bench.stand import stand


def main() -> int:
    """Run them in order; 0 where every goal is met, else 1 after all have run."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"of: {', '.join(_there())}")
    parser.add_argument("--quick", action="store_true", help="see that they work; keep nothing")
    asked = parser.parse_args()
    short = []
    with stand(quick=asked.quick) as where:
        for name in asked.names or _there():
            report = asyncio.run(import_module(f"bench.{name}").run(where))
            sys.stdout.write("\n".join((f"\n{report.title}", *lines(report), "")))
            if not asked.quick:
                keep(name, report)
            short += [
                f"{report.title}: {figure.name}"
                for figure in report.figures
                if figure.goal is not None and not figure.goal.met_by(figure.median)
            ]
    for figure in short:
        sys.stdout.write(f"falls short: {figure}\n")
    return 1 if short else 0


def _there() -> list[str]:
    return [name for name in ORDER if find_spec(f"bench.{name}")]


if __name__ == "__main__":
    sys.exit(main())
