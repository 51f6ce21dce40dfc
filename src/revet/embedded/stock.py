"""What new backends come with and hardly anything changes: AWS's images, AWS's managed policies.

It is most of a state's bytes. It is written once, and a state then holds only what became of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.core.base_backend import BaseBackend

from revet.embedded.call import Moto

_ATTRIBUTES = {
    "EC2Backend": ("amis", "snapshots"),
    "IAMBackend": ("managed_policies", "aws_managed_policies"),
}
"""Class of a backend, to attributes that are dictionaries or lists of stock."""
Place = tuple[str, str, str]
"""Class, account and region of a backend."""
_CONTAINERS = (list, dict, set)


@dataclass(frozen=True, slots=True)
class Left:
    """What became of an attribute's stock.

    Args:
        place: of the backend.
        attribute: of it.
        extra: what came, by its key; a list that is not as it was is in `whole`.
        gone: keys of what went.
        changed: key to the attributes that are otherwise.
        whole: everything, where it is a list that changed; none else.
    """

    place: Place
    attribute: str
    extra: Mapping[Any, Any]
    gone: tuple[Any, ...]
    changed: Mapping[Any, Mapping[str, Any]]
    whole: list[Any] | None = None


@dataclass(slots=True)
class _Held:
    """The stock of one backend, as it came."""

    values: dict[str, Any]
    originals: dict[int, dict[str, Any]]
    blob: bytes = b""
    left: dict[str, Left] = field(default_factory=dict)


def place_of(backend: BaseBackend) -> Place:
    """How a backend's stock is named."""
    return type(backend).__name__, str(backend.account_id), str(backend.region_name)


@dataclass(slots=True)
class Stock:
    """The stock of all backends of this process."""

    _held: dict[Place, _Held] = field(default_factory=dict)
    names: dict[int, tuple[Place, str, Any]] = field(default_factory=dict)
    """Identity of an object, to how it is named in a state."""

    def note(self, backend: BaseBackend) -> None:
        """Take what a new backend holds for its stock, if it is one that has any."""
        attributes = _ATTRIBUTES.get(type(backend).__name__)
        if attributes:
            self._keep(place_of(backend), {name: vars(backend)[name] for name in attributes})

    def _keep(self, place: Place, values: Mapping[str, Any], blob: bytes = b"") -> None:
        held = _Held({name: _copied(value) for name, value in values.items()}, {}, blob)
        for name, value in held.values.items():
            for key, one in _items(value):
                if id(one) not in held.originals:
                    self.names[id(one)] = (place, name, key)
                    held.originals[id(one)] = _shape(one)
        self._held[place] = held

    def blobs(self, backend: BaseBackend, dump: Callable[[Moto], bytes]) -> dict[Place, bytes]:
        """The stock of one backend as it is written, by its place; empty where it has none.

        Args:
            backend: whose it is.
            dump: pickles it; called once.
        """
        place = place_of(backend)
        held = self._held.get(place)
        if held is None:
            return {}
        if not held.blob:
            for value in held.values.values():
                for _, one in _items(value):
                    held.originals[id(one)] = _shape(one)  # what the blob has
            held.blob = dump(held.values)
        return {place: held.blob}

    def restore(self, place: Place, values: Mapping[str, Any], blob: bytes) -> None:
        """Take stock that was written for that of a backend that is about to be restored."""
        self._keep(place, values, blob)

    def object(self, place: Place, attribute: str, key: Moto) -> Moto:
        """An object by its name."""
        return self._held[place].values[attribute][key]

    def without(self, backend: BaseBackend, *, same: bool = False) -> dict[str, Any]:
        """A backend's state with what became of its stock in place of the stock.

        Args:
            backend: whose it is.
            same: nothing of it has changed since this was last asked.
        """
        place, state = place_of(backend), dict(vars(backend))
        held = self._held.get(place)
        if held is None:
            return state
        if not same or not held.left:
            held.left = {name: _left(place, name, state[name], held) for name in held.values}
        return {**state, **held.left}

    def with_stock(self, state: Mapping[str, Any]) -> dict[str, Any]:
        """A backend's state with its stock as `without` left it out."""
        return {name: self._whole(v) if isinstance(v, Left) else v for name, v in state.items()}

    def _whole(self, left: Left) -> Moto:
        stock = self._held[left.place].values[left.attribute]
        for key, state in left.changed.items():
            vars(stock[key]).update(state)
        if left.whole is not None:
            return left.whole
        if isinstance(stock, list):
            return list(stock)
        kept = {key: one for key, one in stock.items() if key not in set(left.gone)}
        return {**kept, **left.extra}


def _left(place: Place, name: str, now: Moto, held: _Held) -> Left:
    base = held.values[name]
    if isinstance(base, list):
        return Left(place, name, {}, (), {}, None if now == base else now)
    changed = {
        key: {
            attribute: value
            for attribute, value in vars(one).items()
            if attribute not in original or original[attribute] != value
        }
        for key, one in base.items()
        if not _is_as(one, original := held.originals[id(one)])
    }
    extra = {key: one for key, one in now.items() if base.get(key) is not one}
    return Left(place, name, extra, tuple(key for key in base if key not in now), changed)


def _is_as(one: Moto, original: Mapping[str, Any]) -> bool:
    return bool(vars(one) == original)


def _shape(one: Moto) -> dict[str, Any]:
    """An object's attributes as they are now, whatever becomes of it."""
    return {
        name: value.copy() if isinstance(value, _CONTAINERS) else value
        for name, value in vars(one).items()
    }


def _copied(value: Moto) -> Moto:
    return dict(value) if isinstance(value, dict) else list(value)


def _items(value: Moto) -> Iterator[tuple[Any, Any]]:
    yield from value.items() if isinstance(value, dict) else enumerate(value)
