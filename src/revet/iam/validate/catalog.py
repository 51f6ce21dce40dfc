"""The findings that exist, one file a family, found without being registered."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from inspect import isfunction
from typing import Any

from revet.iam.policy_type import PolicyType
from revet.iam.validate import codes
from revet.iam.validate.finding import SUBJECTS, Check


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
