"""How time grows with size: hostile inputs, and plans of two sizes in three shapes."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import hostile
from revet.gate.catalog import load_catalog
from revet.gate.judge import judge
from revet.iam.validate import validate_policy
from revet.plan import load_plan

FEW, MANY = 5_000, 100_000
SHAPES: Mapping[str, Callable[[int], dict[str, Any]]] = {
    "security groups": hostile.security_groups,
    "resources as CDK Terrain writes them": lambda count: hostile.units(count // 3),
    "resources by for_each in HCL": lambda count: hostile.fan_out(count // 2),
}


def write(shape: str, resources: int, folder: Path) -> Path:
    """A plan's JSON.

    Args:
        shape: one of `SHAPES`.
        resources: about how many.
        folder: where it is written.
    """
    path = folder / "scale-plan.json"
    path.write_text(json.dumps(SHAPES[shape](resources)), encoding="utf-8")
    return path


def hostile_seconds() -> Iterator[tuple[str, float]]:
    """Each hostile input and how long it takes to judge or validate it."""
    catalog = load_catalog()
    for name, make_plan in hostile.PLANS.items():
        data = json.dumps(make_plan()).encode()
        begun = time.perf_counter()
        judge(load_plan(data), catalog, today=dt.date(2030, 1, 1), stack="hostile")
        yield name, time.perf_counter() - begun
    for name, make_policy in hostile.POLICIES.items():
        text = make_policy()
        begun = time.perf_counter()
        validate_policy(text, "identity")
        yield name, time.perf_counter() - begun
