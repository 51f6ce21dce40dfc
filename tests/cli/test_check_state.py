"""`revet check STATE.json`: the same controls over what Terraform knows of what it deployed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Protocol

import pytest

from revet.plan.kinds import attribute_kinds


class Caller(Protocol):
    """The fixture `call`."""

    def __call__(self, *arguments: str, stdin: bytes | None = None) -> Ended: ...


class Ended(Protocol):
    """How a call ended."""

    code: int
    err: str
    all: str


def _is_list(shape: object) -> bool:
    return isinstance(shape, tuple) and shape[0] == "["


def node(kind: str, name: str, values: dict[str, Any]) -> dict[str, Any]:
    """A resource as a state has it: every attribute of the schema, null where nothing is set."""
    kinds = attribute_kinds(kind)
    assert isinstance(kinds, dict)
    unset: dict[str, Any] = {key: [] if _is_list(shape) else None for key, shape in kinds.items()}
    return {
        "address": f"{kind}.{name}",
        "mode": "managed",
        "type": kind,
        "name": name,
        "provider_name": "registry.terraform.io/hashicorp/aws",
        "schema_version": 0,
        "values": unset | values,
        "sensitive_values": {},
    }


def state(*nodes: dict[str, Any], outputs: dict[str, Any] | None = None) -> bytes:
    values = {"outputs": outputs or {}, "root_module": {"resources": list(nodes)}}
    content = {"format_version": "1.0", "terraform_version": "1.11.4", "values": values}
    return json.dumps(content).encode()


GROUP = {"id": "g", "name": "g", "retention_in_days": 30, "kms_key_id": "", "name_prefix": ""}


def test_a_state_is_judged_and_the_verdict_says_so(call: Caller, tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.write_bytes(state(node("aws_cloudwatch_log_group", "g", GROUP)))
    ended = call("check", str(path), "--format", "json", "-o", str(tmp_path / "verdict.json"))
    assert ended.code == 1
    found = json.loads((tmp_path / "verdict.json").read_text())
    assert found["provenance"]["reading"] == "state"
    assert found["provenance"]["notes"]["judged"].startswith("a state")
    answers = {one["control"]: (one["status"], one["origin"]) for one in found["findings"]}
    assert answers["logs-group-retention"] == ("pass", "state")
    assert answers["logs-group-encryption"] == ("fail", "state")
    assert "known after apply" not in json.dumps(found)


def test_a_state_from_stdin(call: Caller) -> None:
    ended = call("check", "-", stdin=state(node("aws_cloudwatch_log_group", "g", GROUP)))
    assert (ended.code, "judged: a state" in ended.all) == (1, True)


def test_the_outputs_of_a_state_are_judged(call: Caller, tmp_path: Path) -> None:
    baseline = tmp_path / "b.toml"
    baseline.write_text(
        'controls = ["terraform-outputs"]\n[settings.terraform-outputs]\nnames = ["a", "b"]\n'
    )
    outputs: dict[str, Any] = {"a": {"sensitive": False, "value": "x", "type": "string"}}
    group = node("aws_cloudwatch_log_group", "g", GROUP)
    lacking = call("check", "-", "--baseline", str(baseline), stdin=state(group, outputs=outputs))
    assert (lacking.code, "missing: `b`" in lacking.all) == (1, True)
    outputs["b"] = {"sensitive": True, "value": "secret", "type": "string"}
    whole = call("check", "-", "--baseline", str(baseline), stdin=state(group, outputs=outputs))
    assert (whole.code, "secret" in whole.all) == (0, False)


def test_sources_belong_to_a_plan(call: Caller, tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.write_bytes(state(node("aws_cloudwatch_log_group", "g", GROUP)))
    (tmp_path / "main.tf").write_text('resource "aws_cloudwatch_log_group" "g" {}\n')
    refused = call("check", str(path), "--source", str(tmp_path))
    assert (refused.code, "requires a plan" in refused.err) == (3, True)
    assert call("check", str(path)).code == 1


@pytest.mark.parametrize("missing", ["retention_in_days", "kms_key_id"])
def test_what_a_state_lacks_is_unknown(call: Caller, missing: str) -> None:
    group = node("aws_cloudwatch_log_group", "g", GROUP)
    del group["values"][missing]
    ended = call("check", "-", stdin=state(group))
    assert ended.code == 1
    assert f"`aws_cloudwatch_log_group.g.{missing}` is not known" in ended.all
