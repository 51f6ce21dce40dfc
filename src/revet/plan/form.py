"""The form of a plan, checked before anything in it is judged.

What Terraform never writes is refused: a plan that is read in part may look better than it is.

Source: Terraform and OpenTofu, "JSON output format"; `internal/command/jsonplan` of both says which
members are left out when they are empty.
"""

from __future__ import annotations

from typing import Any

from revet.plan.agreement import check_agreement
from revet.plan.configuration_form import check_configuration
from revet.plan.instance_form import (
    check_checks,
    check_identity,
    check_outputs,
    check_values,
    tree_instances,
)
from revet.plan.shape import Form, marks_fit

_UNSET, _SET, _ANY = "null", "an object", "an object or null"
_SIDES = {
    # actions: before, after
    ("no-op",): (_SET, _SET),
    ("create",): (_UNSET, _SET),
    ("read",): (_ANY, _SET),
    ("update",): (_SET, _SET),
    ("delete",): (_SET, _UNSET),
    ("forget",): (_SET, _UNSET),
    ("delete", "create"): (_SET, _SET),
    ("create", "delete"): (_SET, _SET),
    ("create", "forget"): (_SET, _SET),
    ("forget", "create"): (_SET, _SET),
    ("open",): (_ANY, _ANY),
}
_OF_MODE = {"data": {("read",), ("no-op",)}, "ephemeral": {("open",)}}
_OF_OUTPUTS = {("no-op",), ("create",), ("update",), ("delete",)}
_GONE = {("delete",), ("forget",)}
_NO_FIELD = object()


def check_form(plan: dict[str, Any], form: Form) -> None:
    """Check a plan that was recognized as one.

    Args:
        plan: its JSON.
        form: for messages.

    Raises:
        InputError: a member is missing, of the wrong kind, or says the opposite of another.
    """
    _check_head(plan, form)
    _check_changes(plan["resource_changes"], form)
    planned = _planned(plan.get("planned_values", {}), form)
    if "prior_state" in plan:
        check_prior(plan["prior_state"], form, "prior_state")
    check_configuration(plan["configuration"], form)
    _check_outputs(plan.get("output_changes", {}), form)
    for name, variable in form.mapping(plan.get("variables", {}), "variables").items():
        form.mapping(variable, f"variables.{name}")
    if "checks" in plan:
        check_checks(form, plan["checks"], "checks")
    check_agreement(plan, planned, form)


def _planned(planned_values: object, form: Form) -> dict[str, dict[str, Any]] | None:
    """Address to resource of the planned values; `None` where they are left out."""
    values = form.mapping(planned_values, "planned_values")
    check_outputs(form, values.get("outputs", {}), "planned_values.outputs")
    root = values.get("root_module", {})
    planned = {
        instance.node["address"]: instance.node
        for instance in tree_instances(form, root, "planned_values.root_module")
    }
    return planned if root else None


def _check_head(plan: dict[str, Any], form: Form) -> None:
    form.optional(plan, "terraform_version", str, "")
    form.optional(plan, "timestamp", str, "")
    for name in ("errored", "complete", "applyable"):
        form.optional(plan, name, bool, "")
    for name in ("resource_changes", "resource_drift", "deferred_changes", "relevant_attributes"):
        for number, entry in enumerate(form.sequence(plan.get(name, []), name)):
            form.mapping(entry, f"{name}[{number}]")
    for number, entry in enumerate(plan.get("relevant_attributes", ())):
        path = f"relevant_attributes[{number}]"
        if type(entry.get("resource")) is not str:
            form.refuse(f"{path}.resource", entry.get("resource"), "the address of a resource")
        form.sequence(entry.get("attribute", []), f"{path}.attribute")
    if plan.get("deferred_changes"):
        form.refuse("deferred_changes", plan["deferred_changes"], "none in a complete plan")


def _check_changes(changes: list[dict[str, Any]], form: Form) -> None:
    seen: set[tuple[str, str]] = set()
    for number, node in enumerate(changes):
        path = f"resource_changes[{number}]"
        if type(node.get("address")) is str:
            path += f" ({node['address']})"
        check_identity(form, node, node.get("module_address", ""), path)
        deposed = node.get("deposed", _NO_FIELD)
        if deposed is not _NO_FIELD and not (type(deposed) is str and deposed):
            form.refuse(f"{path}.deposed", deposed, "the key of a deposed object, as text")
        form.optional(node, "previous_address", str, path)
        form.optional(node, "action_reason", str, path)
        key = (node["address"], deposed if type(deposed) is str else "")
        if key in seen:
            form.refuse(f"{path}.address", node["address"], "every address once")
        seen.add(key)
        _check_change(node, path, form, is_deposed=bool(key[1]))


def _check_change(node: dict[str, Any], path: str, form: Form, *, is_deposed: bool) -> None:
    here = f"{path}.change"
    change = form.mapping(node.get("change"), here)
    actions = _actions(change.get("actions"), f"{here}.actions", form)
    legal = _OF_MODE.get(node["mode"], _SIDES.keys() - {("read",), ("open",)})
    if actions not in legal or (is_deposed and actions not in _GONE | {("no-op",)}):
        kind = "deposed object" if is_deposed else f"resource of mode `{node['mode']}`"
        form.refuse(f"{here}.actions", change["actions"], f"what happens to a {kind}")
    for side, expected in zip(("before", "after"), _SIDES[actions], strict=True):
        if side not in change:
            form.missing(f"{here}.{side}", f"{expected}, as `actions` are {list(actions)}")
        value = change[side]
        if not (value is None and expected != _SET) and not (
            type(value) is dict and expected != _UNSET
        ):
            form.refuse(f"{here}.{side}", value, f"{expected}, as `actions` are {list(actions)}")
    if change["before"] is not None:
        check_values(form, node, change["before"], {}, "before")
    if change["after"] is not None and change["after"] != change["before"]:
        check_values(form, node, change["after"], change.get("after_unknown"), "after")
    _check_marks(change, here, form)
    if actions == ("no-op",):
        _check_unchanged(change, here, form)
    form.optional(change, "importing", dict, here)
    form.optional(change, "replace_paths", list, here)
    form.optional(change, "generated_config", str, here)


def _check_unchanged(change: dict[str, Any], path: str, form: Form) -> None:
    before, after, unknown = change["before"], change["after"], change["after_unknown"]
    if before == after:
        return
    for name in {**before, **after}:
        if before.get(name) != after.get(name) and name not in unknown:
            form.refuse(
                f"{path}.after.{name}", after.get(name), "the same as in `before`, for a `no-op`"
            )


def _check_marks(change: dict[str, Any], path: str, form: Form) -> None:
    after = change["after"]
    if after is not None and "after_unknown" not in change:
        form.missing(f"{path}.after_unknown", "marks with the form of `after`")
    unknown = change.get("after_unknown", {})
    allowed = (dict,) if after is not None else (dict, bool)
    if type(unknown) not in allowed or not marks_fit(unknown, after):
        form.refuse(f"{path}.after_unknown", unknown, "an object of marks with the form of `after`")
    for side in ("before", "after"):
        marks = change.get(f"{side}_sensitive", False)
        if type(marks) is list or not marks_fit(marks, change.get(side), unknown_too=True):
            form.refuse(f"{path}.{side}_sensitive", marks, f"marks with the form of `{side}`")


def _actions(value: object, path: str, form: Form) -> tuple[str, ...]:
    texts = type(value) is list and all(type(item) is str for item in value)
    actions = tuple(value) if texts else ()  # type: ignore[arg-type]
    if actions not in _SIDES:
        form.refuse(path, value, "one of Terraform's lists of actions, as `[create]`")
    return actions


def _check_outputs(outputs: object, form: Form) -> None:
    for name, raw in form.mapping(outputs, "output_changes").items():
        path = f"output_changes.{name}"
        change = form.mapping(raw, path)
        if _actions(change.get("actions"), f"{path}.actions", form) not in _OF_OUTPUTS:
            form.refuse(f"{path}.actions", change["actions"], "what happens to an output")
        unknown = change.get("after_unknown")
        if "after_unknown" not in change or not marks_fit(unknown, change.get("after")):
            form.refuse(f"{path}.after_unknown", unknown, "marks with the form of `after`")
        if "after" not in change and unknown is not True:
            form.missing(f"{path}.after", "a value, as it is not marked unknown")
        for side in ("before", "after"):
            form.optional(change, f"{side}_sensitive", bool, path)


def check_prior(state: object, form: Form, path: str) -> None:
    """Check a state inside a plan, or the values of a state.

    Args:
        state: `prior_state`, or what `terraform show -json` writes for a state.
        form: for messages.
        path: of it.

    Raises:
        InputError: its form is wrong.
    """
    node = form.mapping(state, path or "the state")
    form.optional(node, "format_version", str, path)
    form.optional(node, "terraform_version", str, path)
    place = f"{path}.values" if path else "values"
    values = form.mapping(node.get("values", {}), place)
    check_outputs(form, values.get("outputs", {}), f"{place}.outputs")
    for instance in tree_instances(form, values.get("root_module", {}), f"{place}.root_module"):
        found = instance.node.get("values")
        if not path and not found and instance.node["mode"] == "managed":
            raise form.error(
                f"{instance.node['address']}.values",
                "nothing" if found is None else "an empty object",
                "the attributes of the resource, those without value as null",
            )
        if found is not None:
            check_values(form, instance.node, found, {}, "values")
    if "checks" in node:
        check_checks(form, node["checks"], f"{path}.checks" if path else "checks")
