"""The record of a service's own rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from revet.iam.compiled.policy import CompiledPolicy
from revet.iam.evaluate.context import Context
from revet.iam.evaluate.policies import Grant
from revet.iam.evaluate.request import Caller, CallerKind, Request
from revet.iam.globs import Glob


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
        unsigned: names of actions, in lower case, that it takes from anonymous callers; `None` when
            it is up to the resource's policy.
        federated: names of actions, in lower case, that it takes from federated users; `None` for
            all.
        temporary: names of actions, in lower case, that it takes from users and root users with
            temporary credentials; `None` for all.
        temporary_with_mfa: whether it takes such credentials with MFA only.
        unrestricted: names of actions, in lower case, that RCPs do not touch.
        granted: whether one of the resource's grants lets a caller do an action; `None` when it
            is not known.
        stands_for: the ARNs, as one pattern, that a request's resource may stand for, where it is
            decided on another one; `None` when it is decided on the resource itself.
        doubt: why a request that the policies allow may be denied all the same; empty when not.
        public: whether a resource policy counts as public, for a block of public access; `None`
            when that is not known.
    """

    prefix: str
    rooted: frozenset[str] = frozenset()
    policy_on: frozenset[str] = frozenset()
    free: frozenset[str] = frozenset()
    refused: dict[str, frozenset[CallerKind]] = field(default_factory=dict)
    unsigned: frozenset[str] | None = None
    federated: frozenset[str] | None = None
    temporary: frozenset[str] | None = None
    temporary_with_mfa: bool = False
    unrestricted: frozenset[str] = frozenset()
    granted: Callable[[tuple[Grant, ...], Caller, str, Request], bool | None] | None = None
    stands_for: Callable[[Request, str], Glob | None] | None = None
    doubt: Callable[[Request, Caller, str, Context], str] | None = None
    public: Callable[[CompiledPolicy], bool | None] | None = None


OTHERS = ServiceRules("")
"""The general rules alone."""
