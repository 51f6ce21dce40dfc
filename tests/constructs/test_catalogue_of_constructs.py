"""Every construct, with its required arguments only."""

from __future__ import annotations

import inspect
import re
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import cdktn
import pytest
from constructs import Construct
from tests.constructs.every import classes

import revet.constructs as package
from revet.gate.catalog import load_catalog

if TYPE_CHECKING:
    from tests.constructs.conftest import Synthesize


CONTROLS = load_catalog()
TAGGABLE = Path(__file__).parents[2] / "src/revet/plan/data/taggable_types.txt"


EVERY = runpy.run_path(str(Path(__file__).parent / "programs" / "every_construct.py"))
with_only_required_arguments: Callable[[cdktn.TerraformStack], dict[str, Construct]] = EVERY[
    "with_only_required_arguments"
]


def test_every_construct_stands_here(stack: cdktn.TerraformStack) -> None:
    made = {type(item).__name__ for item in with_only_required_arguments(stack).values()}
    assert made == set(classes())


def test_every_construct_is_recorded_with_its_resources(
    stack: cdktn.TerraformStack, synthesized: Synthesize
) -> None:
    constructs = with_only_required_arguments(stack)
    made = synthesized(stack)
    records = made.records()
    for kind, construct in constructs.items():
        assert records[construct.node.path]["construct"] == kind
    listed = sorted(address for item in records.values() for address in item["resources"])
    assert listed == sorted(made.addresses())
    assert all(item["weakened"] == [] for item in records.values())


def test_everything_that_can_be_tagged_is(
    stack: cdktn.TerraformStack, synthesized: Synthesize
) -> None:
    with_only_required_arguments(stack)
    taggable = set(TAGGABLE.read_text().split())
    for kind, all_ in synthesized(stack).json["resource"].items():
        for body in all_.values():
            has = {"Environment", "Owner", "Purpose", "Name"} <= set(body.get("tags", {}))
            assert has is (kind in taggable), kind


@pytest.mark.parametrize("name", sorted(classes()))
def test_docstrings_name_controls_that_exist(name: str) -> None:
    text = inspect.getdoc(classes()[name]) or ""
    named = re.findall(r"\(`([a-z0-9]+(?:-[a-z0-9]+)+)`", text)
    assert [one for one in named if one not in CONTROLS] == []


@pytest.mark.parametrize("name", sorted(classes()))
def test_docstrings_list_the_types_that_are_made(name: str) -> None:
    kind = classes()[name]
    source = inspect.getsource(inspect.getmodule(kind))  # type: ignore[arg-type]
    imports = re.findall(r"from cdktn_provider_aws\.(\w+) import (\([^)]*\)|.*)", source)
    body = re.sub(r"^from .*", "", source, flags=re.MULTILINE)
    for other in classes().values():
        if other is not kind and other.__module__ == kind.__module__:
            body = body.replace(inspect.getsource(other), "")
    text = inspect.getdoc(kind) or ""
    for module, names in imports:
        used = any(re.search(rf"\b{one}\b", body) for one in re.findall(r"\w+", names))
        if module == "provider" or not used:
            continue
        wanted = f"data.aws_{module[9:]}" if module.startswith("data_aws_") else f"aws_{module}"
        assert f"`{wanted}`" in text, f"{name} makes {wanted}"
    assert "Args:" in text


PACKAGES = sorted(
    path.parent.name for path in (Path(package.__file__ or "").parent).glob("*/__init__.py")
)


@pytest.mark.parametrize("name", PACKAGES)
def test_each_package_can_be_imported_first(name: str) -> None:
    """Without another one that would hide that two need each other."""
    done = subprocess.run(
        [sys.executable, "-c", f"from revet.constructs import {name}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
