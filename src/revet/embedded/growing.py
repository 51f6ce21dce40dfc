"""Collections that grow with the work: their content is written once, and then what comes.

A state names such a collection by a number, and what is in it is kept beside. An item does not
change once it is in, but for objects of S3 that a call names.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from moto.s3.utils import _VersionedKeyStore

from revet.embedded.call import Moto
from revet.embedded.patching import replace

_ATTRIBUTES = {
    ("moto.logs.models", "LogStream"): "events",
    ("moto.cloudwatch.models", "CloudWatchBackend"): "metric_data",
    ("moto.dynamodb.models.table", "StreamShard"): "items",
    ("moto.s3.models", "FakeBucket"): "keys",
}
"""Module and class, to the attribute that grows: a list that is added to, or S3's objects."""
_NOTED = "revet_noted"
"""Attribute of S3's objects: keys that changed since they were written."""
_MAKE: Mapping[str, Callable[[], Any]] = {"list": list, "objects": _VersionedKeyStore}


def growing(kind: type) -> str:
    """The attribute of a class that grows; empty without one."""
    return _ATTRIBUTES.get((kind.__module__, kind.__name__), "")


@dataclass(frozen=True, slots=True)
class Grown:
    """What came to a collection.

    Args:
        number: of it.
        kind: as of `_MAKE`.
        start: of a list, how many items stay.
        items: of a list, what follows them.
        objects: of S3's objects, key to all its versions.
        gone: of S3's objects, keys.
    """

    number: int
    kind: str
    start: int = 0
    items: tuple[Any, ...] = ()
    objects: Mapping[str, list[Any]] = field(default_factory=dict)
    gone: tuple[str, ...] = ()


@dataclass(slots=True)
class _Known:
    """A collection, and what of it is written: how many items, or whether any objects."""

    number: int
    content: Moto
    count: int = 0
    ends: tuple[Any, ...] = ()

    @property
    def kind(self) -> str:
        return "list" if isinstance(self.content, list) else "objects"


class Reference:
    """Stands for a collection in a state."""

    def __init__(self, number: int, kind: str) -> None:
        self._name = (number, kind)

    def __reduce__(self) -> tuple[object, ...]:
        """Become the collection when it is read."""
        return _collection, self._name


_READ: ContextVar[Collections] = ContextVar("collections")


def _collection(number: int, kind: str) -> Moto:
    return _READ.get().collection(number, kind)


class Collections:
    """The collections of all backends of this process."""

    def __init__(self) -> None:
        self._known: dict[int, _Known] = {}
        self._numbered: dict[int, _Known] = {}
        self._met: dict[int, _Known] = {}
        self._last = 0

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Read states meanwhile."""
        token = _READ.set(self)
        try:
            yield
        finally:
            _READ.reset(token)

    def collection(self, number: int, kind: str) -> Moto:
        """A collection by its number; a new one where it is not known yet."""
        known = self._numbered.get(number)
        if known is None:
            known = self._add(number, _MAKE[kind]())
        return known.content

    def _add(self, number: int, content: Moto) -> _Known:
        known = _Known(number, content)
        self._known[id(content)] = self._numbered[number] = known
        self._last = max(self._last, number)
        return known

    def reference(self, content: Moto) -> Reference:
        """What a state holds in place of a collection; what came to it is due then."""
        known = self._known.get(id(content)) or self._add(self._last + 1, content)
        self._met[known.number] = known
        return Reference(known.number, known.kind)

    def begin(self, *, anew: bool) -> None:
        """Begin to write states.

        Args:
            anew: as if nothing was written yet; collections that are not met any more are
                forgotten.
        """
        self._met.clear()
        if anew:
            for known in self._known.values():
                known.count, known.ends = 0, ()

    def came(self, keys: Collection[str]) -> list[Grown]:
        """What came to the collections that were met since `begin`.

        Args:
            keys: names of S3 objects that may have changed in place.
        """
        return [one for known in self._met.values() if (one := _came(known, keys)) is not None]

    def forget_others(self) -> None:
        """Forget all that were not met since `begin`: nothing has them any more."""
        self._numbered = dict(self._met)
        self._known = {id(known.content): known for known in self._met.values()}

    def take(self, grown: Grown) -> None:
        """Put what was written into its collection."""
        content = self.collection(grown.number, grown.kind)
        known = self._numbered[grown.number]
        if grown.kind == "list":
            content[grown.start :] = grown.items
            _note_list(known)
            return
        known.count = 1
        for key in grown.gone:
            dict.pop(content, key, None)
        for key, versions in grown.objects.items():
            dict.__setitem__(content, key, versions)


def _note_list(known: _Known) -> None:
    content = known.content
    known.count, known.ends = len(content), (content[0], content[-1]) if content else ()


def _came(known: _Known, keys: Collection[str]) -> Grown | None:
    return _items(known) if known.kind == "list" else _objects(known, keys)


def _items(known: _Known) -> Grown | None:
    content, count = known.content, known.count
    stays = count <= len(content) and (
        not count or (content[0] is known.ends[0] and content[count - 1] is known.ends[1])
    )
    if stays and count == len(content):
        return None
    start = count if stays else 0
    grown = Grown(known.number, known.kind, start, tuple(content[start:]))
    _note_list(known)
    return grown


def _objects(known: _Known, keys: Collection[str]) -> Grown | None:
    content = known.content
    asked: set[str] = content.__dict__.pop(_NOTED, set())
    if not known.count:
        asked.update(dict.keys(content))
    asked.update(key for key in keys if dict.__contains__(content, key))
    known.count = 1
    changed = {key: versions for key in asked if (versions := dict.get(content, key))}
    gone = tuple(sorted(asked - set(changed)))
    if not changed and not gone:
        return None
    return Grown(known.number, known.kind, objects=changed, gone=gone)


def note_objects() -> None:
    """From now on, note which of S3's objects change, where they are kept."""

    def noting(original: Callable[..., Any]) -> Callable[..., Any]:
        def change(self: Moto, key: str, *arguments: Moto) -> Moto:
            self.__dict__.setdefault(_NOTED, set()).add(key)
            return original(self, key, *arguments)

        return change

    for name in ("__setitem__", "__delitem__", "pop", "setlist"):
        replace(_VersionedKeyStore, name, noting)
