"""Plans and controls that are written down in a few words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from tests.gate.case_plan import plan_json

from revet.gate.catalog import Control, control, read_control
from revet.model.finding import Outcome, Severity

MakePlan = Callable[..., dict[str, Any]]
MakeControl = Callable[..., Control]


@pytest.fixture
def make_plan() -> MakePlan:
    """Resources (type to name to arguments) to the JSON of a plan that creates them."""

    def make(
        resources: Mapping[str, Any], outputs: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        values = {name: {"value": value} for name, value in (outputs or {}).items()}
        return plan_json({"resource": resources, "output": values}, "test")

    return make


FIELDS = {
    "title": "the good state",
    "resource": "aws_s3_bucket",
    "required": "something is on",
    "impact": "something bad",
    "fix": "something = true",
}


@pytest.fixture
def make_control() -> MakeControl:
    """A rule to a control, `test-thing` unless another file is named."""

    def make(
        rule: Callable[..., Outcome], path: Path = Path("test/thing.py"), **fields: object
    ) -> Control:
        module = ModuleType("thing")
        given: dict[str, Any] = {"severity": Severity.HIGH, **FIELDS, **fields}
        vars(module)["rule"] = control(**given)(rule)
        return read_control(module, path)

    return make
