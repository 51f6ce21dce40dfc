"""What a rule's target gets of an event: all of it, a part, a constant, or a template filled in.

Source: Amazon EventBridge User Guide, "Amazon EventBridge input transformation".
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from typing import Any

from revet.embedded.call import Json

_PLACE = re.compile(r"<([^<>\s]+)>")
_PART = re.compile(r"\.([\w-]+)|\[(?:'([^']+)'|\"([^\"]+)\"|(\d+))\]")
_INTERNAL = ("ingestion-time", "archive-arn")


class InputError(Exception):
    """A target's input cannot be made; the text says why."""


def plain(event: Mapping[str, Any]) -> dict[str, Any]:
    """An event as targets see it.

    Args:
        event: as moto keeps it, with its time in seconds.
    """
    shown = {name: value for name, value in event.items() if name not in _INTERNAL}
    moment = shown.get("time")
    if isinstance(moment, int | float):
        utc = dt.datetime.fromtimestamp(moment, dt.UTC)
        shown["time"] = utc.strftime("%Y-%m-%dT%H:%M:%SZ")
    return shown


def made_input(target: Mapping[str, Any], event: Mapping[str, Any]) -> Json:
    """What a target gets.

    Args:
        target: of a rule, with `Input`, `InputPath` or `InputTransformer`, or none of them.
        event: as of `plain`.

    Raises:
        InputError: a path is not one that is known here, or what comes out is not JSON.
    """
    if target.get("Input"):
        return _decoded(str(target["Input"]))
    if target.get("InputPath"):
        return selected(event, str(target["InputPath"]))
    transformer = target.get("InputTransformer")
    if not transformer:
        return dict(event)
    return filled(str(transformer["InputTemplate"]), transformer.get("InputPathsMap") or {}, event)


def filled(template: str, paths: Mapping[str, str], event: Mapping[str, Any]) -> Json:
    """A template with its places filled in.

    Args:
        template: JSON with `<name>` in it.
        paths: name to JSONPath.
        event: as of `plain`.

    Raises:
        InputError: as of `made_input`.
    """
    values = {name: selected(event, path) for name, path in paths.items()}
    values |= {"aws.events.event": dict(event), "aws.events.event.json": json.dumps(event)}

    def put(match: re.Match[str]) -> str:
        if match[1] not in values:
            return match[0]
        value = values[match[1]]
        before = template[: match.start()]
        if len(re.findall(r'(?<!\\)"', before)) % 2:  # within a text
            text = value if isinstance(value, str) else json.dumps(value)
            return json.dumps(text)[1:-1]
        return json.dumps(value)

    return _decoded(_PLACE.sub(put, template))


def selected(event: Mapping[str, Any], path: str) -> Json:
    """What a JSONPath of names and places selects; none where there is nothing.

    Raises:
        InputError: it is more than that.
    """
    rest = path.removeprefix("$")
    if not path.startswith("$") or _PART.sub("", rest):
        raise InputError(f"the embedded AWS does not model the path {path}")
    found: Json = event
    for match in _PART.finditer(rest):
        name = match[1] or match[2] or match[3]
        try:
            found = found[name] if name is not None else found[int(match[4])]
        except (KeyError, IndexError, TypeError):
            return None
    return found


def _decoded(text: str) -> Json:
    try:
        return json.loads(text)
    except ValueError as error:
        raise InputError(f"the input is not JSON: {error}") from error
