"""Mutations of the plan as a whole, of its expressions, and of the policies in its texts."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

from tests.fuzz.attempt import Attempt, InapplicableError, Spot
from tests.fuzz.trees import Json, at

_SECTIONS = (
    "planned_values", "configuration", "resource_changes", "output_changes", "variables",
    "prior_state", "values",
)  # fmt: skip
_VERSIONS = (
    "1", "1.x", "1.", "2.0", "", " 1.2", "1.2 ", "\uff11.2", "01.2", "1.2.3.4", "-1", "1e0",
    1, 1.2, None, True, [1], {"1": 2}, "0.1", "1.99999999999999999999",
)  # fmt: skip


def format_version(attempt: Attempt) -> None:
    """A version that is no version, of another kind, or of another age."""
    attempt.write(("format_version",), attempt.draw.choice(_VERSIONS))


def errored(attempt: Attempt) -> None:
    """The plan says that it failed, or it says so in a word."""
    attempt.write(("errored",), attempt.draw.choice((True, "true", "false", 1, None, [], "x")))


def incomplete(attempt: Attempt) -> None:
    """The plan says that it is not complete, or it says so in a word."""
    attempt.write(("complete",), attempt.draw.choice((False, "false", 0, None, [], "true", "")))


def no_section(attempt: Attempt) -> None:
    """A whole section is gone."""
    names = [name for name in _SECTIONS if name in attempt.plan]
    attempt.remove((attempt.draw.choice(names),))


def section_of_another_kind(attempt: Attempt) -> None:
    """A whole section is empty or of another kind."""
    name = attempt.draw.choice([name for name in _SECTIONS if name in attempt.plan])
    value: Any = attempt.draw.choice((None, {}, [], "", "x", True, 0, [None], {"x": 1}))
    if attempt.plan[name] == value:
        raise InapplicableError
    attempt.write((name,), value)


def section_as_an_object(attempt: Attempt) -> None:
    """The changes as an object by address."""
    changes = attempt.plan.get("resource_changes")
    if not isinstance(changes, list):
        raise InapplicableError
    attempt.write(("resource_changes",), {one["address"]: one for one in changes})


def _is_leaf(value: object) -> bool:
    return isinstance(value, dict) and "references" in value


def references_cut(attempt: Attempt) -> None:
    """An expression has lost what it refers to."""
    spot = attempt.spot(lambda spot: _is_leaf(spot.value))
    kept = {key: value for key, value in spot.value.items() if key != "references"}
    attempt.write(spot.steps, attempt.draw.choice((kept, {**spot.value, "references": []})))


def references_redirected(attempt: Attempt) -> None:
    """An expression refers to something else, to itself, or to nothing that exists."""
    spot = attempt.spot(lambda spot: _is_leaf(spot.value))
    names = [
        change.get("address")
        for change in attempt.plan.get("resource_changes", ())
        if isinstance(change, dict)
    ]
    name = attempt.draw.choice([*names, "var.nothing", "module.x.y", "each.key", "", "local.lost"])
    made: Any = attempt.draw.choice(([name], [f"{name}.id", name], [None], [1], name, [[name]], {}))
    attempt.write(spot.steps, {**spot.value, "references": made})


def constant_for_reference(attempt: Attempt) -> None:
    """An expression is a constant, of any kind, where it was a reference."""
    spot = attempt.spot(lambda spot: _is_leaf(spot.value))
    value: Any = attempt.draw.choice((None, True, "x", "", [], {}, 0, "${", "${var.x}"))
    attempt.write(spot.steps, {"constant_value": value})


def expressions_of_another_kind(attempt: Attempt) -> None:
    """All that is written of a resource is gone, or of another kind."""
    steps = (*attempt.entry("configuration"), "expressions")
    attempt.write(steps, attempt.draw.choice((None, {}, [], "x", True, 0, [{}], {"x": "y"})))


def provider_config(attempt: Attempt) -> None:
    """The provider's configuration is another one."""
    providers = attempt.plan.get("configuration", {}).get("provider_config")
    if not providers:
        raise InapplicableError
    name = attempt.draw.choice(sorted(providers))
    value: Any = attempt.draw.choice(
        (None, {}, [], "x", {"name": "aws", "expressions": {"region": {"constant_value": "x"}}},
         {"name": 1, "full_name": True, "expressions": []}, {"name": "aws", "alias": []})
    )  # fmt: skip
    attempt.write(("configuration", "provider_config", name), value)


def module_cycle(attempt: Attempt) -> None:
    """A module's variable is given by its own output, which is that variable."""
    root = attempt.plan.get("configuration", {}).get("root_module")
    if not isinstance(root, dict):
        raise InapplicableError
    steps = attempt.entry("configuration")
    call: Json = {
        "source": "./x",
        "expressions": {"v": {"references": ["module.x.v", "module.x"]}},
        "module": {
            "variables": {"v": {}},
            "outputs": {"v": {"expression": {"references": ["var.v"]}}},
        },
    }
    if attempt.draw.random() < 1 / 2:
        call["module"]["module_calls"] = {"x": copy.deepcopy(call)}
    root["module_calls"] = {**(root.get("module_calls") or {}), "x": call}
    expressions = at(attempt.plan, steps).get("expressions")
    if isinstance(expressions, dict) and expressions:
        name = attempt.draw.choice(sorted(expressions))
        attempt.write((*steps, "expressions", name), {"references": ["module.x.v", "module.x"]})


def resource_cycle(attempt: Attempt) -> None:
    """An attribute refers to itself."""
    steps = attempt.entry("configuration")
    node = at(attempt.plan, steps)
    expressions = node.get("expressions")
    if not isinstance(expressions, dict) or not expressions:
        raise InapplicableError
    name = attempt.draw.choice(sorted(expressions))
    address = node.get("address")
    attempt.write(
        (*steps, "expressions", name), {"references": [f"{address}.{name}", str(address)]}
    )


def outputs_changed(attempt: Attempt) -> None:
    """What is said of an output is missing, or of another kind."""
    outputs = attempt.plan.get("output_changes")
    if not isinstance(outputs, dict) or not outputs:
        raise InapplicableError
    name = attempt.draw.choice(sorted(outputs))
    value: Any = attempt.draw.choice(
        (None, [], "x", True, {}, {"actions": "delete"}, {"after": {}})
    )
    attempt.write(("output_changes", name), value)


def variables_changed(attempt: Attempt) -> None:
    """Values of variables that are of another kind, or of variables that nobody declares."""
    value: Any = attempt.draw.choice((None, [], "x", {"x": None}, {"x": []}, {"x": {"value": {}}}))
    attempt.write(("variables",), value)


def prior_state(attempt: Attempt) -> None:
    """A prior state that has the planned resources as data sources, or that is none."""
    changes = attempt.plan.get("resource_changes")
    if not isinstance(changes, list):
        raise InapplicableError
    nodes = [
        {**{k: v for k, v in one.items() if k != "change"}, "mode": "data", "values": {}}
        for one in changes
        if isinstance(one, dict)
    ]
    value: Any = attempt.draw.choice(
        (None, [], "x", {"values": None}, {"values": {"root_module": {"resources": [None]}}},
         {"values": {"root_module": {"resources": nodes}}},
         {"values": {"root_module": {"child_modules": [{"resources": nodes}, "x"]}}})
    )  # fmt: skip
    attempt.write(("prior_state",), value)


def _is_policy(spot: Spot) -> bool:
    return isinstance(spot.value, str) and '"Statement"' in spot.value


def _of_policy(broken: Callable[[Attempt, str], str]) -> Callable[[Attempt], None]:
    def kind(attempt: Attempt) -> None:
        spot = attempt.spot(_is_policy)
        new = broken(attempt, spot.value)
        if new == spot.value:
            raise InapplicableError
        attempt.write(spot.steps, new)

    kind.__doc__ = broken.__doc__
    return kind


def _cut(attempt: Attempt, text: str) -> str:
    """A policy that ends early."""
    return text[: attempt.draw.randrange(len(text) - 1)]


def _followed(attempt: Attempt, text: str) -> str:
    """A policy with something behind it, or in front."""
    more = attempt.draw.choice(("{}", "x", ",", "\x00", "//", text, "]", "\ufeff"))
    return attempt.draw.choice((text + more, more + text))


def _twice(attempt: Attempt, text: str) -> str:
    """A policy with an element twice, the second empty."""
    name = attempt.draw.choice(("Statement", "Effect", "Action", "Principal", "Condition"))
    head, found, tail = text.rpartition(f'"{name}"')
    empty = attempt.draw.choice(("[]", "{}", "null", '""', "true"))
    return f'{head}"{name}":{empty},{found}{tail}' if found else text


def _kinds(attempt: Attempt, text: str) -> str:
    """A policy with an element of another kind."""
    try:
        policy: Any = json.loads(text)
    except ValueError:
        return text
    statements = policy.get("Statement") if isinstance(policy, dict) else None
    statements = statements if isinstance(statements, list) else [statements]
    found = [one for one in statements if isinstance(one, dict) and one]
    if not found:
        return text
    statement = attempt.draw.choice(found)
    name = attempt.draw.choice(sorted(statement))
    others: list[Any] = [None, True, False, 0, [], {}, [None], [[]], {"x": {}}]
    if name == "Condition":
        others.remove({})  # an object as well: no condition
    statement[name] = attempt.draw.choice(others)
    return json.dumps(policy)


PLAN_KINDS: dict[str, Callable[[Attempt], None]] = {
    "format_version": format_version,
    "errored": errored,
    "incomplete": incomplete,
    "no section": no_section,
    "section of another kind": section_of_another_kind,
    "section as an object": section_as_an_object,
    "references cut": references_cut,
    "references redirected": references_redirected,
    "constant for a reference": constant_for_reference,
    "expressions of another kind": expressions_of_another_kind,
    "provider configuration": provider_config,
    "module cycle": module_cycle,
    "resource cycle": resource_cycle,
    "outputs changed": outputs_changed,
    "variables changed": variables_changed,
    "prior state": prior_state,
    "policy cut": _of_policy(_cut),
    "policy followed": _of_policy(_followed),
    "policy element twice": _of_policy(_twice),
    "policy element of another kind": _of_policy(_kinds),
}
