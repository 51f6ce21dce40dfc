"""Places in a policy, and the texts that stand there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from revet.iam.document_json import JsonArray, JsonNode, JsonScalar, Member
from revet.iam.validate.finding import Part

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


def place_of(path: Path, node: JsonNode) -> Place:
    """The place of a value."""
    return Place(path, node.start, node.end)


def place_of_key(path: Path, member: Member) -> Place:
    """The place of a member's name.

    Args:
        path: of the object that holds the member.
        member: the member.
    """
    return Place((*path, ("key", member.name)), member.key.start, member.key.end)


@dataclass(slots=True, eq=False)
class Text:
    """A string (or number or boolean, as written) at a place.

    Args:
        node: the JSON value.
        path: where it stands.
        text: the string; of the other kinds the text as written.
    """

    node: JsonScalar
    path: Path
    text: str

    @property
    def is_string(self) -> bool:
        """Whether JSON's type is string."""
        return isinstance(self.node.value, str)

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(self.path, self.node.start, self.node.end)

    def substring(self, start: int, length: int) -> Place:
        """The place of a stretch of it; all of it when escapes shift the offsets."""
        if "\\" in self.node.raw:
            return self.place
        begin = self.node.start + 1 + start
        return Place((*self.path, ("substring", (start, length))), begin, begin + length)


def scalars(node: JsonNode | None, path: Path) -> list[tuple[JsonScalar, Path, str]]:
    """The scalar values of an element: the only one, or those of its list; null is none.

    Args:
        node: the element's value; None when it is absent.
        path: where it stands.

    Returns:
        What `Text` takes, for each.
    """
    if isinstance(node, JsonScalar):
        return [(node, path, node.text)] if node.value is not None else []
    if isinstance(node, JsonArray):
        return [
            (item, (*path, ("index", number)), item.text)
            for number, item in enumerate(node.items)
            if isinstance(item, JsonScalar) and item.value is not None
        ]
    return []


def read_texts(node: JsonNode, path: Path) -> tuple[Text, ...]:
    """The scalar values of an element, as in `scalars`."""
    return tuple(Text(*scalar) for scalar in scalars(node, path))
