"""Amazon S3: a block of public access takes away what a public bucket policy grants.

Source: Amazon S3 User Guide, "Blocking public access to your Amazon S3 storage", `The meaning of
"public"` and "Block public access settings" (`RestrictPublicBuckets`: only AWS services and
principals of the bucket owner's account pass under a public policy).
"""

from __future__ import annotations

from collections.abc import Callable

from revet.iam.compiled.condition import CompiledCondition
from revet.iam.compiled.policy import CompiledPolicy, CompiledStatement
from revet.iam.compiled.principals import PrincipalKind
from revet.iam.compiled.values import ArnGlob, Network
from revet.iam.evaluate.services.rules import ServiceRules
from revet.iam.glob_parts import ANY, ONE
from revet.iam.globs import Glob
from revet.iam.operators import Qualifier

_WIDEST = {4: 1 << (32 - 8), 6: 1 << (128 - 32)}
_PRIVATE = (
    Network(4, 10 << 24, (11 << 24) - 1),
    Network(4, 172 << 24 | 16 << 16, (172 << 24 | 32 << 16) - 1),
    Network(4, 192 << 24 | 168 << 16, (192 << 24 | 169 << 16) - 1),
)
_FIXED_PRINCIPALS = frozenset(
    (
        PrincipalKind.ACCOUNT,
        PrincipalKind.USER,
        PrincipalKind.ROLE,
        PrincipalKind.SESSION,
        PrincipalKind.FEDERATED_USER,
        PrincipalKind.SERVICE,
        PrincipalKind.CANONICAL_USER,
        PrincipalKind.GONE,
    )
)


def is_fixed(value: object) -> bool:
    """Whether a condition's value names one text."""
    globs: tuple[Glob, ...] = ()
    if isinstance(value, Glob):
        globs = (value,)
    elif isinstance(value, ArnGlob):
        globs = value.fields
    return bool(globs) and not any(
        glob.is_open or ANY in glob.parts or ONE in glob.parts for glob in globs
    )


def _user(value: object) -> bool:
    return is_fixed(value) and not (isinstance(value, Glob) and value.prefix.startswith("AROA"))


def _access_point(value: object) -> bool:
    """Fixed, or all access points of one account."""
    if not isinstance(value, ArnGlob):
        return is_fixed(value)
    *head, resource = value.fields
    return all(map(is_fixed, head)) and not resource.is_open


def _range(value: object) -> bool:
    if not isinstance(value, Network):
        return False
    if any(
        wide.version == value.version and wide.first <= value.first and value.last <= wide.last
        for wide in _PRIVATE
    ):
        return True
    return value.last - value.first < _WIDEST[value.version]


CONFINING: dict[str, Callable[[object], bool]] = {
    "aws:sourceip": _range,
    "aws:sourcearn": is_fixed,
    "aws:sourcevpc": is_fixed,
    "aws:sourcevpce": is_fixed,
    "aws:sourceowner": is_fixed,
    "aws:sourceaccount": is_fixed,
    "aws:userid": _user,
    "aws:principalorgid": is_fixed,
    "aws:principalarn": is_fixed,
    "aws:principalaccount": is_fixed,
    "s3:dataaccesspointarn": _access_point,
    "s3:dataaccesspointaccount": is_fixed,
}
"""Condition keys that confine a policy, with what a value must be like."""


def is_public(policy: CompiledPolicy) -> bool | None:
    """Whether S3 counts a bucket policy as public: not confined to fixed values.

    Returns:
        `None` when a statement that would decide cannot be read.
    """
    answers = [_opens(statement) for statement in policy.statements if not statement.deny]
    return True if True in answers else None if None in answers else False


def _opens(statement: CompiledStatement) -> bool | None:
    if statement.problem:
        return None
    principals = statement.principals
    if principals is not None and not principals.negated:
        kinds = {term.kind for term in principals.terms}
        if kinds <= _FIXED_PRINCIPALS:
            return False
        if PrincipalKind.UNREADABLE in kinds:
            return None
    return not any(map(_confines, statement.conditions))


def _confines(condition: CompiledCondition) -> bool:
    used = condition.used
    if used is None or used.negated or used.if_exists:
        return False
    if used.qualifier is Qualifier.FOR_ALL_VALUES:
        return False
    good = CONFINING.get(condition.key)
    return good is not None and all(good(value.typed) for value in condition.values)


S3 = ServiceRules(prefix="s3", public=is_public)
