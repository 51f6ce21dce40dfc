"""Managed rules for users, their keys and devices, and for keys of KMS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from revet.embedded.managed_rules.rule import (
    ACCOUNT_TYPE,
    NOT_APPLICABLE,
    Finding,
    ManagedRule,
    Parameters,
    Place,
    Subject,
    complies,
    is_true,
    number,
    the_account,
    violates,
)

_USER = "AWS::IAM::User"
_KEY = "AWS::KMS::Key"
_REQUIRED = {
    "RequireUppercaseCharacters": "require_uppercase_characters",
    "RequireLowercaseCharacters": "require_lowercase_characters",
    "RequireSymbols": "require_symbols",
    "RequireNumbers": "require_numbers",
}
_LIMITS = ("MinimumPasswordLength", "PasswordReusePrevention", "MaxPasswordAge")


def _users(place: Place) -> Iterator[Subject]:
    for user in place.global_backend("iam").users.values():
        yield Subject(_USER, user.id, user)


def _password_policy(_account: Subject, parameters: Parameters, place: Place) -> Finding:
    policy = place.global_backend("iam").account_password_policy
    if policy is None:
        return violates("The account has no password policy.")
    weaker = [
        name
        for name, attribute in _REQUIRED.items()
        if is_true(parameters, name) and not getattr(policy, attribute)
    ]
    least = (
        ("MinimumPasswordLength", policy.minimum_password_length),
        ("PasswordReusePrevention", policy.password_reuse_prevention),
    )
    weaker += [name for name, is_ in least if (is_ or 0) < (number(parameters, name) or 0)]
    most = number(parameters, "MaxPasswordAge")
    if most is not None and not 0 < (policy.max_password_age or 0) <= most:
        weaker.append("MaxPasswordAge")
    return complies(not weaker, f"The password policy is weaker in: {', '.join(weaker)}.")


def _keys_rotated(user: Subject, parameters: Parameters, _place: Place) -> Finding:
    days = number(parameters, "maxAccessKeyAge") or 0
    oldest = datetime.now(UTC) - timedelta(days=days)
    late = [
        key.access_key_id
        for key in user.thing.access_keys
        if key.status == "Active" and key.create_date.replace(tzinfo=UTC) < oldest
    ]
    return complies(not late, f"Access keys are older than {days} days: {', '.join(late)}.")


def _has_device(user: Subject, _parameters: Parameters, _place: Place) -> Finding:
    return complies(user.thing.mfa_devices, "The user has no MFA device.")


def _no_user_policies(user: Subject, _parameters: Parameters, _place: Place) -> Finding:
    return complies(
        not (user.thing.policies or user.thing.managed_policies),
        "Policies are attached to the user itself.",
    )


def _keys(place: Place) -> Iterator[Subject]:
    for key in place.backend("kms").keys.values():
        yield Subject(_KEY, key.id, key)


def _rotates(key: Subject, _parameters: Parameters, _place: Place) -> Finding:
    thing = key.thing
    own = thing.key_manager == "CUSTOMER" and thing.origin == "AWS_KMS"
    if not own or thing.key_spec != "SYMMETRIC_DEFAULT" or thing.key_state != "Enabled":
        return NOT_APPLICABLE
    return complies(thing.key_rotation_status, "The key does not rotate.")


RULES: Mapping[str, ManagedRule] = {
    "IAM_PASSWORD_POLICY": ManagedRule(
        ACCOUNT_TYPE, the_account, _password_policy, (*_REQUIRED, *_LIMITS)
    ),
    "ACCESS_KEYS_ROTATED": ManagedRule(_USER, _users, _keys_rotated, ("maxAccessKeyAge",)),
    "IAM_USER_MFA_ENABLED": ManagedRule(_USER, _users, _has_device),
    "IAM_USER_NO_POLICIES_CHECK": ManagedRule(_USER, _users, _no_user_policies),
    "CMK_BACKING_KEY_ROTATION_ENABLED": ManagedRule(_KEY, _keys, _rotates),
}
