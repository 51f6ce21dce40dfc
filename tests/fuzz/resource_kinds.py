"""Mutations of the resources of a plan: what is planned of them, where, and whether at all."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from tests.fuzz.attempt import Attempt, InapplicableError
from tests.fuzz.trees import Json, Steps, at

_CHANGES = "resource_changes"


def _changes(attempt: Attempt) -> tuple[Steps, Json]:
    steps = attempt.entry(_CHANGES)
    node = at(attempt.plan, steps)
    if not isinstance(node, dict):
        raise InapplicableError
    return steps, node


def _field(
    name: str, *values: object, of: Callable[[Any], object] | None = None
) -> Callable[[Attempt], None]:
    """Another value for a field of an entry of `resource_changes`, and of no other section."""

    def kind(attempt: Attempt) -> None:
        steps, node = _changes(attempt)
        old = node.get(name)
        choices = [value for value in values if value != old or type(value) is not type(old)]
        if of is not None and old is not None:
            choices.append(of(old))
        attempt.write((*steps, name), attempt.draw.choice(choices))

    kind.__doc__ = f"`{name}` of a resource is another one in `resource_changes` only."
    return kind


def _of_change(name: str, *values: object) -> Callable[[Attempt], None]:
    def kind(attempt: Attempt) -> None:
        steps, node = _changes(attempt)
        if name not in node["change"] and "(absent)" in values:
            raise InapplicableError
        value = attempt.draw.choice(values)
        if value == "(absent)":
            attempt.remove((*steps, "change", name))
        elif node["change"].get(name) == value:
            raise InapplicableError
        else:
            attempt.write((*steps, "change", name), copy.deepcopy(value))

    kind.__doc__ = f"`{name}` of a change is missing or not what it must be."
    return kind


def empty_twin(attempt: Attempt) -> None:
    """The same address a second time, with nothing in it."""
    steps, node = _changes(attempt)
    twin = copy.deepcopy(node)
    twin["change"] = {
        **twin["change"],
        "after": attempt.draw.choice(({}, None)),
        "after_unknown": attempt.draw.choice(({}, False)),
        "actions": attempt.draw.choice((["create"], ["no-op"], ["delete"], ["forget"])),
    }
    _insert(attempt, twin)
    attempt.changed.append((steps, "(an empty twin)"))


def full_twin(attempt: Attempt) -> None:
    """The same address a second time, the same in all but one value."""
    steps, node = _changes(attempt)
    twin = copy.deepcopy(node)
    after = twin["change"].get("after")
    if not after:
        raise InapplicableError
    del after[attempt.draw.choice(sorted(after))]
    _insert(attempt, twin)
    attempt.changed.append((steps, "(a twin)"))


def _insert(attempt: Attempt, twin: Json) -> None:
    changes = attempt.plan[_CHANGES]
    changes.insert(attempt.draw.choice((0, len(changes))), twin)


def _dropped(section: str) -> Callable[[Attempt], None]:
    def kind(attempt: Attempt) -> None:
        attempt.remove(attempt.entry(section))

    kind.__doc__ = f"A resource is gone from `{section}` only."
    return kind


def deposed(attempt: Attempt) -> None:
    """The only entry of a resource is one for a deposed object, which is not judged."""
    steps, node = _changes(attempt)
    node["deposed"] = attempt.draw.choice((None, "", "00000000", True, False, 0, {}, []))
    attempt.changed.append(((*steps, "deposed"), node["deposed"]))


def unknown_known(attempt: Attempt) -> None:
    """A known value is marked as not known yet: that must not help."""
    steps, node = _changes(attempt)
    after, marks = node["change"].get("after"), node["change"].get("after_unknown")
    if not after or not isinstance(marks, dict):
        raise InapplicableError
    name = attempt.draw.choice(sorted(after))
    attempt.write((*steps, "change", "after_unknown", name), True)


def unknown_wrong(attempt: Attempt) -> None:
    """A mark of what is not known is of another kind."""
    steps, node = _changes(attempt)
    after, marks = node["change"].get("after") or {}, node["change"].get("after_unknown")
    names = sorted({*after, *(marks if isinstance(marks, dict) else ())})
    if not names or not isinstance(marks, dict):
        raise InapplicableError
    name = attempt.draw.choice(names)
    value: Any = attempt.draw.choice(("true", "false", 1, 0, None, "x", [True], {"x": True}, [[]]))
    attempt.write((*steps, "change", "after_unknown", name), value)


def unknown_everything(attempt: Attempt) -> None:
    """The whole of a resource is not known, or so it says."""
    steps, node = _changes(attempt)
    node["change"]["after_unknown"] = attempt.draw.choice((True, "true", [True], 1))
    if attempt.draw.random() < 1 / 2:
        node["change"]["after"] = attempt.draw.choice((None, {}, [], "", "x", True))
    attempt.changed.append(((*steps, "change", "after_unknown"), node["change"]["after_unknown"]))


def sensitive_lies(attempt: Attempt) -> None:
    """Values are marked as sensitive, or in a way that is no mark."""
    steps, node = _changes(attempt)
    after = node["change"].get("after")
    names = sorted(after) if isinstance(after, dict) else []
    value: object = attempt.draw.choice((True, "true", 1, None, [], {"x": "true"}))
    if names and attempt.draw.random() < 1 / 2:
        value = {attempt.draw.choice(names): value}
    if node["change"].get("after_sensitive") == value:
        raise InapplicableError
    attempt.write((*steps, "change", "after_sensitive"), value)


def swapped(attempt: Attempt) -> None:
    """What is before and what is after change places."""
    steps, node = _changes(attempt)
    change = node["change"]
    if change.get("before") == change.get("after"):
        raise InapplicableError
    change["before"], change["after"] = change.get("after"), change.get("before")
    attempt.changed.append(((*steps, "change", "after"), change["after"]))


def moved_into_module(attempt: Attempt) -> None:
    """A resource of the configuration is in another module there."""
    steps = attempt.entry("configuration")
    node = at(attempt.plan, steps)
    attempt.remove(steps)
    call = {"source": "./x", "module": {"resources": [node]}}
    attempt.plan["configuration"]["root_module"].setdefault("module_calls", {})["x"] = call


def _configured(name: str, *values: object) -> Callable[[Attempt], None]:
    def kind(attempt: Attempt) -> None:
        steps = attempt.entry("configuration")
        value = attempt.draw.choice(values)
        if at(attempt.plan, steps).get(name) == value:
            raise InapplicableError
        attempt.write((*steps, name), copy.deepcopy(value))

    kind.__doc__ = f"`{name}` of a resource's configuration is another one."
    return kind


_ACTIONS: tuple[Any, ...] = (
    ["delete"], ["forget"], ["read"], ["no-op"], [], ["create", "create"], ["delete", "delete"],
    ["Delete"], ["update"], ["delete", "create"], ["forget", "create"], ["x"],
)  # fmt: skip
_NO_ACTIONS: tuple[Any, ...] = (
    "delete",
    None,
    {"delete": 1},
    {"forget": None},
    True,
    0,
    [None],
    [["delete"]],
    "",
)
_NO_OBJECTS: tuple[Any, ...] = ("(absent)", None, "true", "x", True, 1, [], ["x"])
_EXPRESSIONS: tuple[Any, ...] = (
    {"constant_value": 0}, {"constant_value": -1}, {"constant_value": "x"}, {"constant_value": {}},
    {"references": ["var.nothing"]}, {}, [], None, {"constant_value": 10**6},
)  # fmt: skip

RESOURCE_KINDS: dict[str, Callable[[Attempt], None]] = {
    "another address": _field(
        "address", "aws_x.y", "", None, 1, "module.x", of=lambda old: f"module.x.{old}"
    ),
    "another type": _field(
        "type", "aws_x", "", None, True, 1, [], "terraform_data", of=lambda old: str(old).upper()
    ),
    "another name": _field("name", "x", "", None, True, 1, {}, of=lambda old: f"{old} "),
    "another mode": _field("mode", "data", "", None, True, "Managed", "ephemeral", []),
    "another index": _field("index", 0, "x", None, True, 1.5, -1, {}, []),
    "another module": _field("module_address", "module.x", "", None, 1, "x", {}),
    "another provider": _field(
        "provider_name", "registry.terraform.io/x/y", "", None, True, "aws", []
    ),
    "an empty twin": empty_twin,
    "a twin": full_twin,
    "dropped from resource_changes": _dropped(_CHANGES),
    "dropped from planned_values": _dropped("planned_values"),
    "dropped from configuration": _dropped("configuration"),
    "other actions": _of_change("actions", *_ACTIONS),
    "actions of another kind": _of_change("actions", "(absent)", *_NO_ACTIONS),
    "deposed": deposed,
    "after of another kind": _of_change("after", *_NO_OBJECTS),
    "after is empty": _of_change("after", {}),
    "change of another kind": _field("change", None, {}, [], "x", True),
    "after_unknown of another kind": _of_change("after_unknown", *_NO_OBJECTS, "false", 0, False),
    "after_unknown is empty": _of_change("after_unknown", {}),
    "known marked unknown": unknown_known,
    "mark of another kind": unknown_wrong,
    "all marked unknown": unknown_everything,
    "sensitive lies": sensitive_lies,
    "before and after swapped": swapped,
    "moved into a module": moved_into_module,
    "configured with another mode": _configured("mode", "data", "", None, True, []),
    "configured with another type": _configured("type", "aws_x", "", None, True, []),
    "configured with another address": _configured("address", "aws_x.y", "", None, 1, []),
    "another count": _configured("count_expression", *_EXPRESSIONS),
    "another for_each": _configured("for_each_expression", *_EXPRESSIONS),
    "another provider configuration": _configured(
        "provider_config_key", "x", "", None, True, "module.x:aws", []
    ),
}
