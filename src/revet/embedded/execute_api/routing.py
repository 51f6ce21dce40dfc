"""Which resource and method a path is of.

Source: Amazon API Gateway Developer Guide, "Set up a method request", "Set up a proxy integration
with a proxy resource" (`{proxy+}`, `ANY`). A path part that is written out goes before `{name}`,
and that before `{name+}`. A path without its method is like one that does not exist.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import unquote

from revet.embedded.call import Json
from revet.embedded.execute_api.deployed import Resource

_EXACT, _VARIABLE, _GREEDY = range(3)


class Route(NamedTuple):
    """Where a request goes.

    Args:
        resource: that the path is of.
        method: as it was deployed; none when the resource has neither it nor `ANY`.
        parameters: of the path, decoded.
    """

    resource: Resource
    method: Json
    parameters: Mapping[str, str]


def find_route(resources: Sequence[Resource], path: str, http_method: str) -> Route | None:
    """The resource and method of a request.

    Args:
        resources: of the deployment.
        path: behind the stage, percent-encoded; a slash at its end does not count.
        http_method: of the request.

    Returns:
        None when no resource has such a path.
    """
    parts = _parts(path)
    found: list[tuple[list[int], Resource, dict[str, str]]] = []
    for resource in resources:
        match = _match(_parts(resource.path), parts)
        if match is not None:
            found.append((match[0], resource, match[1]))
    if not found:
        return None
    _, resource, parameters = min(found, key=lambda one: one[0])
    method = resource.methods.get(http_method) or resource.methods.get("ANY")
    return Route(resource, method, parameters)


def _parts(path: str) -> list[str]:
    trimmed = path.removeprefix("/").removesuffix("/")
    return trimmed.split("/") if trimmed else []


def _match(
    template: Sequence[str], parts: Sequence[str]
) -> tuple[list[int], dict[str, str]] | None:
    """How exactly a path is of a resource, the lower the more, and its parameters."""
    ranks: list[int] = []
    parameters: dict[str, str] = {}
    for number, wanted in enumerate(template):
        if wanted.startswith("{") and wanted.endswith("+}"):
            rest = parts[number:]
            if not rest:
                return None
            parameters[wanted[1:-2]] = unquote("/".join(rest))
            return [*ranks, _GREEDY], parameters
        if number >= len(parts):
            return None
        part = unquote(parts[number])
        if wanted.startswith("{") and wanted.endswith("}"):
            if not part:
                return None
            parameters[wanted[1:-1]] = part
            ranks.append(_VARIABLE)
        elif wanted == part:
            ranks.append(_EXACT)
        else:
            return None
    return (ranks, parameters) if len(template) == len(parts) else None
