"""Kinds of JSON values, and the one error for a value of another kind than its place has."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, NoReturn, TypeGuard

from revet.model.errors import InputError

IDENTIFIER = re.compile(r"[^\W\d][\w-]*")
_SHOWN = 60
_KINDS = {dict: "an object", list: "a list", str: "text", bool: "a truth value", type(None): "null"}


@dataclass(frozen=True, slots=True)
class Form:
    """What is checked, for messages.

    Args:
        what: `plan` or `state`.
        where: the file, or what stands for it.
        made_by: the command that writes it, for `do`.
    """

    what: str
    where: str
    made_by: str

    def refuse(self, path: str, got: object, expected: str) -> NoReturn:
        """Raise for a value of the wrong kind.

        Args:
            path: of the value in the JSON, `resource_changes[0].change.after`, or an address and
                an attribute path.
            got: the value.
            expected: what would have been right.

        Raises:
            InputError: always.
        """
        raise self.error(path, kind_of(got), expected)

    def missing(self, path: str, expected: str) -> NoReturn:
        """Raise for a member that is not there.

        Raises:
            InputError: always.
        """
        raise self.error(path, "nothing: it is missing", expected)

    def error(self, path: str, got: str, expected: str) -> InputError:
        """The error for something that the form of the file does not allow."""
        return InputError(
            f"the {self.what} does not have the form of a {self.what}",
            where=f"{self.where}: `{path}`",
            got=got,
            expected=expected,
            do=f"create it again with `{self.made_by}`, and do not edit it",
        )

    def mapping(self, value: object, path: str) -> dict[str, Any]:
        """The value, an object.

        Raises:
            InputError: it is something else.
        """
        if type(value) is not dict:
            self.refuse(path, value, "an object")
        return value

    def sequence(self, value: object, path: str) -> list[Any]:
        """The value, a list.

        Raises:
            InputError: it is something else.
        """
        if type(value) is not list:
            self.refuse(path, value, "a list")
        return value

    def optional(self, node: dict[str, Any], name: str, kind: type, path: str) -> None:
        """Check the kind of a member that may be missing.

        Raises:
            InputError: it is there and of another kind.
        """
        if name in node and type(node[name]) is not kind:
            self.refuse(_below(path, name), node[name], _KINDS.get(kind, "a whole number"))

    def texts(self, node: dict[str, Any], name: str, path: str) -> None:
        """Check a member that may be missing, and is a list of texts otherwise.

        Raises:
            InputError: it is something else.
        """
        self.optional(node, name, list, path)
        for number, item in enumerate(node.get(name, ())):
            if type(item) is not str:
                self.refuse(f"{_below(path, name)}[{number}]", item, "text")


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def kind_of(value: object) -> str:
    """A value in words: its kind, and how it begins."""
    if value is None:
        return "null"
    kind = _KINDS.get(type(value), "a number")
    text = repr(value) if not isinstance(value, (bool, str)) else str(value)
    if isinstance(value, bool):
        text = text.lower()
    return f"{kind}, `{text if len(text) <= _SHOWN else text[:_SHOWN] + '…'}`"


def is_identifier(value: object) -> TypeGuard[str]:
    """Whether a value is a name as Terraform takes it for types, resources and modules."""
    return type(value) is str and IDENTIFIER.fullmatch(value) is not None


def marks_fit(marks: object, value: object, *, unknown_too: bool = False) -> bool:
    """Whether marks (of what is unknown, or sensitive) have the form of what they mark.

    Truth values stand at the leaves, also above what is wholly marked; objects mark objects and
    maps; lists mark lists and sets, element by element. What has no mark is not marked. Of an
    object, only what is wholly unknown is missing.

    Args:
        marks: `after_unknown`, `after_sensitive`, or a part of one.
        value: the value beside it, `None` where it is unknown.
        unknown_too: whether marks inside a value that is unknown or null make sense.
    """
    if type(marks) is bool:
        return True
    if type(marks) not in (dict, list):
        return False
    if value is None:
        return not marks or (unknown_too and _are_marks(marks))
    if type(marks) is not type(value):
        return False
    if isinstance(marks, dict) and isinstance(value, dict):
        return all(
            mark is True
            or (
                (unknown_too or name in value)
                and marks_fit(mark, value.get(name), unknown_too=unknown_too)
            )
            for name, mark in marks.items()
        )
    pairs = list(zip(marks, value, strict=False))  # type: ignore[call-overload]
    return len(pairs) == len(marks) and all(  # type: ignore[arg-type]
        marks_fit(mark, item, unknown_too=unknown_too) for mark, item in pairs
    )


def _are_marks(marks: object) -> bool:
    if isinstance(marks, dict):
        return all(map(_are_marks, marks.values()))
    if isinstance(marks, list):
        return all(map(_are_marks, marks))
    return isinstance(marks, bool)
