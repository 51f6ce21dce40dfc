"""What the codes need to know of a condition's key beside its record."""

from __future__ import annotations

from revet.iam.reference.conditions import condition_key
from revet.iam.validate.written import WrittenCondition

DEPRECATED = "aws:arn"
"""AWS's first name of `aws:PrincipalArn`."""

SOURCE_KEYS = frozenset(
    {"aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"}
)
"""Keys that say on whose behalf a service acts.

Source: IAM User Guide, "AWS global condition context keys".
"""

_TAG_ENDINGS = ("/${TagKey}", "/<key>")


def prefix_of(key: str) -> str:
    """What stands before the first colon: a service, `aws`, or an identity provider."""
    return key.partition(":")[0]


def is_claim(condition: WrittenCondition) -> bool:
    """Whether the key is a claim in the token of an OpenID Connect provider.

    Such keys start with the provider's host name, `token.actions.githubusercontent.com:sub`.
    """
    return "." in prefix_of(condition.lower)


def is_audience(condition: WrittenCondition) -> bool:
    """Whether the key says whom a token or assertion of an identity provider is meant for."""
    lower = condition.lower
    return lower.endswith(":aud") and ("." in prefix_of(lower) or lower == "saml:aud")


def is_well_formed(key: str) -> bool:
    """Whether a key has a prefix and a name with a colon between them."""
    prefix, colon, name = key.partition(":")
    return bool(colon and prefix and name) and not any(sign.isspace() for sign in prefix)


def tag_template(condition: WrittenCondition) -> str | None:
    """The key that a tag key has been left out of, as `aws:ResourceTag/${TagKey}`.

    Returns:
        None when the key exists as it stands or is no tag key.
    """
    lower = condition.lower
    if "tag" not in lower or condition.reference is not None:
        return None
    base, slash, rest = condition.key.partition("/")
    if slash and rest:
        return None
    found = condition_key(f"{base}/x")
    return found.name if found is not None and found.name.endswith(_TAG_ENDINGS) else None
