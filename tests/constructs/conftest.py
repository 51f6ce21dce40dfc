from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from revet.constructs.context import Context, Lifecycle
from revet.synth import new_app, synth

if TYPE_CHECKING:
    import cdktn  # at run time only after `revet.constructs`, which chooses Node

TAGS = {"Environment": "test", "Owner": "tests", "Purpose": "testing"}


class Made:
    """A synthesized stack, asked by type."""

    def __init__(self, configuration: Mapping[str, Any]) -> None:
        self.json = configuration

    def all(self, type_name: str) -> list[dict[str, Any]]:
        return list(self.json.get("resource", {}).get(type_name, {}).values())

    def one(self, type_name: str) -> dict[str, Any]:
        (found,) = self.all(type_name)
        return found

    def statements(self, type_name: str, argument: str = "policy") -> dict[str, dict[str, Any]]:
        found = json.loads(self.one(type_name)[argument])["Statement"]
        return {statement["Sid"]: statement for statement in found}

    def records(self) -> dict[str, dict[str, Any]]:
        return {item["path"]: item for item in self.json["//"]["revet"]["constructs"]}

    def addresses(self) -> list[str]:
        resources: dict[str, dict[str, Any]] = self.json.get("resource", {})
        return [f"{kind}.{name}" for kind, all_ in resources.items() for name in all_]


class MakeStack(Protocol):
    def __call__(
        self, lifecycle: Lifecycle = Lifecycle.PROTECTED, **arguments: object
    ) -> cdktn.TerraformStack: ...


class Synthesize(Protocol):
    def __call__(self, stack: cdktn.TerraformStack) -> Made: ...


@pytest.fixture
def make_stack(tmp_path: Path) -> MakeStack:
    from cdktn import TerraformStack  # noqa: PLC0415 - after the choice of Node

    def make(
        lifecycle: Lifecycle = Lifecycle.PROTECTED, **arguments: object
    ) -> cdktn.TerraformStack:
        stack = TerraformStack(new_app(tmp_path / "out"), "stack")
        given: dict[str, Any] = {
            "prefix": "app",
            "environment_suffix": "test",
            "region": "us-west-2",
            "tags": TAGS,
            **arguments,
        }
        Context(stack, lifecycle=lifecycle, **given)
        return stack

    return make


@pytest.fixture
def stack(make_stack: MakeStack) -> cdktn.TerraformStack:
    return make_stack()


@pytest.fixture
def synthesized() -> Synthesize:
    from cdktn import App  # noqa: PLC0415 - after the choice of Node

    def made(stack: cdktn.TerraformStack) -> Made:
        return Made(synth(App.of(stack)).stacks[stack.node.id].json)

    return made
