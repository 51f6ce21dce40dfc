"""Part of a good stack: what its mutations need, and what that refers to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from tests.mutations.sources import Json

_REFERENCE = re.compile(r"(?<![\w.-])(?:data\.)?aws_[a-z0-9_]+\.[A-Za-z][\w-]*")


def part(configuration: Json, paths: Sequence[str]) -> Json:
    """A configuration with the resources at or below some paths, and all that they refer to.

    Outputs stay when all that they refer to does. What a resource only waits for is not kept.

    Args:
        configuration: of the whole stack.
        paths: of CDK Terrain, below the stack.

    Raises:
        ValueError: nothing stands at a path.
    """
    blocks = dict(_blocks(configuration))
    kept: set[str] = set()
    for path in paths:
        found = {address for address, block in blocks.items() if _is_below(block, path)}
        if not found:
            message = f"nothing stands at `{path}`"
            raise ValueError(message)
        kept |= found
    new = kept
    while new:
        new = {name for address in new for name in _references(blocks[address])} - kept
        kept |= new
    made = {**configuration, "output": _outputs(configuration, kept)}
    made["//"] = _records(configuration["//"], kept)
    for block, prefix in (("resource", ""), ("data", "data.")):
        made[block] = {}
        for kind, table in configuration[block].items():
            names = [name for name in table if f"{prefix}{kind}.{name}" in kept]
            if names:
                made[block][kind] = {name: _waiting(table[name], kept) for name in names}
    return made


def around(configuration: Json, paths: Sequence[str]) -> frozenset[str]:
    """The addresses of a part that is there because the rest refers to it."""
    return frozenset(
        address
        for address, block in _blocks(configuration)
        if not any(_is_below(block, path) for path in paths)
    )


def _blocks(configuration: Json) -> Iterator[tuple[str, Json]]:
    for block, prefix in (("resource", ""), ("data", "data.")):
        for kind, table in configuration[block].items():
            for name, resource in table.items():
                yield f"{prefix}{kind}.{name}", resource


def _is_below(block: Json, path: str) -> bool:
    stands = block["//"]["metadata"]["path"].partition("/")[2]
    return bool(f"{stands}/".startswith(f"{path}/"))


def _references(block: Json) -> Iterator[str]:
    return _names({key: value for key, value in block.items() if key not in ("//", "depends_on")})


def _names(value: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _names(item)
    elif isinstance(value, str):
        for expression in re.findall(r"\$\{[^}]*\}", value):
            yield from _REFERENCE.findall(expression)


def _outputs(configuration: Json, kept: set[str]) -> Json:
    given = configuration["output"]
    return {name: output for name, output in given.items() if kept.issuperset(_names(output))}


def _waiting(resource: Json, kept: set[str]) -> Json:
    if "depends_on" not in resource:
        return resource
    return {**resource, "depends_on": [name for name in resource["depends_on"] if name in kept]}


def _records(comment: Json, kept: set[str]) -> Json:
    """What the constructs say that they made, without what is left out."""
    records = [
        {**record, "resources": [name for name in record["resources"] if name in kept]}
        for record in comment["revet"]["constructs"]
    ]
    return {**comment, "revet": {**comment["revet"], "constructs": records}}
