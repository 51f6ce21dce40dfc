"""Turn the resources of a case into the JSON of a plan, as the real Terraform would write it.

Shapes as measured with Terraform 1.11.4 and AWS provider 5.100.0, configuration in JSON syntax:
`constant_value` keeps the raw template and `references` names each reference with and without its
attribute; a map or a list of scalars with one unknown element is unknown as a whole, a list of
blocks is unknown element by element.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard

from revet.model.errors import CatalogError
from revet.plan.kinds import attribute_kind
from revet.plan.provider_facts import computed_attributes, taggable_types
from revet.plan.terraform_types import terraform_type

LATER = "terraform_data.later.output"
DEPENDS_ON = "depends_on"
_AWS = "registry.terraform.io/hashicorp/aws"
_TEMPLATE = re.compile(r"(?<!\$)\$\{([^{}]*)\}")
_TRAVERSAL = re.compile(r"[A-Za-z_][\w-]*(?:\.[\w-]+)+")
_REFERENCE_PARTS = 2


def plan_json(case: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Build the plan of a case.

    Args:
        case: its tables `resource`, `output`, `provider` and its list `unknown`.
        where: for messages.

    Returns:
        The parsed JSON of a plan that creates every resource of the case.

    Raises:
        CatalogError: a reference or a path under `unknown` leads nowhere.
    """
    resources = copy.deepcopy(case.get("resource", {}))
    for path in case.get("unknown", ()):
        _make_unknown(resources, path, where)
    if LATER in str([resources, case.get("output")]):
        resources.setdefault("terraform_data", {}).setdefault("later", {"input": "x"})
    maker = _Maker(resources, _default_tags(case), where)
    names = [(kind, name) for kind, table in sorted(resources.items()) for name in sorted(table)]
    outputs = {name: table.get("value") for name, table in case.get("output", {}).items()}
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "resource_changes": [maker.change(kind, name) for kind, name in names],
        "output_changes": {name: maker.output_change(value) for name, value in outputs.items()},
        "configuration": {
            "provider_config": _provider_config(case),
            "root_module": {
                "outputs": {
                    name: {"expression": maker.expression(value)} for name, value in outputs.items()
                },
                "resources": [maker.configuration(kind, name) for kind, name in names],
            },
        },
        **_prior_state(case),
        "timestamp": "2026-01-01T00:00:00Z",
        "applyable": True,
        "complete": True,
        "errored": False,
    }


def caller_identity(case: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The data source that says in which account a case is, where it says so."""
    if "account" not in case:
        return []
    values = {"account_id": case["account"], "id": case["account"]}
    return [
        {
            "address": "data.aws_caller_identity.current",
            "mode": "data",
            "type": "aws_caller_identity",
            "name": "current",
            "provider_name": _AWS,
            "schema_version": 0,
            "values": values,
        }
    ]


def _prior_state(case: Mapping[str, Any]) -> dict[str, Any]:
    data = caller_identity(case)
    if not data:
        return {}
    values = {"root_module": {"resources": data}}
    return {"prior_state": {"format_version": "1.0", "values": values}}


def synthesis_json(case: Mapping[str, Any]) -> dict[str, Any] | None:
    """The synthesized configuration of a case, as far as its table `backend` says it."""
    if "backend" not in case:
        return None
    return {"//": {"metadata": {}}, "terraform": {"backend": case["backend"]}}


class _Maker:
    """Values and expressions of one case.

    Args:
        resources: type to name to arguments.
        default_tags: of the provider.
        where: for messages.
    """

    def __init__(
        self, resources: Mapping[str, Any], default_tags: Mapping[str, str], where: str
    ) -> None:
        self.resources = resources
        self.default_tags = default_tags
        self.where = where

    def change(self, kind: str, name: str) -> dict[str, Any]:
        """The entry of `resource_changes`."""
        after, unknown = self._block(kind, self.resources[kind][name], "")
        if kind in taggable_types() and "tags" not in unknown:
            tags = {**self.default_tags, **(after.get("tags") or {})}
            if tags:
                after["tags_all"] = tags
                unknown.pop("tags_all", None)
        return {
            "address": f"{kind}.{name}",
            "mode": "managed",
            "type": kind,
            "name": name,
            "provider_name": _provider_name(kind),
            "change": {
                "actions": ["create"],
                "before": None,
                "after": after,
                "after_unknown": unknown,
                "before_sensitive": False,
                "after_sensitive": {},
            },
        }

    def configuration(self, kind: str, name: str) -> dict[str, Any]:
        """The entry of `configuration.root_module.resources`."""
        arguments = self.resources[kind][name]
        return {
            "address": f"{kind}.{name}",
            "mode": "managed",
            "type": kind,
            "name": name,
            "provider_config_key": kind.split("_", 1)[0],
            "expressions": {
                key: self.expression(value) for key, value in arguments.items() if key != DEPENDS_ON
            },
            "schema_version": 0,
            **({DEPENDS_ON: arguments[DEPENDS_ON]} if DEPENDS_ON in arguments else {}),
        }

    def expression(self, value: object) -> Any:  # noqa: ANN401 - JSON
        """The expression of one argument, a list of them for blocks."""
        if _is_blocks(value):
            return [{k: self.expression(v) for k, v in block.items()} for block in value]
        references = [
            part
            for name in dict.fromkeys(_references(value))
            for part in dict.fromkeys((name, ".".join(name.split(".")[:_REFERENCE_PARTS])))
        ]
        return {"constant_value": value} | ({"references": references} if references else {})

    def output_change(self, value: object) -> dict[str, Any]:
        """The entry of `output_changes`."""
        after, unknown = self._value(value, ())
        change: dict[str, Any] = {"actions": ["create"], "before": None, "after_unknown": unknown}
        return change if unknown else change | {"after": after}

    def _block(
        self, kind: str, arguments: Mapping[str, Any], prefix: str
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        after: dict[str, Any] = {}
        unknown: dict[str, Any] = {}
        for key, value in arguments.items():
            if key == DEPENDS_ON:
                continue
            if _is_blocks(value):
                pairs = [self._block(kind, block, f"{prefix}{key}.") for block in value]
                after[key] = [pair[0] for pair in pairs]
                unknown[key] = [pair[1] for pair in pairs]
                continue
            known, is_unknown = self._value(value, ())
            if is_unknown:
                unknown[key] = True
            else:
                after[key] = known
        members = attribute_kind(kind, prefix.rstrip(".")) if prefix else None
        if isinstance(members, tuple) and isinstance(members[1], dict):
            for name, member in members[1].items():
                is_list = isinstance(member, tuple) and member[0] == "["
                after.setdefault(name, [] if is_list else None)
                if unknown.get(name) is True:
                    del after[name]
        computed = computed_attributes().get(kind, ("id", "output"))
        for path in (*computed, *terraform_type(kind).filled):
            head, _, leaf = path.rpartition(".")
            if head == prefix.rstrip(".") and arguments.get(leaf) is None:
                unknown[leaf] = True
                after.pop(leaf, None)
        return after, unknown

    def _value(self, value: object, seen: tuple[str, ...]) -> tuple[Any, bool]:
        """The value after apply, and whether it is unknown before."""
        if isinstance(value, list):
            pairs = [self._value(item, seen) for item in value]
            return [item for item, _ in pairs], any(unknown for _, unknown in pairs)
        if isinstance(value, dict):
            table = {key: self._value(item, seen) for key, item in value.items()}
            return {k: v for k, (v, _) in table.items()}, any(u for _, u in table.values())
        if not isinstance(value, str):
            return value, False
        text = value
        for match in _TEMPLATE.finditer(value):
            known, is_unknown = self._evaluated(match.group(1).strip(), seen)
            if is_unknown:
                return None, True
            if match.group() == value:
                return known, False
            text = text.replace(match.group(), str(known))
        return text.replace("$${", "${"), False

    def _evaluated(self, inside: str, seen: tuple[str, ...]) -> tuple[Any, bool]:
        """A plain reference is followed; any other expression is not worked out, so unknown."""
        if _TRAVERSAL.fullmatch(inside):
            return self._referred(inside, seen)
        for reference in _TRAVERSAL.findall(inside):
            self._referred(reference, seen)
        return None, True

    def _referred(self, reference: str, seen: tuple[str, ...]) -> tuple[Any, bool]:
        kind, name, *path = reference.split(".")
        arguments = self.resources.get(kind, {}).get(name)
        if arguments is None or reference in seen:
            raise _broken(
                self.where, f"`${{{reference}}}`", "a reference to a resource of the case"
            )
        value = arguments.get(path[0]) if len(path) == 1 else None
        return self._value(value, (*seen, reference)) if value is not None else (None, True)


def _is_blocks(value: object) -> TypeGuard[list[dict[str, Any]]]:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _references(value: object) -> Iterator[str]:
    if isinstance(value, str):
        for match in _TEMPLATE.finditer(value):
            yield from _TRAVERSAL.findall(match.group(1))
    elif isinstance(value, list):
        for item in value:
            yield from _references(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _references(item)


def _make_unknown(resources: dict[str, Any], path: str, where: str) -> None:
    kind, name, *steps = path.split(".")
    place: Any = resources.get(kind, {}).get(name)
    try:
        while len(steps) > 1 and not (isinstance(place, dict) and ".".join(steps) in place):
            step = steps.pop(0)
            place = place[int(step)] if isinstance(place, list) else place[step]
        last: Any = int(steps[0]) if isinstance(place, list) else ".".join(steps)  # with its dots
        place[last] = f"${{{LATER}}}"
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise _broken(where, f"unknown `{path}`", "`TYPE.NAME.ARGUMENT…` of the case") from error


def _default_tags(case: Mapping[str, Any]) -> dict[str, str]:
    blocks = case.get("provider", {}).get("aws", {}).get("default_tags", [])
    return {key: tag for block in blocks for key, tag in block.get("tags", {}).items()}


def _provider_config(case: Mapping[str, Any]) -> dict[str, Any]:
    arguments = {"region": "us-west-2"} | case.get("provider", {}).get("aws", {})
    maker = _Maker({}, {}, "")
    return {
        "aws": {
            "name": "aws",
            "full_name": _AWS,
            "version_constraint": "5.100.0",
            "expressions": {key: maker.expression(value) for key, value in arguments.items()},
        }
    }


def _provider_name(kind: str) -> str:
    return _AWS if kind.startswith("aws_") else "terraform.io/builtin/terraform"


def _broken(where: str, got: str, expected: str) -> CatalogError:
    return CatalogError(
        "a case breaks the rules of the catalogue",
        where=where,
        got=got,
        expected=expected,
        do="correct the case",
    )
