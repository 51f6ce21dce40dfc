"""The plans of mutated stacks, made by the real Terraform with the real AWS provider.

To start Terraform and the provider takes seconds, to plan one more stack a fraction of one. So many
stacks are planned at once, each as a module with a provider block of its own, and each module's
part of the plan is written as the plan of a stack that stands alone. A test plans some of them
alone and compares.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.mutations.difference import ordered
from tests.mutations.sources import Json, Sources, without_comments

from revet.target.embedded import EmbeddedTarget
from revet.target.terraform import Terraform

# What differs between runs, and what the product does not read, is left out.
KEPT = (
    "format_version",
    "terraform_version",
    "variables",
    "resource_changes",
    "output_changes",
    "prior_state",
    "configuration",
    "applyable",
    "complete",
    "errored",
)
_BETWEEN = "--"
_AT_ONCE = 12  # Terraform's graph takes longer than in proportion to what is in it


def plan_alone(sources: Sources, target: EmbeddedTarget, folder: Path) -> Json:
    """The plan of one stack.

    Args:
        sources: of the stack. Its backend is left out: a plan does not carry it.
        target: a running embedded AWS, for data sources.
        folder: an empty folder for Terraform.

    Raises:
        TerraformError: Terraform does not take the configuration.
    """
    _write(sources, folder)
    made: Json = ordered(_trimmed(_plan(target, folder)))
    return made


def plan_together(
    stacks: Mapping[str, Sources], target: EmbeddedTarget, folder: Path
) -> dict[str, Json]:
    """The plans of several stacks, as if each stood alone.

    Args:
        stacks: name, which Terraform takes for a module, to its sources.
        target: a running embedded AWS, for data sources.
        folder: an empty folder for Terraform.

    Raises:
        TerraformError: Terraform does not take one of the configurations.
    """
    names = list(stacks)
    made: dict[str, Json] = {}
    for start in range(0, len(names), _AT_ONCE):
        some = {name: stacks[name] for name in names[start : start + _AT_ONCE]}
        made |= _plan_at_once(some, target, folder / str(start))
    return made


def _plan_at_once(
    stacks: Mapping[str, Sources], target: EmbeddedTarget, folder: Path
) -> dict[str, Json]:
    outputs: Json = {}
    for name, sources in stacks.items():
        _write(sources, folder / name)
        outputs |= {
            f"{name}{_BETWEEN}{output}": {"value": f"${{module.{name}.{output}}}"}
            for output in sources.configuration.get("output", {})
        }
    calls = {name: {"source": f"./{name}"} for name in stacks}
    root = {"module": calls, "output": outputs}
    (folder / "main.tf.json").write_text(json.dumps(root), encoding="utf-8")
    plan = _plan(target, folder)
    return {name: ordered(_part(plan, name, stacks[name])) for name in stacks}


def _write(sources: Sources, folder: Path) -> None:
    configuration = without_comments(sources.configuration)
    configuration.get("terraform", {}).pop("backend", None)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "main.tf.json").write_text(json.dumps(configuration), encoding="utf-8")
    for name, text in sources.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def _plan(target: EmbeddedTarget, folder: Path) -> Json:
    terraform = Terraform(folder, environment=target.environment())
    terraform.init()
    plan: Json = json.loads(terraform.plan().json_bytes)
    return plan


def _trimmed(plan: Json) -> Json:
    """Of the state only what data sources gave: outputs there are those of the changes again."""
    made = {name: plan[name] for name in KEPT if name in plan}
    if "prior_state" in made:
        made["prior_state"] = {
            "values": {"root_module": plan["prior_state"]["values"].get("root_module", {})}
        }
    return made


def _part(plan: Json, name: str, sources: Sources) -> Json:
    """The plan of one module, as if it were the root."""
    own = f"module.{name}"
    states = plan.get("prior_state", {}).get("values", {}).get("root_module", {})
    inside = [m for m in states.get("child_modules", ()) if m["address"] == own]
    configuration = plan["configuration"]
    providers = {
        _without(key, name): _provider(provider, name)
        for key, provider in configuration["provider_config"].items()
        if provider.get("module_address") == own
    }
    given = sources.configuration.get("variable", {})
    changed = [c for c in plan["resource_changes"] if _is_in(c.get("module_address", ""), own)]
    made: Json = {
        **_trimmed(plan),
        "resource_changes": _moved(changed, name),
        "output_changes": {
            key.partition(_BETWEEN)[2]: change
            for key, change in plan["output_changes"].items()
            if key.partition(_BETWEEN)[0] == name
        },
        "configuration": {
            "provider_config": providers,
            "root_module": _moved(configuration["root_module"]["module_calls"][name], name)[
                "module"
            ],
        },
    }
    if given:
        made["variables"] = {key: {"value": item["default"]} for key, item in given.items()}
    if inside:
        moved = _moved(inside[0], name)
        del moved["address"]
        made["prior_state"] = {"values": {"root_module": moved}}
    return made


_PLACES = ("address", "module_address", "provider_config_key")


def _moved(value: object, name: str) -> Any:  # noqa: ANN401 - JSON
    """Addresses without the module."""
    if isinstance(value, list):
        return [_moved(item, name) for item in value]
    if not isinstance(value, dict):
        return value
    made = {}
    for key, item in value.items():
        if key in _PLACES and isinstance(item, str):
            if item != f"module.{name}" or key == "address":
                made[key] = _without(item, name)
        else:
            made[key] = _moved(item, name)
    return made


def _without(address: str, name: str) -> str:
    for start in (f"module.{name}.", f"module.{name}:", f"{name}:"):
        if address.startswith(start):
            return address.removeprefix(start)
    return address


def _is_in(module: str, own: str) -> bool:
    return module == own or module.startswith(f"{own}.")


def _provider(provider: Json, name: str) -> Json:
    return {key: item for key, item in _moved(provider, name).items() if key != "module_address"}
