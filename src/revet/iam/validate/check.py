"""How a finding code is declared."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from revet.iam.policy_type import ALL, PolicyType
from revet.iam.validate.finding import OWN_PREFIX, Level
from revet.iam.validate.place import Place
from revet.iam.validate.reading import UnreadableText
from revet.iam.validate.written import (
    WrittenAction,
    WrittenCondition,
    WrittenPolicy,
    WrittenPrincipal,
    WrittenResource,
    WrittenStatement,
)


@dataclass(frozen=True, slots=True)
class Hit:
    """What a check found.

    Args:
        details: what is wrong and what to do.
        places: where, at least one.
    """

    details: str
    places: tuple[Place, ...]


Hits: TypeAlias = Iterator[Hit]

REFERENCE = "IAM User Guide, IAM policy validation check reference"
"""AWS's page of its codes."""

SUBJECTS: tuple[type[Any], ...] = (
    UnreadableText,
    WrittenPolicy,
    WrittenStatement,
    WrittenAction,
    WrittenResource,
    WrittenPrincipal,
    WrittenCondition,
)
"""What a rule can look at."""


@dataclass(frozen=True, slots=True)
class Check:
    """One finding code.

    Args:
        code: AWS's issue code, or ours.
        level: of all its findings.
        subject: the class of what it looks at.
        types: the policy types that it applies to.
        source: AWS documentation that says so.
        answers: how many findings of this kind Access Analyzer has on AWS's own policies; None for
            ten and more, and for our codes.
        find: the rule.
        needs: a text in lower case without which the rule finds nothing; empty when it always runs.
    """

    code: str
    level: Level
    subject: type[Any]
    types: frozenset[PolicyType]
    source: str
    answers: int | None
    find: Callable[[Any], Hits]
    needs: str = ""


_Rule = TypeVar("_Rule", bound=Callable[..., Hits])


def hit(details: str, *places: Place) -> Hit:
    """Say what is wrong at one or more places."""
    return Hit(details, places)


def check(
    level: Level,
    *,
    types: AbstractSet[PolicyType] = ALL,
    source: str = "",
    answers: int | None = 0,
    needs: str = "",
) -> Callable[[_Rule], _Rule]:
    """Declare a finding; the code is the rule's name in upper case.

    The annotation of the rule's argument, one of `SUBJECTS`, says what it is called with.

    Args:
        level: of its findings.
        types: policy types that it applies to.
        source: titles of the AWS documentation; those of AWS's codes come on top of `REFERENCE`,
            and are of the same guide unless they name another.
        answers: see `Check`.
        needs: a text in lower case that every policy with this finding holds; the rule is not asked
            where the policy's text, in lower case, lacks it.
    """

    def declare(rule: _Rule) -> _Rule:
        code = rule.__name__.upper()
        ours = code.startswith(OWN_PREFIX)
        annotation = next(iter(rule.__annotations__.values()))
        subject = next(kind for kind in SUBJECTS if kind.__name__ == annotation)
        titles = filter(None, (source,) if ours else (REFERENCE, source))
        rule.declared_check = Check(  # type: ignore[attr-defined]
            code,
            level,
            subject,
            frozenset(types),
            "; ".join(titles),
            None if ours else answers,
            rule,
            needs,
        )
        return rule

    return declare
