"""What is not a complete plan is refused; what is one keeps its identity."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from revet.model.errors import InputError
from revet.model.finding import SourceLine
from revet.plan import Inventory, load_plan, read_synthesis

FOLDER = Path(__file__).parent
HCL = FOLDER / "data" / "hcl.json"
TEMPLATE = FOLDER / "sources" / "template" / "main.tf.json"


def changed(**fields: object) -> dict[str, Any]:
    plan: dict[str, Any] = json.loads(HCL.read_bytes())
    return {name: value for name, value in (plan | fields).items() if value is not None}


REFUSED: dict[str, tuple[Any, str, str]] = {
    "nothing": (b"", "the plan is empty", "0 bytes"),
    "blank": (b" \n", "the plan is empty", "2 bytes"),
    "cut off": (HCL.read_bytes()[:5000], "the plan is cut off", "line"),
    "not JSON": (b"Terraform will perform", "the plan is not JSON", "line 1, column 0"),
    "not UTF-8": (b'{"a": "\xff"}', "the plan is not UTF-8", "0xff"),
    "binary": (b"PK\x03\x04rest", "this is a binary plan, not its JSON", "zip"),
    "a list": (b"[]", "this is not a plan", "list"),
    "a state": (b'{"version": 4, "serial": 1, "lineage": "x"}', "this is not a plan", "state file"),
    "a shown state": (
        b'{"format_version": "1.0", "values": {}}', "this is not a plan", "JSON of a state"),
    "synthesized": (TEMPLATE, "this is not a plan", "synthesized configuration"),
    "event log": (b'{"@level": "info"}', "this is not a plan", "event log"),
    "something": (b'{"a": 1}', "this is not a plan", "`a`"),
    "version 2": (changed(format_version="2.0"), "the plan has a format", "`2.0`"),
    "errored": (changed(errored=True), "the plan failed half-way", "errored"),
    "incomplete": (changed(complete=False), "the plan is not complete", "complete"),
    "no changes": (changed(resource_changes=[]), "there is nothing to judge", "resource_changes"),
    "no configuration": (changed(configuration=None), "the plan has lost", "configuration"),
    "mangled": (changed(resource_changes=[{"address": "x"}]), "the plan does not have", "null"),
    "no file": (FOLDER / "none.json", "the plan cannot be read", "No such file"),
    "deep": (b"[" * 200_000, "the plan is nested too deeply", "nesting"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_complete_plan_is_refused(name: str) -> None:
    source, what, got = REFUSED[name]
    with pytest.raises(InputError) as caught:
        load_plan(source)
    assert caught.value.what.startswith(what)
    assert got in caught.value.got
    assert all((caught.value.where, caught.value.expected, caught.value.do))


def test_bytes_path_and_mapping_are_the_same_plan() -> None:
    plans = [load_plan(HCL), load_plan(HCL.read_bytes()), load_plan(json.loads(HCL.read_bytes()))]
    assert len({tuple(plan.resources) for plan in plans}) == 1
    assert plans[0].sha256 == plans[1].sha256 == hashlib.sha256(HCL.read_bytes()).hexdigest()


def test_actions_and_what_is_gone(plan_of: Callable[[str], Inventory]) -> None:
    plan = plan_of("changes")
    actions = {address: item.actions for address, item in plan.resources.items()}
    assert actions == {
        "aws_sns_topic.kept": ("no-op",),
        "aws_sns_topic.updated": ("update",),
        "aws_sns_topic.replaced": ("delete", "create"),
    }
    gone = {address: item.actions for address, item in plan.deleted.items()}
    assert gone == {
        "aws_sns_topic.deleted": ("delete",),
        "aws_sns_topic.forgotten": ("forget",),
    }
    assert plan.deleted["aws_sns_topic.deleted"].get("name") == "deleted"
    assert plan.of_type("aws_sns_topic") == tuple(plan.resources.values())


def test_regions_come_from_the_provider_of_each_resource(
    plan_of: Callable[[str], Inventory],
) -> None:
    plan = plan_of("hcl")
    assert plan.resources["aws_sns_topic.west"].provider_region == "us-west-1"
    assert plan.resources["aws_s3_bucket.named"].provider_region == "us-west-2"
    assert plan.resources["module.storage.aws_iam_policy.read"].provider_region == "us-west-2"


def test_outputs_versions_and_data(plan_of: Callable[[str], Inventory]) -> None:
    plan = plan_of("hcl")
    assert plan.terraform_version == "1.11.4"
    assert plan.outputs["bucket_name"] == "named"
    assert type(plan.outputs["bucket_arn"]).__name__ == "Symbolic"
    assert type(plan.outputs["password"]).__name__ == "Sensitive"
    assert "only a test" not in repr(plan.outputs)
    assert "data.aws_iam_policy_document.known" in plan_of("dynamic").data


def test_a_record_of_a_construct_gives_its_resources_the_users_line() -> None:
    record = {
        "construct": "s3.Bucket",
        "path": "demo/data",
        "resources": ["aws_s3_bucket.b"],
        "source": {"file": "stack.py", "line": 7},
    }
    facts = read_synthesis({"resource": {}, "//": {"revet": {"constructs": [record]}}})
    assert facts.sources == {"aws_s3_bucket.b": SourceLine("stack.py", 7)}


def test_identity_is_the_full_address(plan_of: Callable[[str], Inventory]) -> None:
    plan = plan_of("hcl")
    resource = plan.resources['module.each["x"].aws_s3_bucket.inner["x"]']
    assert (resource.module, resource.type, resource.name, resource.index) == (
        'module.each["x"]', "aws_s3_bucket", "inner", "x",
    )  # fmt: skip
    assert plan.resources["aws_s3_bucket.logs[1]"].index == 1


def test_synthesis_gives_paths_lines_constructs_and_backend(
    plan_of: Callable[[str], Inventory],
) -> None:
    plan = plan_of("template")
    assert plan.resources["aws_s3_bucket.b"].construct_path == "demo/data/b"
    assert plan.resources["aws_iam_role.r"].source == SourceLine("lib/demo.py", 42)
    assert plan.resources["aws_kms_key.k"].source is None
    facts = plan.synthesis
    assert facts is not None
    assert facts.stack == "demo"
    assert facts.version == "0.1.0"
    assert facts.backend == {"local": {}}
    assert facts.sha256 == hashlib.sha256(TEMPLATE.read_bytes()).hexdigest()
    (record,) = facts.constructs
    assert (record.construct, record.path, record.resources) == (
        "s3.Bucket", "demo/data", ("aws_s3_bucket.b",),
    )  # fmt: skip
    assert [(item.argument, item.reason) for item in record.weakened] == [
        ("force_destroy", "a test")
    ]


@pytest.mark.parametrize(
    "source",
    [HCL, FOLDER / "none.json", FOLDER / "cases.toml", {"//": {"revet": {"constructs": [{}]}}}],
)
def test_what_is_no_synthesis_is_refused(source: Any) -> None:  # noqa: ANN401 - path or mapping
    with pytest.raises(InputError):
        read_synthesis(source)


MEASURE = """
import sys
from pathlib import Path
from revet.plan import load_plan
plan = load_plan(Path(sys.argv[1]))
for item in plan.of_type("aws_s3_bucket"):
    for kind in ("versioning", "public_access_block", "policy"):
        try:
            plan.attached(item, f"aws_s3_bucket_{kind}", via="bucket")
        except Exception as error:
            assert type(error).__name__ == "UnknownValueError"
for item in plan.of_type("aws_s3_bucket_policy", "aws_iam_policy"):
    try:
        item.policy("policy")
    except Exception as error:
        assert type(error).__name__ == "UnknownValueError"
status = Path("/proc/self/status").read_text()
[peak] = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
print(len(plan.resources), int(peak) / 1024)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the peak is read from Linux")
def test_a_thousand_resources_fit_the_budget(tmp_path: Path) -> None:
    # At most 120 MB for the whole process; the time is measured in benchmarks/.
    plan = json.loads((FOLDER / "data" / "template.json").read_bytes())
    copies = range(1000 // len(plan["resource_changes"]) + 1)
    root = plan["configuration"]["root_module"]
    text = json.dumps([plan["resource_changes"], root["resources"], root["module_calls"]])
    many = [json.loads(_renamed(text, number)) for number in copies]
    plan["resource_changes"] = [change for changes, _, _ in many for change in changes]
    root["resources"] = [resource for _, resources, _ in many for resource in resources]
    root["module_calls"] = {name: call for _, _, calls in many for name, call in calls.items()}
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plan))
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)],
        capture_output=True, text=True, check=True, env={**os.environ},
    )  # fmt: skip
    resources, megabytes = map(float, done.stdout.split())
    assert resources > 900
    assert megabytes < 120


def _renamed(text: str, number: int) -> str:
    """The resources and modules of the plan under names of their own, wherever they stand."""
    names = r"(\b(?:aws_[a-z0-9_]+|terraform_data|module)\.)(?=[a-z])"
    renamed = re.sub(names, rf"\g<1>x{number}_", text)
    changes, resources, calls = json.loads(renamed)
    for node in [*changes, *resources, *_resources_of(calls)]:
        node["name"] = f"x{number}_{node['name']}"
    calls = {f"x{number}_{name}": call for name, call in calls.items()}
    return json.dumps([changes, resources, calls])


def _resources_of(calls: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for call in calls.values():
        yield from call["module"].get("resources", ())
        yield from _resources_of(call["module"].get("module_calls", {}))
