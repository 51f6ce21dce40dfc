"""The findings that exist, one file a family, found without being registered."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from inspect import isfunction
from typing import Any, TypeAlias, TypeVar

from revet.iam.validate import codes
from revet.iam.validate.finding import OWN_PREFIX, Level
from revet.iam.validate.place import Place
from revet.iam.validate.policy_type import ALL, PolicyType
from revet.iam.validate.subject import (
    ActionSubject,
    ConditionSubject,
    PolicySubject,
    PrincipalSubject,
    ResourceSubject,
    StatementSubject,
    UnreadableSubject,
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

SUBJECTS = (
    UnreadableSubject,
    PolicySubject,
    StatementSubject,
    ActionSubject,
    ResourceSubject,
    PrincipalSubject,
    ConditionSubject,
)


@dataclass(frozen=True, slots=True)
class Check:
    """One finding code.

    Args:
        code: AWS's issue code, or ours.
        level: of all its findings.
        subject: the class of what it looks at.
        types: the policy types that it applies to.
        source: AWS documentation that says so.
        find: the rule.
        needs: a text in lower case without which the rule finds nothing; empty when it always runs.
    """

    code: str
    level: Level
    subject: type[Any]
    types: frozenset[PolicyType]
    source: str
    find: Callable[[Any], Hits]
    needs: str = ""


_Rule = TypeVar("_Rule", bound=Callable[..., Hits])


def hit(details: str, *places: Place) -> Hit:
    """Say what is wrong at one or more places."""
    return Hit(details, places)


def check(
    level: Level,
    *,
    subject: type[Any],
    types: frozenset[PolicyType] = ALL,
    source: str = "",
    needs: str = "",
) -> Callable[[_Rule], _Rule]:
    """Declare a finding; the code is the rule's name in upper case.

    Args:
        level: of its findings.
        subject: one of `SUBJECTS`; the rule is called with each of them.
        types: policy types that it applies to.
        source: titles of the AWS documentation; those of AWS's codes come on top of `REFERENCE`,
            and are of the same guide unless they name another.
        needs: a text in lower case that every policy with this finding holds; the rule is not asked
            where the policy's text, in lower case, lacks it.
    """
    if subject not in SUBJECTS:
        raise TypeError(subject)

    def declare(rule: _Rule) -> _Rule:
        code = rule.__name__.upper()
        titles = (source,) if code.startswith(OWN_PREFIX) else (REFERENCE, source)
        rule.declared_check = Check(  # type: ignore[attr-defined]
            code, level, subject, types, "; ".join(filter(None, titles)), rule, needs
        )
        return rule

    return declare


@functools.cache
def load_checks() -> dict[str, Check]:
    """Every check by its code.

    Raises:
        AssertionError: a public function of a file under `codes` declares no check, or another one
            declares the same.
    """
    found: dict[str, Check] = {}
    for module in pkgutil.iter_modules(codes.__path__):
        loaded = importlib.import_module(f"{codes.__name__}.{module.name}")
        for name, rule in vars(loaded).items():
            if not isfunction(rule) or rule.__module__ != loaded.__name__ or name.startswith("_"):
                continue
            declared = getattr(rule, "declared_check", None)
            if declared is None or declared.code in found:
                message = f"{loaded.__name__}.{name} declares no check, or a second one of its code"
                raise AssertionError(message)
            found[declared.code] = declared
    return found


@functools.cache
def needs_of(policy_type: PolicyType) -> frozenset[str]:
    """The texts that some check of a policy type needs."""
    checks = checks_for(policy_type).values()
    return frozenset(item.needs for of_subject in checks for item in of_subject if item.needs)


@functools.lru_cache(maxsize=256)
def checks_with(
    policy_type: PolicyType, present: frozenset[str]
) -> dict[type[Any], tuple[Check, ...]]:
    """The checks of a policy type that can find something, as in `checks_for`.

    Args:
        policy_type: what the policy is attached to.
        present: those of `needs_of` that the policy holds.
    """
    return {
        subject: tuple(item for item in checks if not item.needs or item.needs in present)
        for subject, checks in checks_for(policy_type).items()
    }


@functools.cache
def checks_for(policy_type: PolicyType) -> dict[type[Any], tuple[Check, ...]]:
    """The checks of a policy type by the class that they look at."""
    return {
        subject: tuple(
            item
            for item in load_checks().values()
            if item.subject is subject and policy_type in item.types
        )
        for subject in SUBJECTS
    }
