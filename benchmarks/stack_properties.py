"""The properties of the tap stack, all layers together, beside the gate run over the same plan.

Each round is a process of its own, as `revet check` is one: nothing is remembered from an earlier
question, and data that is read on demand is read in it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
_TAP = ROOT / "src" / "revet" / "blueprints" / "tap"
_PROGRAM = """
import datetime as dt, json, sys, time
from pathlib import Path
from revet.gate.catalog import load_catalog
from revet.gate.judge import judge
from revet.gate.proofs import prove_all
from revet.gate.properties import read_properties
from revet.gate.requirements import load_requirements
from revet.model.finding import Origin
from revet.model.work import Work
from revet.plan import load_plan

plan, tap, synthesis = map(Path, sys.argv[1:])
began = time.perf_counter()
inventory = load_plan(plan, synthesis)
rows = load_requirements(tap / "requirements.toml")
judge(inventory, load_catalog(), requirements=rows, today=dt.date.today(), stack="tap")
judged = time.perf_counter()
asked = read_properties(tap / "properties.toml")
found = prove_all(asked, inventory, Origin.PLAN, Work(600))
proved = time.perf_counter()
print(json.dumps({
    "gate": judged - began,
    "proofs": proved - judged,
    "properties": len(asked),
    "held": sum(item.status.value == "pass" for item in found.evidence),
    "certified": sum(bool(item.certificate) for item in found.evidence),
}))
"""


class Times(NamedTuple):
    """Of one round.

    Args:
        gate: seconds of reading the plan and judging it by the whole catalogue.
        proofs: seconds of proving all properties over it after that.
        properties: how many there are.
        held: how many hold.
        certified: how many of these have a certificate.
    """

    gate: float
    proofs: float
    properties: int
    held: int
    certified: int


def rounds(work: Path, count: int) -> list[Times]:
    """Measure some rounds.

    Args:
        work: folder to write the plan into.
        count: how many.
    """
    stored = ROOT / "tests" / "mutations" / "tap" / "plans" / "good.json"
    plan = work / "tap-plan.json"
    plan.write_text(json.dumps(json.loads(stored.read_text("utf-8"))["plan"]), "utf-8")
    synthesis = ROOT / "tests" / "golden" / "tap" / "protected.json"
    words = [sys.executable, "-c", _PROGRAM, str(plan), str(_TAP), str(synthesis)]
    return [
        Times(**json.loads(subprocess.run(words, stdout=subprocess.PIPE, check=True).stdout))
        for _ in range(count)
    ]
