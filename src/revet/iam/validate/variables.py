"""Policy variables as policies write them, well formed or not.

Source: IAM User Guide, "IAM policy elements: Variables and tags".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from revet.iam.symbol import has_symbol
from revet.iam.validate.place import Place, Text
from revet.iam.validate.written import WrittenStatement

OPENING = "${"
VERSION = "2012-10-17"
"""The first version of the policy language that has variables."""

_WRITTEN = re.compile(r"\$\{([^{}$]*)(\}?)")
_ESCAPES = frozenset("*?")
_QUOTED = re.compile(r"'[^']*'")


@dataclass(frozen=True, slots=True)
class WrittenVariable:
    """`${…}` in a string; references to resources of a plan and `${*}`, `${?}`, `${$}` are none.

    Args:
        holder: the string that it stands in.
        start: offset of the dollar sign in the string.
        end: offset after the closing brace, or after the last character without one.
        inner: what stands between the braces.
        closed: whether the closing brace is there.
    """

    holder: Text
    start: int
    end: int
    inner: str
    closed: bool

    @property
    def text(self) -> str:
        """All of it, as written."""
        return self.holder.text[self.start : self.end]

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.holder.substring(self.start, self.end - self.start)

    @property
    def name(self) -> str:
        """The name of the key, with the spaces that stand around it."""
        return self.inner.partition(",")[0]

    @property
    def default(self) -> str | None:
        """What stands after the comma, without spaces around it; `None` without a comma."""
        _, comma, default = self.inner.partition(",")
        return default.strip() if comma else None

    @property
    def is_empty(self) -> bool:
        """Whether it names no key."""
        return not self.name.strip()

    @property
    def default_is_quoted(self) -> bool:
        """Whether there is no default, or one between two single quotes."""
        return self.default is None or _QUOTED.fullmatch(self.default) is not None


def variables_of(holder: Text) -> Iterator[WrittenVariable]:
    """The variables in a string, in order.

    Args:
        holder: any string of a policy; numbers and booleans have no variables.
    """
    text = holder.text
    if OPENING not in text or holder.string is None:
        return
    for match in _WRITTEN.finditer(text):
        inner, brace = match.group(1), match.group(2)
        if brace and (inner in _ESCAPES or has_symbol(match.group())):
            continue
        if not brace and text.startswith("$}", match.end()) and not inner:
            continue
        yield WrittenVariable(holder, match.start(), match.end(), inner, bool(brace))


def may_have_variables(statement: WrittenStatement) -> bool:
    """Whether the text of a statement holds the beginning of a variable anywhere."""
    node = statement.node
    return statement.policy.json.text.find(OPENING, node.start, node.end) >= 0


def variables_in_use(statement: WrittenStatement) -> Iterator[WrittenVariable]:
    """The variables where the language replaces them: in resources and condition values.

    Args:
        statement: nothing is found when its policy has a version without variables.
    """
    if statement.policy.version == VERSION:
        yield from variables_in_place(statement)


def variables_in_place(statement: WrittenStatement) -> Iterator[WrittenVariable]:
    """The variables in resources and condition values, whatever the version of the policy."""
    if not may_have_variables(statement):
        return
    for resource in statement.resources:
        yield from variables_of(resource)
    for condition in statement.conditions:
        for value in condition.values:
            yield from variables_of(value)
