"""`python -m tests.fuzz`: mutate plans, states and policies anew, and print what became of them."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.fuzz.figures import bad, figures, table
from tests.fuzz.result import Result
from tests.fuzz.worker import Order, campaign_of, run

PLANS, POLICIES = 20_000, 100_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Run both campaigns; 1 when something is not 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--plans", type=int, default=PLANS, help="mutations of plans, at least")
    parser.add_argument("--policies", type=int, default=POLICIES, help="… of policies, at least")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--few", action="store_true", help="only a part of the sources: faster")
    parser.add_argument("--keep", type=Path, help="folder for the inputs of what is not 0")
    parser.add_argument("--show", type=int, default=20, help="how many examples are printed")
    given = parser.parse_args(arguments)
    failed = 0
    for name, count in (("plans", given.plans), ("policies", given.policies)):
        if not count:
            continue
        started = time.perf_counter()
        order = Order(name, given.seed, count, given.few, workers=given.workers)
        results = run(order)
        seconds = time.perf_counter() - started
        sys.stdout.write(f"\n{table(results)}\n{figures(name, results, given.seed, seconds)}\n")
        found = bad(results)
        failed += len(found)
        for result in found[: given.show]:
            sys.stdout.write(f"{_line(result, given.seed)}\n")
        if given.keep and found:
            _keep(given.keep, order, found)
    return 1 if failed else 0


def _line(result: Result, seed: int) -> str:
    return (
        f"{result.outcome}: seed {seed}, job {result.number}, `{result.kind}`,"
        f" {result.control or '-'}, {result.source}\n    {result.changed[:300]}"
        f"\n    {result.why[:300]}"
    )


def _keep(folder: Path, order: Order, found: Sequence[Result]) -> None:
    """Write the mutated inputs, each beside a word on what it is."""
    folder.mkdir(parents=True, exist_ok=True)
    campaign = campaign_of(order)
    jobs = campaign.jobs(order.count)
    for result in found:
        name = f"{order.campaign}-{order.seed}-{result.number}"
        (folder / f"{name}.json").write_bytes(campaign.data(jobs[result.number]))
        (folder / f"{name}.txt").write_text(_line(result, order.seed) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
