"""The operations that turn a good stack into another one (docs/extending.md, "A mutation")."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tests.mutations.sources import Json, Sources, without_comments

_TOP_LEVEL = ("data", "output", "provider", "terraform")
_GONE: Any = object()
_ONLY = "only"


def changed(sources: Sources, changes: Iterable[Json], name: str) -> Sources:
    """Apply operations, in order.

    Args:
        sources: stay as they are.
        changes: one operation each.
        name: for messages.

    Raises:
        ValueError: an operation names what is not there; every change must change something.
    """
    sources = Sources(json.loads(json.dumps(sources.configuration)), dict(sources.files))
    before = sources.sha256
    for change in changes:
        names = [word for word in _OPERATIONS if word in change]
        try:
            [operation] = names
            sources = _OPERATIONS[operation](sources, change)
        except (KeyError, IndexError, TypeError, ValueError) as error:
            message = f"`{name}`: cannot {change}: {error!r}"
            raise ValueError(message) from error
        after = sources.sha256
        if after == before:
            message = f"`{name}`: {change} changes nothing"
            raise ValueError(message)
        before = after
    return sources


def _place(configuration: Json, address: str) -> list[str]:
    steps = address.split(".")
    return steps if steps[0] in _TOP_LEVEL else ["resource", *steps]


def _set(sources: Sources, change: Json) -> Sources:
    steps = [*_place(sources.configuration, change["set"]), *change["path"].split(".")]
    configuration = _edited(sources.configuration, steps, change["value"])
    return Sources(configuration, sources.files)


def _remove(sources: Sources, change: Json) -> Sources:
    """A part of a block; or a whole block, and with it what waits for it in `depends_on`."""
    steps = _place(sources.configuration, change["remove"])
    if "path" in change:
        steps += change["path"].split(".")
    configuration = _edited(sources.configuration, steps, _GONE)
    if "path" not in change:
        *place, _ = steps
        if not _found(configuration, place):
            configuration = _edited(configuration, place, _GONE)
        for table in configuration.get("resource", {}).values():
            for resource in table.values():
                waits = resource.get("depends_on", [])
                if change["remove"] in waits:
                    resource["depends_on"] = [name for name in waits if name != change["remove"]]
    return Sources(configuration, sources.files)


def _add(sources: Sources, change: Json) -> Sources:
    *steps, name = _place(sources.configuration, change["add"])
    place: Any = sources.configuration
    for step in steps:
        place = place.setdefault(step, {})
    if name in place:
        message = f"`{change['add']}` is there already"
        raise ValueError(message)
    place[name] = change["value"]
    return sources


def _each(sources: Sources, change: Json) -> Sources:
    """The resource once for each element."""
    kind, name = change["each"].split(".")
    sources.configuration["resource"][kind][name]["for_each"] = change["over"]
    return sources


def _variable(sources: Sources, change: Json) -> Sources:
    sources.configuration.setdefault("variable", {})[change["variable"]] = {
        "default": change["value"]
    }
    return sources


def _local(sources: Sources, change: Json) -> Sources:
    sources.configuration.setdefault("locals", {})[change["local"]] = change["value"]
    return sources


def _module(sources: Sources, change: Json) -> Sources:
    """A call of a module whose `main.tf` is given as text."""
    name = change["module"]
    call = {"source": f"./{name}", **change.get("inputs", {})}
    sources.configuration.setdefault("module", {})[name] = call
    return Sources(sources.configuration, {**sources.files, f"{name}/main.tf": change["hcl"]})


def _file(sources: Sources, change: Json) -> Sources:
    """A file beside the configuration, for a template."""
    return Sources(sources.configuration, {**sources.files, change["file"]: change["text"]})


def _replace(sources: Sources, change: Json) -> Sources:
    """A text by another one, wherever it stands."""
    made = _texts(
        sources.configuration, lambda text: text.replace(change["replace"], change["with"])
    )
    return Sources(made, sources.files)


def _rename(sources: Sources, change: Json) -> Sources:
    """A block and all references to it; every managed resource for `*`, with `to` in front."""
    configuration, to = sources.configuration, change["to"]
    if change["rename"] != "*":
        return Sources(_renamed(configuration, change["rename"], to), sources.files)
    for address in managed(configuration):
        configuration = _renamed(configuration, address, f"{to}{address.split('.')[1]}")
    return Sources(configuration, sources.files)


def _renamed(configuration: Json, address: str, to: str) -> Json:
    kind, old = address.split(".")
    table = configuration["resource"][kind]
    configuration["resource"][kind] = {to if key == old else key: table[key] for key in table}
    pattern = _reference(address)
    made: Json = _texts(configuration, lambda text: pattern.sub(f"{kind}.{to}", text))
    return made


def _repeat(sources: Sources, change: Json) -> Sources:
    """A resource by `count` or `for_each`, once, and all references to it; all of them for `*`."""
    configuration = sources.configuration
    addresses = managed(configuration) if change["repeat"] == "*" else [change["repeat"]]
    index = "[0]" if change["by"] == "count" else f'["{_ONLY}"]'
    pattern = re.compile("|".join(_reference(address).pattern for address in addresses))
    configuration = _texts(configuration, lambda text: pattern.sub(rf"\g<0>{index}", text))
    for address in addresses:
        kind, name = address.split(".")
        resource = configuration["resource"][kind][name]
        resource[change["by"]] = 1 if change["by"] == "count" else {_ONLY: True}
    return Sources(configuration, sources.files)


def _wrap(sources: Sources, change: Json) -> Sources:
    """The whole stack in a module that the root calls; the root has provider and outputs."""
    name = change["wrap"]
    inner = without_comments(sources.configuration)
    root = {key: sources.configuration.pop(key) for key in ("//", "provider")}
    root["terraform"] = sources.configuration["terraform"]
    inner["terraform"].pop("backend")
    inner.pop("provider")
    root["module"] = {name: {"source": f"./{name}"}}
    root["output"] = {key: {"value": f"${{module.{name}.{key}}}"} for key in inner["output"]}
    files = {f"{name}/{path}": text for path, text in sources.files.items()}
    return Sources(root, {**files, f"{name}/main.tf.json": json.dumps(inner)})


def managed(configuration: Json) -> list[str]:
    """The addresses of all managed resources of a configuration."""
    table = configuration.get("resource", {})
    return [f"{kind}.{name}" for kind, named in table.items() for name in named]


def _reference(address: str) -> re.Pattern[str]:
    """Where an address stands as a whole, not as the end or the beginning of another one."""
    return re.compile(rf"(?<![\w.-]){re.escape(address)}(?![\w-])")


def _texts(value: Any, of: Callable[[str], str]) -> Any:  # noqa: ANN401 - JSON
    """A value with every text in it changed; names, and what a resource waits for, are not."""
    if isinstance(value, dict):
        return {key: _texts(item, of) for key, item in value.items()}
    if isinstance(value, list):
        return [_texts(item, of) for item in value]
    return of(value) if isinstance(value, str) else value


def _found(value: Any, steps: list[str]) -> Any:  # noqa: ANN401 - JSON
    for step in steps:
        value = value[step]
    return value


def _edited(value: Any, steps: list[str], new: object) -> Any:  # noqa: ANN401 - JSON
    """Set or remove what the steps lead to; `Sid=TlsOnly` picks the item with this field.

    A number behind the last item of a list adds one. A policy is JSON in a text: the steps lead
    through it.
    """
    if not steps:
        return new
    if isinstance(value, str):
        return json.dumps(_edited(json.loads(value), steps, new), separators=(",", ":"))
    step, *rest = steps
    key: Any = step
    if isinstance(value, list):
        name, equals, wanted = step.partition("=")
        found = [i for i, item in enumerate(value) if equals and item.get(name) == wanted]
        key = found[0] if equals else int(step)
    if new is _GONE and not rest:
        del value[key]
    elif isinstance(value, list) and key == len(value) and not rest:
        value.append(new)
    elif isinstance(value, dict) and not rest:
        value[key] = new
    else:
        value[key] = _edited(value[key], rest, new)
    return value


_OPERATIONS: Mapping[str, Callable[[Sources, Json], Sources]] = {
    "set": _set,
    "remove": _remove,
    "add": _add,
    "each": _each,
    "variable": _variable,
    "local": _local,
    "module": _module,
    "file": _file,
    "replace": _replace,
    "rename": _rename,
    "repeat": _repeat,
    "wrap": _wrap,
}
