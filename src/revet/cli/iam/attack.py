"""`revet iam attack`: what attacks would meet with, and whether they prove anything."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from revet.cli.options import DataFormat, DataFormatName
from revet.cli.output import say, show
from revet.report.json import render_document

if TYPE_CHECKING:
    from revet.gate.attacks import Answered


def attack(
    plan: Annotated[
        Path,
        typer.Argument(
            metavar="PLAN.json", help="A plan or a state, as `terraform show -json` writes it."
        ),
    ],
    *,
    attacks: Annotated[
        Path,
        typer.Option(
            "--attacks", metavar="FILE", help="Requests and what they must meet (attacks.toml)."
        ),
    ],
    wanted: DataFormatName = DataFormat.TEXT,
) -> int:
    """Decide attacks over the policies of a plan or a state, without sending anything.

    An attack counts when it is allowed without the guard that it names, and a request that must
    still work when it is denied without its grant. The exit code is 0 when each meets with what is
    expected and counts, 1 when one does not meet with it, 2 when one is not known or does not
    count.
    """
    from revet.gate.attacks import Attacks, read_attacks  # noqa: PLC0415 - not needed to parse
    from revet.plan.state import load_plan_or_state  # noqa: PLC0415 - same

    asked = read_attacks(attacks)
    found = Attacks(load_plan_or_state(plan)).answer(asked)
    if wanted is DataFormat.JSON:
        show(render_document("attacks", {"attacks": [_as_json(one) for one in found]}))
    else:
        for one in found:
            _show(one)
    if any(one.holds.value == "fails" for one in found):
        return 1
    return 0 if all(one.counts for one in found) else 2


def _show(one: Answered) -> None:
    words = {"holds": one.attack.expect.value, "fails": "FAILED", "unknown": "unknown"}
    by = f" ({', '.join(one.layers)})" if one.layers else ""
    say(f"{words[one.holds.value]:8} {one.attack.id}{by}")
    for reason in one.reasons:
        say(f"    {'not known: ' if one.holds.value == 'unknown' else ''}{reason}")
    for why in one.idle:
        say(f"    does not count: {why}")


def _as_json(one: Answered) -> dict[str, Any]:
    return {
        "id": one.attack.id,
        "requirement": one.attack.requirement,
        "expect": one.attack.expect.value,
        "result": one.holds.value,
        "layers": list(one.layers),
        "counts": one.counts,
        "reasons": [*one.reasons, *one.idle],
    }
