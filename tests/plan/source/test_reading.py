"""What is read of a folder: forms of the language, lines, modules that were installed."""

from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

import sources as measuring
from revet.model.finding import Status
from revet.plan import Symbolic, load_plan
from revet.plan.load import Origin, _Loader
from revet.plan.source import read_sources
from revet.plan.source.hcl import read_hcl
from revet.plan.source.parsing import parser
from revet.plan.source.references import listed
from revet.plan.source.symbolic import is_literal, plain
from revet.plan.values import Undecided

HERE = Path(__file__).parent
PLANS = HERE.parent
FORMS = tomllib.loads((HERE / "forms.toml").read_text())["form"]
SEVERAL = ("changes", "dynamic", "everything", "hcl", "hostile", "template")


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form["name"])
def test_a_form_of_the_language_is_read(form: dict[str, Any]) -> None:
    body = read_hcl(form["text"].encode(), "x.tf", parser())
    found = sorted(set().union(*(listed(item.syntax) for item in body.arguments.values())))
    assert found == form["references"]


@pytest.mark.parametrize("name", SEVERAL)
def test_sources_of_plans_that_were_made_for_other_tests_match(name: str) -> None:
    folder = PLANS / "sources" / name
    plan = load_plan(PLANS / "data" / f"{name}.json", sources=folder)
    assert plan.sources is not None
    assert plan.sources.ignored == ()
    assert plan.sources.matches


def test_references_are_listed_as_terraform_lists_them() -> None:
    folder = HERE / "references"
    plan = load_plan(folder / "plan.json", sources=folder)
    assert plan.sources is not None
    assert plan.sources.ignored == ()
    assert len(plan.sources.modules[""].outputs) > 45


def test_outputs_come_to_what_terraform_makes_of_them() -> None:
    folder = HERE / "references"
    raw = json.loads((folder / "plan.json").read_text())
    reader = _Loader(raw, None, read_sources(folder, raw["configuration"]), Origin()).written
    assert reader is not None
    compared = 0
    for name, change in raw["output_changes"].items():
        value = reader.output(name)
        if change["after_unknown"] is False and value is not None and is_literal(value):
            compared += 1
            assert plain(value) == change["after"], name
    assert compared > 14


def test_json_syntax_tells_what_the_plan_tells() -> None:
    """All but local values is in the plan: both readings are compared."""
    alone = load_plan(PLANS / "data" / "template.json")
    both = load_plan(PLANS / "data" / "template.json", sources=PLANS / "sources" / "template")
    compared = 0
    for address, resource in both.resources.items():
        if address in ("aws_iam_policy.conditional", "aws_iam_policy.local"):
            continue  # the plan lacks their local value, and cannot tell their condition
        for name in resource._root.unknown or {}:
            value, other = resource.get(name), alone.resources[address].get(name)
            if isinstance(value, Undecided):
                compared += 1
                assert repr(value) == repr(other)
            if isinstance(value, Symbolic):
                assert (value.template, value.strong) == (other.template, other.strong)
    assert compared > 100


def test_lines_of_json_syntax_are_those_of_the_names() -> None:
    plan = load_plan(PLANS / "data" / "template.json", sources=PLANS / "sources" / "template")
    for resource in plan.resources.values():
        assert resource.source is not None
        line = Path(resource.source.file).read_text().splitlines()[resource.source.line - 1]
        assert f'"{resource.name}"' in line


def test_lines_of_hcl_are_those_of_the_blocks() -> None:
    plan = load_plan(PLANS / "data" / "hcl.json", sources=PLANS / "sources" / "hcl")
    for resource in plan.resources.values():
        assert resource.source is not None
        line = Path(resource.source.file).read_text().splitlines()[resource.source.line - 1]
        assert f'resource "{resource.type}" "{resource.name}"' in line


def test_an_installed_module_is_read_where_the_manifest_says(tmp_path: Path) -> None:
    stack = tmp_path / "network"
    shutil.copytree(measuring.STACKS / "network", stack)
    data = json.loads((stack / "plan.json").read_text())
    for call in data["configuration"]["root_module"]["module_calls"].values():
        call["source"] = "terraform-aws-modules/vpc/aws"
    (stack / "plan.json").write_text(json.dumps(data))
    before = load_plan(stack / "plan.json", sources=stack).sources
    assert before is not None
    assert [text.partition(":")[0] for text in before.ignored] == [
        "module.isolated",
        "module.vpc",
    ]
    place = ".terraform/modules/vpc"
    (stack / ".terraform" / "modules").mkdir(parents=True)
    (stack / "modules" / "vpc").rename(stack / place)
    modules = [
        {"Key": "", "Source": "", "Dir": "."},
        {"Key": "vpc", "Source": "registry.terraform.io/x/vpc/aws", "Dir": place},
        {"Key": "isolated", "Source": "registry.terraform.io/x/vpc/aws", "Dir": place},
    ]
    (stack / ".terraform/modules/modules.json").write_text(json.dumps({"Modules": modules}))
    after = measuring.measure(stack, sources=True)
    assert after.ignored == ()
    assert after.with_status(Status.UNKNOWN) == ()
    assert after.false_failures == ()


@pytest.mark.parametrize("place", ["/etc", "../elsewhere", ".terraform/modules/../../../x", ""])
def test_a_manifest_that_leads_elsewhere_is_not_followed(place: str, tmp_path: Path) -> None:
    stack = tmp_path / "network"
    shutil.copytree(measuring.STACKS / "network", stack)
    shutil.copytree(stack / "modules" / "vpc", tmp_path / "elsewhere")
    data = json.loads((stack / "plan.json").read_text())
    data["configuration"]["root_module"]["module_calls"]["vpc"]["source"] = "x/vpc/aws"
    (stack / "plan.json").write_text(json.dumps(data))
    (stack / ".terraform" / "modules").mkdir(parents=True)
    modules = {"Modules": [{"Key": "vpc", "Dir": place}]}
    (stack / ".terraform/modules/modules.json").write_text(json.dumps(modules))
    found = load_plan(stack / "plan.json", sources=stack).sources
    assert found is not None
    assert "module.vpc" not in found.modules
    assert found.ignored[0].startswith("module.vpc: ")


@pytest.mark.parametrize(
    "manifest", ["", "[]", '{"Modules": 1}', '{"Modules": [1, {"Key": 1, "Dir": []}]}', "{"]
)
def test_a_manifest_that_is_none_installs_nothing(manifest: str, tmp_path: Path) -> None:
    stack = tmp_path / "network"
    shutil.copytree(measuring.STACKS / "network", stack)
    data = json.loads((stack / "plan.json").read_text())
    data["configuration"]["root_module"]["module_calls"]["vpc"]["source"] = "x/vpc/aws"
    (stack / "plan.json").write_text(json.dumps(data))
    (stack / ".terraform" / "modules").mkdir(parents=True)
    (stack / ".terraform/modules/modules.json").write_text(manifest)
    found = load_plan(stack / "plan.json", sources=stack).sources
    assert found is not None
    assert "did not install it here" in found.ignored[0]
