"""The record of a service's own rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from revet.iam.compiled import CompiledPolicy
from revet.iam.evaluate.context import Context
from revet.iam.evaluate.policies import Grant
from revet.iam.evaluate.request import Caller, CallerKind


@dataclass(frozen=True, slots=True)
class ServiceRules:
    """How a service departs from the general rules.

    Args:
        prefix: the service's prefix in names of actions.
        rooted: kinds of resources (first word of the ARN's resource part) whose resource policy
            must allow always: identity policies count only where it allows the account.
        policy_on: kinds of resources that have a resource policy; empty for all.
        free: names of actions, in lower case, that every caller with credentials may use, whatever
            policies say.
        refused: callers that an action, in lower case, refuses whatever policies say.
        unrestricted: names of actions, in lower case, that RCPs do not touch.
        granted: whether one of the resource's grants lets a caller do an action.
        public: whether a resource policy counts as public, for a block of public access; `None`
            when that cannot be told.
    """

    prefix: str
    rooted: frozenset[str] = frozenset()
    policy_on: frozenset[str] = frozenset()
    free: frozenset[str] = frozenset()
    refused: dict[str, frozenset[CallerKind]] = field(default_factory=dict)
    unrestricted: frozenset[str] = frozenset()
    granted: Callable[[tuple[Grant, ...], Caller, str, Context], bool] | None = None
    public: Callable[[CompiledPolicy], bool | None] | None = None


OTHERS = ServiceRules("")
"""The general rules alone."""
