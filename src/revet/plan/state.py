"""A Terraform state read as a plan that changes nothing, so that one reading serves both."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from revet.model.errors import InputError
from revet.plan.load import load_plan
from revet.plan.plan import Plan


def load_state(state_json: Path | bytes | Mapping[str, Any]) -> Plan:
    """Load a state as the plan of a configuration that is wholly applied.

    Args:
        state_json: path, bytes or parsed JSON of `terraform show -json` for a state.

    Raises:
        InputError: it cannot be read, or is no state.
    """
    raw = _read(state_json)
    values = raw.get("values")
    if not isinstance(values, dict) or not isinstance(values.get("root_module"), dict):
        raise InputError(
            "not a Terraform state in JSON form",
            where=str(state_json) if isinstance(state_json, Path) else "the given state",
            got="no `values.root_module`",
            expected="the output of `terraform show -json` for a state that is not empty",
            do="pass that",
        )
    return load_plan(
        {
            "format_version": "1.2",
            "terraform_version": raw.get("terraform_version", ""),
            "planned_values": {"root_module": values["root_module"], "outputs": {}},
            "resource_changes": [
                {
                    **{
                        name: node[name]
                        for name in ("address", "mode", "type", "name", "index", "provider_name")
                        if name in node
                    },
                    "change": {
                        "actions": ["no-op"],
                        "before": node.get("values"),
                        "after": node.get("values"),
                        "after_unknown": {},
                        "before_sensitive": {},
                        "after_sensitive": node.get("sensitive_values") or {},
                    },
                }
                for node in _managed(values["root_module"])
            ],
            "prior_state": {"format_version": "1.0", "values": values},
            "configuration": {},
            "complete": True,
            "errored": False,
        }
    )


def _read(state_json: Path | bytes | Mapping[str, Any]) -> Mapping[str, Any]:
    if isinstance(state_json, Mapping):
        return state_json
    try:
        text = state_json.read_bytes() if isinstance(state_json, Path) else state_json
        content = json.loads(text)
    except (OSError, ValueError) as error:
        raise InputError(
            "the state cannot be read",
            where=str(state_json) if isinstance(state_json, Path) else "the given state",
            got=str(error),
            expected="the output of `terraform show -json` for a state",
            do="make it anew",
        ) from error
    if not isinstance(content, dict):
        raise InputError(
            "the state cannot be read",
            got=type(content).__name__,
            expected="a JSON object",
            do="pass the output of `terraform show -json`",
        )
    return content


def _managed(module: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for node in module.get("resources", ()):
        if node.get("mode") == "managed":
            yield node
    for child in module.get("child_modules", ()):
        yield from _managed(child)
