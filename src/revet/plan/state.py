"""A Terraform state read as a plan that changes nothing, so that one reading serves both."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from revet.model.errors import InputError
from revet.plan.form import check_prior
from revet.plan.inventory import Inventory, Reading
from revet.plan.load import Origin, inventory_of, planned_inventory
from revet.plan.missing_values import Gap
from revet.plan.reading import checked_plan, parse_plan, read_source
from revet.plan.shape import Form, kind_of
from revet.plan.strict_json import parse_json
from revet.plan.synthesis import SynthesisFacts, read_synthesis

_FORMAT = "1."


def load_state(state_json: Path | bytes | Mapping[str, Any]) -> Inventory:
    """Load the inventory of a state.

    Args:
        state_json: path, bytes or parsed JSON of `terraform show -json` for a state.

    An attribute of the provider's schema that the state lacks is unknown: a state that Terraform
    wrote has all of them.

    Raises:
        InputError: it cannot be read, is no state, or has a form that no state has.
    """
    where = str(state_json) if isinstance(state_json, Path) else "the given state"
    data = read_source(state_json, where, "state")
    raw = parse_json(data, partial(_not_json, where))
    return state_of(raw, hashlib.sha256(data).hexdigest(), where)


def load_plan_or_state(
    source: Path | bytes,
    synth_json: Path | Mapping[str, Any] | None = None,
    sources: Path | None = None,
) -> Inventory:
    """Load a plan or a state.

    Args:
        source: path or bytes of what `terraform show -json` wrote.
        synth_json: the stack's `cdk.tf.json`; see `load_plan`.
        sources: folder of the configuration's files; see `load_plan`. A state has no configuration
            that they could belong to: they are not looked at.

    Raises:
        InputError: it cannot be read, is neither, or is not complete.
        PrerequisiteError: there are sources, and the parser of them is not installed.
    """
    where = str(source) if isinstance(source, Path) else "the given plan"
    data = read_source(source, where, "plan")
    raw = parse_plan(data, where)
    sha256 = hashlib.sha256(data).hexdigest()
    synthesis = read_synthesis(synth_json) if synth_json is not None else None
    if is_state(raw):
        return state_of(raw, sha256, where, synthesis)
    return planned_inventory(checked_plan(raw, where), sha256, synthesis, sources)


def state_of(
    raw: object, sha256: str, where: str, synthesis: SynthesisFacts | None = None
) -> Inventory:
    """The inventory of a state's parsed JSON.

    Args:
        raw: the JSON.
        sha256: of the bytes that it was read from, in hex.
        where: it comes from, for messages.
        synthesis: what the synthesized configuration says.

    Raises:
        InputError: it is no state, or has a form that no state has.
    """
    if not isinstance(raw, dict):
        _not_json(where, "is not an object", kind_of(raw))
    values = raw.get("values")
    if not isinstance(values, dict) or "root_module" not in values:
        raise InputError(
            "not a Terraform state in JSON form",
            where=where,
            got="no `values.root_module`",
            expected="the output of `terraform show -json` for a state that is not empty",
            do="pass that",
        )
    check_prior(raw, Form("state", where, "terraform show -json"), "")
    content = _as_plan(raw, values)
    origin = Origin(Reading.STATE, missing=Gap.MISSING)
    return inventory_of(content, sha256, synthesis, origin=origin)


def addresses_in(state: Mapping[str, Any], *, deposed: bool = False) -> tuple[str, ...]:
    """The addresses of the managed instances in a state, in its order.

    Args:
        state: parsed JSON of `terraform show -json` for a state, which may hold nothing.
        deposed: of those alone that a replacement has left to be destroyed; their addresses end
            with the key by which Terraform knows them.

    Raises:
        InputError: it is no state, or of a format that is not known.
    """
    version = str(state.get("format_version", ""))
    if not version.startswith(_FORMAT):
        raise InputError(
            "not a Terraform state in JSON form",
            where="`format_version`",
            got=f"`{version}`",
            expected="`1.x`",
            do="pass the output of `terraform show -json`",
        )
    found = []
    for node in _nodes((state.get("values") or {}).get("root_module") or {}):
        key = node.get("deposed_key")
        if node["mode"] == "managed" and (key or not deposed):
            found.append(f"{node['address']} (deposed {key})" if key else node["address"])
    return tuple(found)


def shown_outputs(state: Mapping[str, Any]) -> dict[str, Any]:
    """The outputs in a state, name to value; sensitive ones are left out.

    Args:
        state: parsed JSON of `terraform show -json` for a state.
    """
    outputs = (state.get("values") or {}).get("outputs") or {}
    return {
        name: output.get("value")
        for name, output in outputs.items()
        if not output.get("sensitive", False)
    }


def is_state(raw: object) -> bool:
    """Whether parsed JSON is that of a state, and not of a plan.

    Args:
        raw: what `terraform show -json` wrote.
    """
    return (
        isinstance(raw, dict)
        and isinstance(raw.get("values"), dict)
        and "format_version" in raw
        and not {"resource_changes", "planned_values", "configuration"} & raw.keys()
    )


def output_changes(outputs: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The outputs of a state in the form of a plan that changes none.

    Args:
        outputs: name to output, as `terraform show -json` has them in a state; a secret may lack
            its value.
    """
    return {
        name: {
            "actions": ["no-op"],
            "after_unknown": False,
            "after_sensitive": bool(output.get("sensitive")),
            **({"after": output["value"]} if "value" in output else {}),
        }
        for name, output in outputs.items()
    }


def _not_json(where: str, what: str, got: str) -> NoReturn:
    raise InputError(
        f"the state {what}",
        where=where,
        got=got,
        expected="the output of `terraform show -json` for a state",
        do="create it again",
    )


def _as_plan(raw: Mapping[str, Any], values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The plan that changes nothing of a state."""
    return {
        "format_version": "1.2",
        "terraform_version": raw.get("terraform_version", ""),
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
        "output_changes": output_changes(values.get("outputs") or {}),
        "prior_state": {"format_version": "1.0", "values": values},
        "configuration": {},
        "complete": True,
        "errored": False,
    }


def _managed(module: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for node in _nodes(module):
        if node["mode"] == "managed" and "deposed_key" not in node:
            yield node


def _nodes(module: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from module.get("resources", ())
    for child in module.get("child_modules", ()):
        yield from _nodes(child)
