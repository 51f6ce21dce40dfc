"""Plans kept as what differs from the good stack's plan: small, and readable in a review."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def difference(good: object, other: object) -> Json:
    """What to change in `good` to make it `other`.

    Lists whose items all have an `address` are compared item by item, everything else in a list as
    a whole. `put` are pairs of a path and the value there, `drop` are paths.
    """
    found: Json = {"put": [], "drop": []}
    _compare(_keyed(good), _keyed(other), [], found)
    return found


def restored(good: object, found: Json) -> Any:  # noqa: ANN401 - JSON
    """The other of `difference`, with lists of addressed items in the order of their addresses."""
    made = _keyed(good)
    for path in found["drop"]:
        *steps, last = path
        del _at(made, steps)[last]
    for path, value in found["put"]:
        *steps, last = path
        _at(made, steps)[last] = _keyed(value)
    return _listed(made)


def ordered(plan: object) -> Any:  # noqa: ANN401 - JSON
    """A plan with its lists of addressed items in the order of their addresses."""
    return _listed(_keyed(plan))


_MARK = "list by address"


def _keyed(value: object) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        return {key: _keyed(item) for key, item in value.items()}
    if not isinstance(value, list):
        return value
    if value and all(isinstance(item, dict) and "address" in item for item in value):
        return {_MARK: True} | {item["address"]: _keyed(item) for item in value}
    return [_keyed(item) for item in value]


def _listed(value: object) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, list):
        return [_listed(item) for item in value]
    if not isinstance(value, dict):
        return value
    if _MARK in value:
        return [_listed(value[key]) for key in sorted(value) if key != _MARK]
    return {key: _listed(item) for key, item in value.items()}


def _compare(good: object, other: object, path: list[str], found: Json) -> None:
    if good == other:
        return
    if not (isinstance(good, dict) and isinstance(other, dict) and _same_shape(good, other)):
        found["put"].append([path, _listed(other)])
        return
    found["drop"] += [[*path, key] for key in sorted(good.keys() - other.keys())]
    for key in sorted(other):
        if key in good:
            _compare(good[key], other[key], [*path, key], found)
        else:
            found["put"].append([[*path, key], _listed(other[key])])


def _same_shape(good: Json, other: Json) -> bool:
    """Whether both are lists by address, or both are plain objects."""
    return (_MARK in good) == (_MARK in other)


def _at(value: Any, steps: list[str]) -> Any:  # noqa: ANN401 - JSON
    for step in steps:
        value = value[step]
    return value
