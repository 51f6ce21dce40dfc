"""Looking at what a flow has left: objects, and events of logs, with an operator's credentials."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from revet.rehearsal.flow.definition import Log, Objects
from revet.rehearsal.flow.templates import filled
from revet.rehearsal.flow.world import World

_GZIP = b"\x1f\x8b"
_SHOWN = 3


class UnmetError(Exception):
    """What is there is not what a step expects; the text says both."""


def look_at_objects(step: Objects, known: Mapping[str, Any], world: World, lost: int) -> str:
    """Look at the objects of a bucket.

    Args:
        step: what to look for.
        known: what templates may name.
        world: that holds the bucket.
        lost: requests without an answer so far, which may have left an object all the same.

    Returns:
        What was seen, one line.

    Raises:
        UnmetError: it is not what is expected.
        MissingError: a template names what is not known.
    """
    s3 = world.session().client("s3")
    bucket, prefix = (str(filled(text, known)) for text in (step.bucket, step.prefix))
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    keys = [str(one["Key"]) for page in pages for one in page.get("Contents", ())]
    if step.each:
        return _each(step, known, keys, lost)
    wanted = [str(filled(text, known)) for text in step.contains]
    for key in keys:
        content = _unpacked(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
        if all(text in content for text in wanted):
            return f"`{key}` holds {_quoted(wanted)}"
    raise UnmetError(f"none of {len(keys)} objects under `{prefix}` holds {_quoted(wanted)}")


def _each(step: Objects, known: Mapping[str, Any], keys: list[str], lost: int) -> str:
    values = known[step.each]
    values = values if isinstance(values, list) else [values]
    if not values:
        raise UnmetError(f"`{step.each}` holds nothing, so that no object was looked for")
    wanted = Counter(str(filled(step.key, {**known, "each": value})) for value in values)
    there = Counter(keys)
    missing = sorted((wanted - there).elements())
    extra = sorted((there - wanted).elements())
    if missing:
        raise UnmetError(f"{len(missing)} of {len(values)} objects are missing: {_some(missing)}")
    if len(extra) > lost:
        raise UnmetError(f"{len(extra)} objects belong to nothing: {_some(extra)}")
    return f"each of {len(values)} has its one object"


def _some(keys: list[str]) -> str:
    shown = ", ".join(f"`{key}`" for key in keys[:_SHOWN])
    return shown if len(keys) <= _SHOWN else f"{shown} and {len(keys) - _SHOWN} more"


def _quoted(texts: list[str]) -> str:
    return ", ".join(f"`{text}`" for text in texts)


def _unpacked(content: bytes) -> str:
    """The text of an object; gzip is undone, also where it was done twice."""
    while content.startswith(_GZIP):
        content = gzip.decompress(content)
    return content.decode("utf-8", "replace")


def look_at_log(step: Log, known: Mapping[str, Any], world: World) -> Mapping[str, Any]:
    """The event of a log group that holds what a step looks for.

    Returns:
        `message`, its text; `json`, the same read where it is JSON; `stream`, its log stream.

    Raises:
        UnmetError: there is none.
        MissingError: a template names what is not known.
    """
    group = str(filled(step.group, known))
    wanted = [str(filled(text, known)) for text in step.contains]
    seen = 0
    for event in _events(world, group):
        seen += 1
        message = str(event["message"])
        if all(text in message for text in wanted):
            return {
                "message": message,
                "json": _json(message),
                "stream": str(event["logStreamName"]),
            }
    raise UnmetError(f"none of {seen} events of `{group}` holds {_quoted(wanted)}")


def _events(world: World, group: str) -> Iterator[Mapping[str, Any]]:
    pages = world.session().client("logs").get_paginator("filter_log_events")
    for page in pages.paginate(logGroupName=group):
        yield from page["events"]


def _json(text: str) -> Any:  # noqa: ANN401 - any JSON value
    try:
        return json.loads(text)
    except ValueError:
        return None
