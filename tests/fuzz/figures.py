"""What a run comes to, for people."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from tests.fuzz.compliant import exceptions
from tests.fuzz.result import BAD, Outcome, Result


def bad(results: Iterable[Result]) -> list[Result]:
    """The results that must not be."""
    return [result for result in results if result.outcome in BAD]


def applied_to(results: Iterable[Result]) -> Counter[tuple[str, str]]:
    """How often each kind changed something that a control blocks."""
    return Counter(
        (result.kind, result.control)
        for result in results
        if result.control and result.outcome is not Outcome.INAPPLICABLE
    )


def table(results: Sequence[Result]) -> str:
    """Each kind, and how often what became of it."""
    counts: dict[str, Counter[Outcome]] = defaultdict(Counter)
    for result in results:
        counts[result.kind][result.outcome] += 1
    shown = [one for one in Outcome if any(row[one] for row in counts.values())]
    shown += [one for one in BAD if one not in shown]
    width = max((len(kind) for kind in counts), default=0)
    heads = ["applied", *(str(one) for one in shown)]
    lines = [f"{'kind':<{width}}  " + "  ".join(heads)]
    for kind, row in [*counts.items(), ("all", sum(counts.values(), Counter()))]:
        applied = sum(row.values()) - row[Outcome.INAPPLICABLE]
        cells = [applied, *(row[one] for one in shown)]
        lines.append(
            f"{kind:<{width}}  "
            + "  ".join(f"{cell:>{len(head)}}" for cell, head in zip(cells, heads, strict=True))
        )
    return "\n".join(lines)


def figures(name: str, results: Sequence[Result], seed: int, seconds: float) -> str:
    """The figures that must be 0, and what they are of."""
    count = Counter(result.outcome for result in results)
    applied = len(results) - count[Outcome.INAPPLICABLE]
    kinds = len({result.kind for result in results})
    slowest = max((result.seconds for result in results), default=0)
    memory = max((result.memory for result in results), default=0)
    head = (
        f"{name}: {applied} mutations of {kinds} kinds, seed {seed}, {seconds:.0f} s;"
        f" slowest {slowest:.1f} s, most memory {memory / 2**20:.0f} MiB"
    )
    zeros = (
        f"  blocked → allowed {count[Outcome.ALLOWED]}, crashes {count[Outcome.CRASH]},"
        f" hangs {count[Outcome.HANG]}, memory {count[Outcome.MEMORY]}"
    )
    lines = [head, zeros]
    if name == "plans":
        used = len({result.excuse for result in results if result.outcome is Outcome.LISTED})
        lines.append(
            f"  compliant.toml: {len(exceptions())} exceptions, {used} of them met,"
            f" by {count[Outcome.LISTED]} mutations"
        )
        pairs = applied_to(results)
        never = len({(one.kind, one.control) for one in results if one.control} - pairs.keys())
        lines.append(
            f"  {len(pairs)} pairs of kind and control, each at least"
            f" {min(pairs.values(), default=0)} times; in {never} more the kind never applied"
        )
    return "\n".join(lines)
