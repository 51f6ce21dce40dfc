"""A stack as HCL plans what its JSON plans, and the gate says the same of both.

Both forms are planned on one embedded AWS. Every blueprint is planned, and the program that makes
every construct.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.target.overriding import write_backend_override

from revet.cli.stack import blueprints
from revet.gate.catalog import load_catalog
from revet.gate.judge import judge
from revet.model.finding import Finding
from revet.plan import load_plan
from revet.synth import SynthesizedStack, run_program
from revet.synth.hcl import HclFile, export_hcl
from revet.target.embedded import EmbeddedTarget
from revet.target.terraform import Terraform

pytestmark = pytest.mark.embedded

EVERY = Path(__file__).parents[1] / "constructs" / "programs" / "every_construct.py"
PROGRAMS = {name: folder / "program.py" for name, folder in blueprints().items()}
PROGRAMS["every construct"] = EVERY
IN_EVERY_RUN = "tap"
VARIABLES = {"LOCK": "both", "OWNER": "platform-security"}
ONLY_OF_A_SYNTHESIS = "terraform-state-backend"
"""The control that judges the synthesis itself: a plan does not say where its state is kept."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A stack in both forms, and their plans."""

    stack: SynthesizedStack
    exported: HclFile
    sources: Path
    of_json: bytes
    of_hcl: bytes


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(name, marks=() if name == IN_EVERY_RUN else pytest.mark.slow)
        for name in PROGRAMS
    ],
)
def planned(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Planned]:
    folder = tmp_path_factory.mktemp("exported")
    environment = {**os.environ, **VARIABLES}
    program = PROGRAMS[request.param]
    [stack] = run_program([str(program)], folder / "out", environment).stacks.values()
    exported = export_hcl(stack.json, stack.name)
    hcl, sources = folder / "hcl", folder / "sources"
    for path in (hcl, sources):
        path.mkdir()
        (path / "tap_stack.tf").write_text(exported.text, encoding="utf-8")
    target = EmbeddedTarget(folder / "aws")
    target.start()

    def plan(directory: Path) -> bytes:
        state = folder / "states" / directory.name
        write_backend_override(directory, target.backend_override(state))
        terraform = Terraform(directory, environment=target.environment())
        terraform.init()
        return terraform.plan().json_bytes

    try:
        with ThreadPoolExecutor() as pool:
            of_json, of_hcl = pool.map(plan, (stack.directory, hcl))
    finally:
        target.stop()
    yield Planned(stack, exported, sources, of_json, of_hcl)
    shutil.rmtree(folder)


def test_every_planned_value_is_the_same(planned: Planned) -> None:
    of_json, of_hcl = json.loads(planned.of_json), json.loads(planned.of_hcl)
    assert changes(of_json, planned.exported.addresses) == changes(of_hcl, {})
    assert of_json["output_changes"] == of_hcl["output_changes"]
    assert set(planned.exported.addresses) >= {
        item["address"].partition("[")[0] for item in of_json["resource_changes"]
    }


def named(address: str, addresses: Mapping[str, str]) -> str:
    """The address of an instance, under the name that its resource has in the other form."""
    resource, bracket, index = address.partition("[")
    return f"{addresses.get(resource, resource)}{bracket}{index}"


def changes(plan: Mapping[str, Any], addresses: Mapping[str, str]) -> dict[str, Any]:
    told = ("actions", "before", "after", "after_unknown", "after_sensitive")
    return {
        named(item["address"], addresses): {key: item["change"][key] for key in told}
        for item in plan["resource_changes"]
    }


def test_what_is_read_while_planning_is_the_same(planned: Planned) -> None:
    addresses = planned.exported.addresses
    read = [
        {
            named(item["address"], mapping): item["values"]
            for item in json.loads(plan)["prior_state"]["values"]["root_module"]["resources"]
        }
        for plan, mapping in ((planned.of_json, addresses), (planned.of_hcl, {}))
    ]
    assert read[0] == read[1]


def test_the_gate_says_the_same_of_both(planned: Planned) -> None:
    addresses = planned.exported.addresses
    of_json = load_plan(planned.of_json, planned.stack.json_path)
    of_hcl = load_plan(planned.of_hcl, sources=planned.sources)
    assert of_hcl.sources is not None
    assert of_hcl.sources.ignored == ()
    said = []
    for inventory, mapping in ((of_json, addresses), (of_hcl, {})):
        verdict = judge(inventory, load_catalog(), today=dt.date(2026, 1, 1), stack="one")
        assert verdict.problems == ()
        said.append(
            {
                (item.control, mapping.get(item.address, item.address)): answer(item, mapping)
                for item in verdict.findings
                if item.control != ONLY_OF_A_SYNTHESIS
            }
        )
    assert said[0] == said[1]
    assert len(said[0]) > 1


def answer(finding: Finding, addresses: Mapping[str, str]) -> tuple[Any, ...]:
    related = sorted(addresses.get(item, item) for item in finding.related)
    return finding.status, finding.severity, related, finding.paths, finding.region
