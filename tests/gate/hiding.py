"""Making one known value of a plan unknown, as Terraform would write it."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

Json = dict[str, Any]
Steps = tuple[str | int, ...]
_LOST = {"references": ["local.lost"]}


@dataclass(frozen=True, slots=True)
class Hideable:
    """A known value of a plan.

    Args:
        address: of the resource or data source; `output.NAME` for an output.
        steps: that lead to it among its attributes; none for an output.
        lost: whether what it is written with is not to be seen either: it may be anything then.
    """

    address: str
    steps: Steps = ()
    lost: bool = False

    def __str__(self) -> str:
        """As a path of a finding is written."""
        return ".".join(map(str, (self.address, *self.steps)))

    @property
    def how(self) -> str:
        """For messages."""
        return f"{self}, and what it is made of," if self.lost else str(self)


def hideable(plan: Json) -> list[Hideable]:
    """All that is known in a plan: values, and the lists and maps around them; each in two ways."""
    found = [
        Hideable(change["address"], steps)
        for change in plan["resource_changes"]
        if change["change"]["after"] is not None
        for steps in _steps(change["change"]["after"])
    ]
    found += [
        Hideable(source["address"], steps)
        for source in _read_before(plan)
        for steps in _steps(source["values"])
    ]
    found += [
        Hideable(f"output.{name}")
        for name, change in plan.get("output_changes", {}).items()
        if change.get("after") is not None and not change.get("after_unknown")
    ]
    return [*found, *(replace(place, lost=True) for place in found)]


def hidden(plan: Json, place: Hideable) -> Json:
    """The plan with one value made unknown; what was read from AWS is read during apply then."""
    plan = _without_expression(plan, place) if place.lost else dict(plan)
    plan.pop("planned_values", None)  # they say the changes once more
    head, _, name = place.address.partition(".")
    if not place.steps:
        outputs = dict(plan["output_changes"])
        kept = {key: item for key, item in outputs[name].items() if key != "after"}
        outputs[name] = {**kept, "after_unknown": True}
        return {**plan, "output_changes": outputs}
    changes = list(plan["resource_changes"])
    if head == "data" or ".data." in place.address:
        read = [_reading(source) for source in _read_before(plan, place.address)]
        if read:
            changes = [change for change in changes if change["address"] != place.address] + read
    plan["resource_changes"] = [
        _with_hidden(change, place.steps)
        if change["address"] == place.address and "deposed" not in change
        else change
        for change in changes
    ]
    return plan


def _without_expression(plan: Json, place: Hideable) -> Json:
    """The plan with a local value in place of what is written there, of which nothing is known."""
    plan = {**plan, "configuration": copy.deepcopy(plan["configuration"])}
    module = plan["configuration"]["root_module"]
    if not place.steps:
        module["outputs"][place.address.partition(".")[2]]["expression"] = _LOST
        return plan
    plain = re.sub(r"\[[^\]]*\]", "", place.address)
    while plain.startswith("module."):
        _, name, plain = plain.split(".", 2)
        module = module["module_calls"][name]["module"]
    for resource in module["resources"]:
        if resource["address"] == plain:
            _lose(resource.get("expressions", {}), place.steps)
    return plan


def _lose(written: Any, steps: Steps) -> None:  # noqa: ANN401 - parsed JSON
    """Overwrite the expression at the steps, or the one around them; none may be there."""
    step, *rest = steps
    items: dict[Any, Any] = written if isinstance(written, dict) else dict(enumerate(written))
    there = items.get(step)
    if there is None:
        return
    if rest and not _is_expression(there):
        _lose(there, tuple(rest))
    elif isinstance(written, list):  # a block stays one
        for name in there:
            _lose(there, (name,))
    else:
        written[step] = _LOST


def _is_expression(node: object) -> bool:
    return isinstance(node, dict) and node != {} and node.keys() <= {"constant_value", "references"}


def _steps(value: object, before: Steps = ()) -> Iterator[Steps]:
    items: Any = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    elif value is None:
        return
    if before:
        yield before
    for key, item in items:
        yield from _steps(item, (*before, key))


def _read_before(plan: Json, address: str = "") -> Iterator[Json]:
    """The data sources that were read while planning, or the one with an address."""
    states = [plan.get("prior_state", {}).get("values", {}).get("root_module", {})]
    while states:
        state = states.pop()
        states += state.get("child_modules", ())
        for resource in state.get("resources", ()):
            if resource["mode"] == "data" and address in ("", resource["address"]):
                yield resource


def _reading(source: Json) -> Json:
    change = {"actions": ["read"], "before": None, "after": source["values"], "after_unknown": {}}
    own = f"data.{source['type']}.{source['name']}"
    module = source["address"].rpartition(own)[0].rstrip(".")
    kept = {key: item for key, item in source.items() if key != "values"}
    return {**kept, **({"module_address": module} if module else {}), "change": change}


def _with_hidden(entry: Json, steps: Steps) -> Json:
    entry = copy.deepcopy(entry)
    value: Any = entry["change"]["after"]
    marks: Any = entry["change"]["after_unknown"]
    for step in steps[:-1]:
        value, marks = value[step], _opened(marks, step, value[step])
    _opened(marks, steps[-1], None)
    marks[steps[-1]] = True
    if isinstance(value, dict):
        del value[steps[-1]]
    else:
        value[steps[-1]] = None
    return entry


def _opened(marks: Any, step: Any, value: object) -> Any:  # noqa: ANN401 - parsed JSON
    """The marks one step further in; made where there are none yet."""
    if isinstance(marks, list):
        marks.extend(False for _ in range(len(marks), int(step) + 1))
    there = marks[step] if isinstance(marks, list) else marks.get(step)
    if not isinstance(there, list | dict):
        marks[step] = [] if isinstance(value, list) else {}
    return marks[step]
