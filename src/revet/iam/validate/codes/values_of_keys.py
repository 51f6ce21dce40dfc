"""Values of keys that hold the name of something in AWS."""

from __future__ import annotations

import re

from revet.iam.arn_pattern import read_arn
from revet.iam.globs import Glob
from revet.iam.operators import Kind, Relation
from revet.iam.reference.regions import all_regions, regions
from revet.iam.reference.similar import similar
from revet.iam.validate.finding import Hits, Level, check, hit, quoted
from revet.iam.validate.written import WrittenCondition

_REGION_KEYS = frozenset(
    {
        "aws:requestedregion",
        "account:targetregion",
        "cloudformation:targetregion",
        "ec2:region",
        "kms:primaryregion",
        "kms:replicaregion",
        "secretsmanager:addreplicaregions",
    }
)
"""Keys that hold the name of a Region. Source: Service Authorization Reference."""


@check(Level.ERROR, needs="region")
def invalid_region(condition: WrittenCondition) -> Hits:
    """Conditions on Regions name Regions that exist.

    A value that is not a Region, or a pattern that matches none.
    """
    used = condition.operator
    if condition.lower not in _REGION_KEYS or used is None or used.kind is not Kind.STRING:
        return
    like = used.relation is Relation.LIKE
    for value in condition.values:
        text = value.text
        if text in regions() or "${" in text:
            continue
        if used.relation is Relation.EQUALS_IGNORE_CASE and text.lower() in regions():
            continue
        if like and ("*" in text or "?" in text) and _fits_a_region(text):
            continue
        near = similar(text, all_regions())
        advice = f" Did you mean {near}?" if near else " Use the name of a Region."
        yield hit(f"{quoted(text)} is not a Region.{advice}", value.place)


def _fits_a_region(pattern: str) -> bool:
    glob = Glob.parse(pattern)
    return any(glob.matches(region) for region in regions())


_ID_LENGTHS = (8, 17)


def _invalid_id(condition: WrittenCondition, key: str, prefix: str, what: str) -> Hits:
    """A value that is not an id and cannot become one; wildcards and variables have other codes.

    Source: IAM User Guide, "IAM policy validation check reference" (Invalid vpc format): the prefix
    and 8 or 17 alphanumeric characters.
    """
    used = condition.operator
    if condition.lower != key or used is None or used.kind is not Kind.STRING:
        return
    like = used.relation is Relation.LIKE
    for value in condition.values:
        text = value.text
        if "${" in text or (like and ("*" in text or "?" in text)):
            continue
        rest = text.removeprefix(prefix)
        if rest == text or len(rest) not in _ID_LENGTHS or not (rest.isascii() and rest.isalnum()):
            yield hit(
                f"{quoted(text)} is not the id of a {what}. Write {prefix} and 8 or 17 letters and "
                "digits.",
                value.place,
            )


@check(Level.ERROR, needs="aws:sourcevpc")
def invalid_vpc_format(condition: WrittenCondition) -> Hits:
    """`aws:SourceVpc` holds the id of a VPC."""
    return _invalid_id(condition, "aws:sourcevpc", "vpc-", "VPC")


@check(Level.ERROR, needs="aws:sourcevpc")
def invalid_vpce_format(condition: WrittenCondition) -> Hits:
    """`aws:SourceVpce` holds the id of a VPC endpoint."""
    return _invalid_id(condition, "aws:sourcevpce", "vpce-", "VPC endpoint")


_KMS_KEY = re.compile(r"arn:aws(?:-[a-z]+)*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+\Z")
_ANY_KMS_KEY = Glob.parse("arn:aws*:kms:*:*:key/*")
_KMS = Glob.parse("kms")
_KEY_RESOURCE = Glob.parse("key/*")


@check(Level.ERROR, needs="kms")
def invalid_kms_key_value(condition: WrittenCondition) -> Hits:
    """Keys that name a KMS key hold its ARN.

    No ARN of a key: an id, an alias, a typing error.
    """
    reference = condition.reference
    if (
        reference is None
        or reference.type != "ARN"
        or "kms" not in condition.lower
        or condition.operator is None
        or condition.operator.kind not in (Kind.STRING, Kind.ARN)
    ):
        return
    for value in condition.values:
        if not _can_be_key(value.text):
            yield hit(
                f"{quoted(value.text)} is not the ARN of a KMS key. {condition.key} needs "
                "arn:aws:kms:REGION:ACCOUNT:key/ID.",
                value.place,
            )


def _can_be_key(text: str) -> bool:
    if "*" not in text and "?" not in text and "${" not in text:
        return _KMS_KEY.match(text) is not None
    arn = read_arn(text)
    if arn is None:
        return _ANY_KMS_KEY.overlaps(Glob.parse(text))
    return _KMS.overlaps(Glob.parse(arn.service)) and _KEY_RESOURCE.overlaps(
        Glob.parse(arn.resource)
    )


@check(
    Level.WARNING,
    source="IAM User Guide, AWS global condition context keys: aws:PrincipalArn",
    needs="assumed-role",
)
def revet_principal_arn_is_no_session(condition: WrittenCondition) -> Hits:
    """A condition that compares `aws:PrincipalArn` with a session's ARN, which it never holds.

    For a role session the key holds the ARN of the role.

    A value of `aws:PrincipalArn` is an `assumed-role` ARN.
    """
    if condition.lower != "aws:principalarn":
        return
    for value in condition.values:
        if ":sts::" in value.text and ":assumed-role/" in value.text:
            yield hit(
                "aws:PrincipalArn of a role session is the ARN of the role, "
                "arn:aws:iam::ACCOUNT:role/NAME, so that this value never matches. Write that.",
                value.place,
            )
