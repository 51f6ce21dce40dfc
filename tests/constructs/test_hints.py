"""What a control says to write with revet's constructs can be written, and passes that control."""

from __future__ import annotations

import ast
import datetime as dt
import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeGuard

import cdktn
import pytest
from tests.constructs.conftest import TAGS
from tests.gate.case_plan import plan_json

from revet.constructs import cloudtrail, dynamodb, ec2, firehose, iam, kms, logs, rds, s3, wafv2
from revet.constructs.context import Context
from revet.constructs.region_guard import RegionGuard
from revet.gate.baseline import Baseline
from revet.gate.catalog import Control, load_catalog
from revet.gate.judge import judge
from revet.model.finding import Finding, Status
from revet.plan import load_plan
from revet.plan.kinds import attribute_kinds

if TYPE_CHECKING:
    from tests.constructs.conftest import Made, MakeStack, Synthesize

CATALOG = load_catalog()
HINTING = [control for control in CATALOG.values() if control.meta.fix_construct]
SETTINGS: dict[str, dict[str, Any]] = {
    "iam-role-region-guard": {"regions": ["us-west-2"]},
    "ec2-vpc-endpoint-policy": {"accounts": ["123456789012"]},  # plans of hints read no data
    "ec2-vpc-zones": {"zones": 3},
    "kms-key-one-service": {"services": ["dynamodb", "lambda", "rds", "s3"]},
    "tags-required": {"keys": list(TAGS)},
}
MODULES = {
    "cloudtrail": cloudtrail,
    "dynamodb": dynamodb,
    "ec2": ec2,
    "firehose": firehose,
    "iam": iam,
    "kms": kms,
    "logs": logs,
    "rds": rds,
    "s3": s3,
    "wafv2": wafv2,
}
NAMES_IN_HINTS = ("key", "vpc")
DATA = {
    r"\$\{data\.aws_caller_identity\.[\w-]+\.account_id\}": "123456789012",
    r"\$\{element\(data\.aws_availability_zones\.[\w-]+\.names, (\d)\)\}": r"zone-\1",
}


def surroundings(stack: cdktn.TerraformStack) -> dict[str, object]:
    """What a stack has already that a hint may name."""
    name = Context.of(stack).name
    access = (
        kms.cloudwatch_logs(*(name(each, limit=512) for each in ("around", "payments", "office"))),
        kms.cloudtrail(name("audit", limit=128)),
    )
    key = kms.Key(stack, "given-key", description="Given", service_access=access)
    flow = logs.LogGroup(stack, "around", key=key)
    return {"key": key, "vpc": ec2.Vpc(stack, "given-vpc", flow_log_group=flow)}


def as_planned(value: object, kind: object) -> object:
    """A value in the form of a plan, where a single block is a list of one."""
    if isinstance(kind, tuple) and kind[0] == "[":
        several = value if isinstance(value, list) else [value]
        return [as_planned(item, kind[1]) for item in several]
    if isinstance(kind, dict) and isinstance(value, dict):
        return {name: as_planned(item, kind.get(name)) for name, item in value.items()}
    return value


def planned(configuration: Mapping[str, Any]) -> dict[str, Any]:
    """The resources of a synthesized stack, without what only Terraform reads."""
    text = json.dumps(configuration["resource"])
    for pattern, value in DATA.items():
        text = re.sub(pattern, value, text)
    found = {}
    for kind, all_ in json.loads(text).items():
        attributes = attribute_kinds(kind) or {}
        found[kind] = {
            name: as_planned({k: v for k, v in body.items() if k in attributes}, attributes)
            for name, body in all_.items()
        }
    return found


def judged(made: Made, control: Control) -> dict[str, Finding]:
    baseline = Baseline("hints", controls=(control.meta.id,), settings=SETTINGS)
    verdict = judge(
        load_plan(plan_json({"resource": planned(made.json)}, control.meta.id)),
        CATALOG,
        baseline=baseline,
        today=dt.date(2026, 1, 1),
        stack="stack",
    )
    return {finding.address: finding for finding in verdict.findings}


@pytest.mark.parametrize("control", HINTING, ids=lambda control: control.meta.id)
def test_hint_makes_what_passes_its_control(
    control: Control, make_stack: MakeStack, synthesized: Synthesize
) -> None:
    without, stack = (make_stack(region_guard=RegionGuard()) for _ in range(2))
    surroundings(without)
    given = surroundings(stack)
    exec(  # noqa: S102 - a text of ours
        control.meta.fix_construct, {**MODULES, "scope": stack, **given}
    )
    before = judged(synthesized(without), control)
    made = {
        address: finding
        for address, finding in judged(synthesized(stack), control).items()
        if address not in before
    }
    assert made, "the hint makes nothing that the control judges"
    assert {address: finding.status for address, finding in made.items()} == dict.fromkeys(
        made, Status.PASS
    )


def test_hints_name_nothing_but_what_every_stack_can_have() -> None:
    """The scope, a key and a network; everything else a hint makes itself."""
    for control in HINTING:
        code = compile(control.meta.fix_construct, control.meta.id, "exec")
        constructs = {name for module in MODULES.values() for name in module.__all__}
        arguments = set(re.findall(r"(\w+)=", control.meta.fix_construct))
        named = {
            node.id for node in ast.walk(ast.parse(control.meta.fix_construct)) if is_own(node)
        }
        known = {*MODULES, *constructs, *arguments, *named, "scope", *NAMES_IN_HINTS}
        assert set(code.co_names) <= known


def is_own(node: ast.AST) -> TypeGuard[ast.Name]:
    """Whether it gives a name to what the hint makes."""
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def test_hints_are_there_for_what_constructs_can_do() -> None:
    """Every construct's default is somebody's hint, so that hints are not lost unnoticed."""
    assert len(HINTING) >= 22
