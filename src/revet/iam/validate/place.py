"""Places in a policy, and the JSON values that stand there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from revet.iam.document_json import JsonArray, JsonNode, JsonObject, JsonScalar, Member
from revet.iam.validate.lazy import lazy

Part: TypeAlias = tuple[str, str | int | tuple[int, int]]
"""One step of a path: `("value", member)`, `("index", n)`, `("key", member)` for the member's name
itself, or `("substring", (start, length))` for a stretch of a string."""
Path: TypeAlias = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the policy that a finding can point to.

    Args:
        path: its steps.
        start: offset of its first character.
        end: offset after its last character.
    """

    path: Path
    start: int
    end: int


@dataclass(eq=False)
class Value:
    """A JSON value at a place.

    Args:
        node: the JSON value.
        path: where it stands.
    """

    node: JsonNode
    path: Path

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(self.path, self.node.start, self.node.end)

    @property
    def string(self) -> str | None:
        """The string; None for the other types of JSON."""
        node = self.node
        return node.value if isinstance(node, JsonScalar) and isinstance(node.value, str) else None

    @property
    def is_empty_list(self) -> bool:
        """Whether it is `[]`."""
        return isinstance(self.node, JsonArray) and not self.node.items

    @property
    def is_empty_object(self) -> bool:
        """Whether it is `{}`."""
        return isinstance(self.node, JsonObject) and not self.node.members

    @lazy
    def keys(self) -> tuple[Key, ...]:
        """The names of an object with their values, as written; none for the other types."""
        if not isinstance(self.node, JsonObject):
            return ()
        return tuple(Key(member, self.path) for member in self.node.members)

    @lazy
    def elements(self) -> dict[str, Value]:
        """The values of an object by name; the last one where a name stands twice."""
        if not isinstance(self.node, JsonObject):
            return {}
        return {
            member.name: Value(member.value, (*self.path, ("value", member.name)))
            for member in self.node.members
        }

    def string_of(self, name: str) -> str | None:
        """The string under a name; None when it is absent or no string."""
        value = self.elements.get(name)
        return None if value is None else value.string

    def items(self) -> Iterator[Value]:
        """The values of a list; none for the other types."""
        if isinstance(self.node, JsonArray):
            for number, item in enumerate(self.node.items):
                yield Value(item, (*self.path, ("index", number)))


@dataclass(eq=False)
class Key:
    """A name in an object.

    Args:
        member: the name and its value.
        holder: where the object stands.
    """

    member: Member
    holder: Path

    @property
    def name(self) -> str:
        """The decoded name."""
        return self.member.name

    @property
    def place(self) -> Place:
        """Where the name stands."""
        key = self.member.key
        return Place((*self.holder, ("key", self.member.name)), key.start, key.end)

    @lazy
    def value(self) -> Value:
        """Its value."""
        return Value(self.member.value, (*self.holder, ("value", self.member.name)))


@dataclass(eq=False)
class Text(Value):
    """A string (or number or boolean, as written) at a place.

    Args:
        text: the string; of the other kinds the text as written.
    """

    node: JsonScalar
    text: str

    def substring(self, start: int, length: int) -> Place:
        """The place of a stretch of it; all of it when escapes shift the offsets."""
        if "\\" in self.node.raw:
            return self.place
        begin = self.node.start + 1 + start
        return Place((*self.path, ("substring", (start, length))), begin, begin + length)


def scalars(value: Value | None) -> list[tuple[JsonScalar, Path, str]]:
    """The scalar values of an element: the only one, or those of its list; null is none.

    Args:
        value: the element's value; None when it is absent.

    Returns:
        What `Text` takes, for each.
    """
    if value is None or isinstance(value.node, JsonObject):
        return []
    node = value.node
    if isinstance(node, JsonScalar):
        return [(node, value.path, node.text)] if node.value is not None else []
    return [
        (item, (*value.path, ("index", number)), item.text)
        for number, item in enumerate(node.items)
        if isinstance(item, JsonScalar) and item.value is not None
    ]
