"""What `Resource` and `NotResource` say, as sets of texts, and what AWS would not take."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from revet.iam.compiled.resources import (
    IncompleteArns,
    completed,
    is_short,
    resource_glob,
)
from revet.iam.glob_parts import ANY, unclosed
from revet.iam.globs import Glob

_ARN = "arn:"
_OPEN = re.compile(r"[*?$]")
"""What begins a part of a pattern that is not written out."""


@dataclass(frozen=True, slots=True)
class ResourceSet:
    """Texts that match one of the patterns, or none of them.

    Args:
        globs: the patterns.
        negated: whether the set is everything else (`NotResource`).
        perhaps: patterns of which it is not known whether they count.
    """

    globs: tuple[Glob, ...]
    negated: bool = False
    perhaps: tuple[Glob, ...] = ()
    is_everything: bool = field(init=False, compare=False, repr=False, default=False)
    """Whether it names every text."""
    _hash: int = field(init=False, compare=False, repr=False, default=0)

    def __post_init__(self) -> None:
        """Make what is asked for often; the hash without what sets rarely differ in alone."""
        everything = not self.negated and any(glob.is_everything for glob in self.globs)
        object.__setattr__(self, "is_everything", everything)
        object.__setattr__(self, "_hash", hash(self.globs))

    def __hash__(self) -> int:
        """Made once: sets are keys of tables."""
        return self._hash

    @property
    def written(self) -> frozenset[str]:
        """As of `ActionSet`; of resources all patterns are among the others."""
        return _NONE_WRITTEN

    @property
    def wild(self) -> tuple[Glob, ...]:
        """The other patterns."""
        return self.globs


_NONE_WRITTEN: frozenset[str] = frozenset()


class ReadResources(NamedTuple):
    """What `Resource` or `NotResource` says.

    Args:
        named: the set.
        refused: why AWS would not take it in a policy of this layer.
    """

    named: ResourceSet
    refused: tuple[str, ...] = ()


EVERY_RESOURCE = ResourceSet((Glob.parse("*"),))
"""What a statement is about that has none or both of `Resource` and `NotResource`.

It is a policy about its own resource, or a statement with a problem, which may then bear on any
request.
"""


def _refused(
    resources: Iterable[str], incomplete: IncompleteArns, *, short: bool, variables: bool
) -> list[str]:
    """Why AWS does not take resources in such a policy."""
    found = []
    for text in resources:
        if variables and (fault := unclosed(text)):
            found.append(fault)
        if incomplete is IncompleteArns.REFUSED and completed(text) != text:
            found.append(f"`{text}` has fewer than six fields, which a session policy may not have")
        if not short and is_short(text):
            found.append(
                f"`{text}` is a short form that only the resource policy of an API may have"
            )
    return found


@lru_cache(maxsize=4096)
def read_resources(
    named: tuple[str, ...],
    others: tuple[str, ...],
    incomplete: IncompleteArns,
    short: bool,  # noqa: FBT001 - one table
    variables: bool,  # noqa: FBT001 - as above
) -> ReadResources:
    """What `Resource` and `NotResource` say; ARNs with missing fields as AWS reads them.

    Args:
        named: the patterns of `Resource`.
        others: those of `NotResource`.
        incomplete: what becomes of ARNs with missing fields.
        short: whether the policy may use a service's short form.
        variables: whether the policy's version knows policy variables.
    """
    return ReadResources(
        _resource_set(named, others, incomplete, variables=variables),
        refused=tuple(_refused(named + others, incomplete, short=short, variables=variables)),
    )


def _resource_set(
    named: tuple[str, ...],
    others: tuple[str, ...],
    incomplete: IncompleteArns,
    *,
    variables: bool,
) -> ResourceSet:
    if bool(named) == bool(others):
        return EVERY_RESOURCE
    texts = named or others
    doubtful = tuple([text for text in texts if variables and unclosed(text)])
    if doubtful:  # whatever stands after the variable's beginning
        texts = tuple([text for text in texts if text not in doubtful])
        known = (
            _resource_set(texts, (), incomplete, variables=variables) if texts else ResourceSet(())
        )
        heads = [Glob.parse(text.partition("${")[0] + "*") for text in doubtful]
        return ResourceSet(known.globs, not named, (*known.perhaps, *heads))
    written = tuple([resource_glob(text, variables=variables) for text in texts])
    filled = tuple([completed(text) for text in texts])
    if filled == texts:
        return ResourceSet(written, not named)
    whole = tuple([resource_glob(text, variables=variables) for text in filled])
    pairs = list(zip(written, whole, strict=True))
    if incomplete is IncompleteArns.COMPLETED:
        # A wildcard at the end of a field may reach over colons, which completing takes away.
        perhaps = [plain for plain, full in pairs if ANY in plain.parts and not full.covers(plain)]
        return ResourceSet(whole, not named, tuple(perhaps))
    sure = [glob for plain, full in pairs for glob in _in_both(plain, full)]
    unsure = [glob for pair in pairs if pair[0] != pair[1] for glob in pair]
    return ResourceSet(tuple(sure), not named, tuple(unsure))


def _in_both(plain: Glob, full: Glob) -> Iterable[Glob]:
    """What is surely in both readings of an ARN."""
    if full.covers(plain):
        yield plain
    elif plain.covers(full):
        yield full


@lru_cache(maxsize=4096)
def resource_faults(named: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    """Why AWS would not take resources in any policy.

    Args:
        named: the patterns of `Resource`.
        others: those of `NotResource`.
    """
    found = []
    for resource in named + others:
        if not resource.isprintable():
            found.append(f"`{resource!a}` has characters that no ARN has")
        elif not (resource.startswith(_ARN) or _may_be_arn(resource) or is_short(resource)):
            found.append(f"the resource `{resource}` is neither an ARN nor `*`")
    return tuple(found)


def _may_be_arn(text: str) -> bool:
    """Whether it begins like an ARN, up to where a wildcard or a variable stands."""
    head = _OPEN.split(text, maxsplit=1)[0]
    return head.startswith(_ARN) or (head != text and _ARN.startswith(head))
