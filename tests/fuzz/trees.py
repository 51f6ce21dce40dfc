"""Places in JSON: what leads to each value, and what stands there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
Steps = tuple[str | int, ...]


def places(value: object, before: Steps = ()) -> Iterator[Steps]:
    """The steps to each value below, containers before what they hold."""
    items: Any = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for key, item in items:
        steps = (*before, key)
        yield steps
        yield from places(item, steps)


def at(value: Any, steps: Steps) -> Any:  # noqa: ANN401 - JSON
    """What stands there.

    Raises:
        KeyError, IndexError, TypeError: nothing does.
    """
    for step in steps:
        value = value[step]
    return value


def has(value: Any, steps: Steps) -> bool:  # noqa: ANN401 - JSON
    """Whether something stands there."""
    try:
        at(value, steps)
    except (KeyError, IndexError, TypeError):
        return False
    return True


def put(value: Any, steps: Steps, new: object) -> None:  # noqa: ANN401 - JSON
    """Write something there, in place."""
    at(value, steps[:-1])[steps[-1]] = new


def written(steps: Steps) -> str:
    """As a path is written; `…` stands for an index."""
    return ".".join("…" if isinstance(step, int) else step for step in steps)
