"""Values that cdktn drops without a word are an error here.

jsii does not convert a dictionary inside a list: its snake_case keys are unknown to the
other side and vanish. `event_selector=[{"read_write_type": "All"}]` becomes `[{}]`, and
`terraform validate` still passes. The guard looks at what Python sends to Node, so it sees the call
of a user's program as well as ours.
"""

# ruff: noqa: PLC0415 - importing jsii starts Node

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterator
from typing import Any

from revet.model.errors import InputError, PrerequisiteError

_PROVIDERS = ("@cdktn/provider-", "@cdktf/provider-")
_MAPS_IN_LISTS = frozenset({"resourceTags"})
_FREE_MAPS = frozenset({"tags", "variables", "parameters"})
"""Arguments of blocks whose keys are the user's own, so that they may have underscores."""


def refuse_lossy_dictionaries() -> None:
    """Make jsii calls raise when an argument would be lost; calling it again does nothing.

    Raises:
        PrerequisiteError: the installed jsii has no place for the guard.
    """
    import jsii

    provider = jsii.kernel.provider
    for name in ("create", "invoke", "set"):
        send = getattr(provider, name, None)
        if send is None:
            raise PrerequisiteError(
                "the installed jsii is not known",
                where="package `jsii`",
                got=f"no `{name}` in its kernel's provider",
                expected="jsii 1.112 or newer, below 2",
                do="install that",
            )
        if not hasattr(send, "loses_nothing"):
            setattr(provider, name, _guarded(send))


def is_refusing() -> bool:
    """Whether jsii calls of this process are looked at; starts nothing."""
    jsii = sys.modules.get("jsii")
    return jsii is not None and hasattr(jsii.kernel.provider.create, "loses_nothing")


def _guarded(send: Callable[[Any], Any]) -> Callable[[Any], Any]:
    @functools.wraps(send)
    def checked(request: Any) -> Any:  # noqa: ANN401 - jsii's own request objects
        target = getattr(request, "fqn", "") or getattr(getattr(request, "objref", None), "ref", "")
        method = getattr(request, "method", None)
        if target.startswith(_PROVIDERS) and (method is None or method.startswith("put")):
            sent = [getattr(request, "args", None), getattr(request, "value", None)]
            for path, keys in lost_keys(sent):
                raise InputError(
                    "a dictionary inside a list would lose keys without a word",
                    where=f"{target.split('@cdktn/')[-1].split('@')[0]}: `{path}`",
                    got=", ".join(f"`{key}`" for key in keys),
                    expected="objects of the provider package's own classes inside lists",
                    do="use the class of that block (for example `S3BucketLifecycleConfiguration"
                    "Rule(…)`) instead of a dictionary",
                )
        return send(request)

    checked.loses_nothing = True  # type: ignore[attr-defined]
    return checked


def lost_keys(value: Any, path: str = "", key: str = "") -> Iterator[tuple[str, list[str]]]:  # noqa: ANN401 - a wire value
    """Find dictionaries inside lists, at any depth below, that have snake_case keys.

    Args:
        value: arguments in jsii's wire form: `{"$jsii.map": …}` for a dictionary,
            `{"$jsii.struct": {"fqn", "data"}}` for an object of a class.
        path: place of `value`, for messages.
        key: the argument that holds `value`; `resource_tags` is a list of free-form maps.

    Yields:
        Path of the dictionary and the keys that would vanish.
    """
    if isinstance(value, list):
        for number, item in enumerate(value):
            where = f"{path}[{number}]" if path else ""
            if (
                isinstance(item, dict)
                and "$jsii.map" in item
                and key not in _MAPS_IN_LISTS
                and path
            ):
                yield from _in_map(item["$jsii.map"], where)
            yield from lost_keys(item, where, key)
    elif isinstance(value, dict):
        inner = value.get("$jsii.map", value.get("$jsii.struct", {}).get("data"))
        for name, item in (inner or {}).items():
            yield from lost_keys(item, f"{path}.{name}" if path else name, name)


def _in_map(given: dict[str, Any], path: str) -> Iterator[tuple[str, list[str]]]:
    lost = [name for name in given if "_" in name]
    if lost:
        yield path, lost
    for name, item in given.items():
        if isinstance(item, dict) and "$jsii.map" in item and name not in _FREE_MAPS:
            yield from _in_map(item["$jsii.map"], f"{path}.{name}")
