"""How a `Resource` pattern meets an ARN.

Source: IAM User Guide, "IAM JSON policy elements: Resource": wildcards stay within one field of the
ARN (the parts between colons), but a `*` at the end of a field may reach over colons. The part
after the fifth colon is one field; it may hold colons itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

from revet.iam.arn_pattern import split_arn
from revet.iam.glob_parts import ANY, Part, Variable
from revet.iam.globs import Glob, matcher

_COLONS = 5
_FIELDS = 6
_FEWEST_FIELDS = 3


class IncompleteArns(Enum):
    """What becomes of an ARN with fewer than six fields.

    Source: IAM User Guide, "IAM identifiers", "IAM ARNs", and AWS General Reference, "Amazon
    Resource Names (ARNs)": in an identity-based policy AWS puts `*` in place of the fields that are
    missing; a session policy that is passed to `AssumeRole` and its kin may not have such an ARN.
    The pages are silent about the other policies.
    """

    COMPLETED = "AWS completes them"
    REFUSED = "AWS refuses the policy"
    UNCLEAR = "either way"

    __hash__ = object.__hash__


@dataclass(frozen=True, slots=True)
class ResourceForms:
    """Which forms besides whole ARNs the policies of a layer take.

    Args:
        incomplete: what becomes of ARNs with fewer than six fields.
        short: whether it is a resource's own policy, which may use the service's short form.
    """

    incomplete: IncompleteArns = IncompleteArns.UNCLEAR
    short: bool = False


OWN_API = "execute-api:own"
"""The variable that stands for the ARN of the API that a policy is attached to, up to its id."""
_SHORT = "execute-api:"


def is_short(text: str) -> bool:
    """Whether it is the short form that API Gateway expands when a resource policy is saved.

    Source: Amazon API Gateway Developer Guide, "API Gateway resource policy examples":
    `execute-api:/stage/GET/pets` is about the API that the policy is attached to. The guides of
    the other services whose actions have resource policies show whole ARNs and `*` only.
    """
    return text.startswith(_SHORT)


def resource_glob(text: str, *, variables: bool) -> Glob:
    """The pattern of one value of `Resource`.

    Args:
        text: as written; the short form begins with the variable `OWN_API`.
        variables: whether the policy's version knows policy variables.
    """
    if not is_short(text):
        return Glob.parse(text, variables=variables)
    rest = Glob.parse(text.removeprefix(_SHORT), variables=variables)
    return Glob.of((Variable(OWN_API, None), *rest.parts), text=text)


def own_api(resource: str) -> str:
    """The value of `OWN_API` for a request: the ARN of its API; empty for other resources."""
    fields = resource.split(":", _COLONS)
    if len(fields) < _FIELDS or fields[2] != _SHORT[:-1]:
        return ""
    return ":".join([*fields[:_COLONS], fields[_COLONS].partition("/")[0]])


def completed(text: str) -> str:
    """An ARN with `*` in place of the fields that it lacks; anything else as it is.

    Args:
        text: a pattern of `Resource` or `NotResource`.
    """
    fields = split_arn(text)
    if fields[0] != "arn" or not _FEWEST_FIELDS <= len(fields) < _FIELDS:
        return text
    return ":".join([*fields, *"*" * (_FIELDS - len(fields))])


class Reach(Enum):
    """What a wildcard may stand for."""

    ALL = "any characters"
    FIELD = "characters other than a colon"


def resource_matcher(glob: Glob) -> Callable[[str], bool]:
    """The test whether an ARN, or `*`, is named by a pattern of `Resource`.

    It holds for no text that `glob.matches` does not hold for, and for the usual patterns it is
    the same.

    Args:
        glob: a pattern without variables and references.
    """
    if all(stretch is Reach.ALL for _, stretch in wildcards_of(glob.parts)):
        return matcher(glob)
    return _Confined(glob.parts).matches


def wildcards_of(parts: tuple[Part, ...]) -> Iterator[tuple[Part, Reach]]:
    """The wildcards, each with how far it reaches."""
    colons = 0
    for place, part in enumerate(parts):
        if isinstance(part, str):
            colons += part.count(":")
            continue
        after = parts[place + 1] if place + 1 < len(parts) else ""
        ends = after == "" or (isinstance(after, str) and after.startswith(":"))
        free = colons >= _COLONS or (part is ANY and ends)
        yield part, Reach.ALL if free else Reach.FIELD


class _Confined:
    """A pattern whose wildcards do not all reach over colons, as an automaton.

    A state is a bit set of places in the pattern, so that no place is tried twice.
    """

    __slots__ = ("_final", "_letters", "_loops", "_ones")

    def __init__(self, parts: tuple[Part, ...]) -> None:
        self._letters: dict[str, int] = {}
        self._ones = dict.fromkeys(Reach, 0)
        self._loops = dict.fromkeys(Reach, 0)
        place = 0
        wildcards = wildcards_of(parts)
        for part in parts:
            if isinstance(part, str):
                for letter in part:
                    self._letters[letter] = self._letters.get(letter, 0) | 1 << place
                    place += 1
                continue
            wildcard, stretch = next(wildcards)
            table = self._loops if wildcard is ANY else self._ones
            table[stretch] |= 1 << place
            place += 1
        self._final = 1 << place

    def matches(self, text: str) -> bool:
        """Whether the pattern names a text."""
        loops = self._loops[Reach.ALL] | self._loops[Reach.FIELD]
        state = 1 | (1 & loops) << 1
        for letter in text:
            moving = self._letters.get(letter, 0) | self._ones[Reach.ALL]
            staying = self._loops[Reach.ALL]
            if letter != ":":
                moving |= self._ones[Reach.FIELD]
                staying |= self._loops[Reach.FIELD]
            state = (state & moving) << 1 | (state & staying)
            state |= (state & loops) << 1
            if not state:
                return False
        return bool(state & self._final)
