"""Mappings that tell when something is taken out of them.

See `revet.embedded.members`, which puts them in the place of what services are given.
"""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterator, Mapping, ValuesView
from typing import Any, Protocol

from botocore.model import Shape
from moto.core.parse import XFormedDict
from moto.core.request import EnvironHeaders

from revet.embedded.call import Moto


class Watcher(Protocol):
    """Who is told."""

    def read(self, operation: str, path: str) -> None:
        """A member was read."""

    def query(self, name: str) -> None:
        """A part of the query was read."""

    def header(self, name: str) -> None:
        """A header was read."""

    def step(self, path: str, shape: Shape | None, key: str) -> tuple[str, Shape | None]:
        """Where a key leads."""

    def child(self, value: Moto, operation: str, path: str, shape: Shape | None, key: str) -> Moto:
        """The value of a key, wrapped."""


class Query(dict[str, Any]):
    """The flat query of a request."""

    def __init__(self, watch: Watcher, query: Mapping[str, Any]) -> None:
        super().__init__(query)
        self._watch = watch

    def __iter__(self) -> Iterator[str]:
        """Its own, so that nothing copies it past `__getitem__`."""
        return super().__iter__()

    def __getitem__(self, key: str) -> Moto:
        """As of a mapping."""
        self._watch.query(key)
        return super().__getitem__(key)

    def get(self, key: str, default: Moto = None) -> Moto:
        """As of a mapping."""
        self._watch.query(key)
        return super().get(key, default)

    def items(self) -> Moto:
        """As of a mapping."""
        for key in self:
            self._watch.query(key)
        return super().items()


class Headers(EnvironHeaders):
    """The headers of a request."""

    def __init__(self, environ: Moto, watch: Watcher) -> None:
        super().__init__(environ)
        self._watch = watch

    def _get_key(self, key: str) -> str:
        self._watch.header(key)
        return super()._get_key(key)


class _Watched:
    """What any kind of mapping does when it is watched."""

    _watch: Watcher
    _operation: str
    _path: str
    _shape: Shape | None

    @classmethod
    def made(
        cls,
        watch: Watcher,
        operation: str,
        path: str,
        shape: Shape | None,
        value: Mapping[str, Any],
    ) -> Moto:
        """A copy of a mapping, watched."""
        self: Moto = cls()
        for key in _keys(value):
            below = watch.child(value[key], operation, path, shape, str(key))
            super(_Watched, self).__setitem__(key, below)  # type: ignore[misc]
        self._watch, self._operation, self._path, self._shape = watch, operation, path, shape
        return self

    def original_dict(self) -> Moto:
        """As of `XFormedDict`."""
        for key in self:
            self._note(key)
        return super().original_dict()  # type: ignore[misc]

    def held(self, key: Moto) -> Moto:
        """The value of a key, without a word."""
        return super().__getitem__(key)  # type: ignore[misc]

    def _note(self, key: Moto) -> None:
        watch: Watcher | None = self.__dict__.get("_watch")
        if watch is not None:
            watch.read(self._operation, watch.step(self._path, self._shape, str(key))[0])

    def __iter__(self) -> Iterator[Any]:
        return super().__iter__()  # type: ignore[misc,no-any-return]

    def __getitem__(self, key: Moto) -> Moto:
        self._note(key)
        return super().__getitem__(key)  # type: ignore[misc]

    def get(self, key: Moto, default: Moto = None) -> Moto:
        """As of a mapping."""
        return self[key] if key in self else default  # noqa: SIM401 - this is `get`

    def pop(self, key: Moto, *default: Moto) -> Moto:
        """As of a mapping."""
        self._note(key)
        return super().pop(key, *default)  # type: ignore[misc]

    def items(self) -> Moto:
        """As of a mapping."""
        whole: Moto = self
        return ItemsView(whole)

    def values(self) -> Moto:
        """As of a mapping."""
        whole: Moto = self
        return ValuesView(whole)

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        for key in self:
            self._note(key)
        return bool(super().__eq__(other))

    def copy(self) -> Moto:
        """A copy that is watched, too."""
        return self.__copy__()

    def __copy__(self) -> Moto:
        plain = {key: self.held(key) for key in self}
        return self._again(plain)

    def __deepcopy__(self, memo: dict[int, Any]) -> Moto:
        copied = self.__copy__()
        memo[id(self)] = copied
        return copied

    def _again(self, plain: Mapping[str, Any]) -> Moto:
        return type(self).made(self._watch, self._operation, self._path, self._shape, plain)

    def __or__(self, other: Mapping[str, Any]) -> dict[str, Any]:
        return {**dict(self.items()), **other}

    def __ror__(self, other: Mapping[str, Any]) -> dict[str, Any]:
        return {**other, **dict(self.items())}

    def __reduce_ex__(self, protocol: Moto) -> Moto:
        """A snapshot keeps what is in it, not that it was watched."""
        plain = {key: self.held(key) for key in self}
        return type(self).__mro__[2], (plain,)


def hooked(value: Moto, hook: Callable[[Moto], Moto]) -> Moto:
    """What `json.loads` makes of a wrapped value with an `object_hook`."""
    if isinstance(value, list):
        return [hooked(one, hook) for one in value]
    if not isinstance(value, _Watched):
        return value
    plain: Moto = value
    for key in plain:
        super(_Watched, plain).__setitem__(key, hooked(plain.held(key), hook))
    return hook(plain)


def _keys(value: Mapping[str, Any]) -> list[str]:
    """The keys of a mapping as they were set: `XFormedDict` shows its own spelling of them."""
    if isinstance(value, XFormedDict):
        return [key for key, _ in value._store.values()]  # noqa: SLF001 - where moto keeps them
    return list(value)


_KINDS: dict[type, Moto] = {}


def watched(kind: type) -> Moto:
    """The kind of mapping that is watched and otherwise like another one."""
    if issubclass(kind, _Watched):
        return kind
    if kind not in _KINDS:
        _KINDS[kind] = type(f"Watched{kind.__name__}", (_Watched, kind), {})
    return _KINDS[kind]
