"""What each field of a resource's ARN may hold."""

from __future__ import annotations

import re

from revet.iam.arn_pattern import split_arn
from revet.iam.globs import Glob
from revet.iam.policy_type import PolicyType
from revet.iam.reference.arn_fields import FieldUse, is_arn_namespace
from revet.iam.reference.regions import all_regions, partitions, regions
from revet.iam.reference.similar import similar
from revet.iam.symbol import has_symbol
from revet.iam.validate.finding import Hits, Level, check, hit, quoted
from revet.iam.validate.resource_arn import PREFIX, ReadResource, is_open
from revet.iam.validate.variables import OPENING
from revet.iam.validate.written import WrittenPolicy, WrittenResource

_SHORT_FORM = "execute-api:/"
_SHORT_FORM_FOR = frozenset({"", "AWS::ApiGateway::RestApi"})
"""Types of resources whose policies may begin so; the empty one is not known."""


@check(
    Level.ERROR, source="Amazon API Gateway Developer Guide, API Gateway resource policy examples"
)
def invalid_arn_prefix(resource: WrittenResource) -> Hits:
    """A resource begins with `arn:`, or is `*`.

    Another first field, as in `aws:s3:::bucket`, or no field at all.

    The policy of an API may leave out what is the same for all of it, as in
    `execute-api:/stage/GET/pets`: API Gateway completes it. No other service documents a
    form without `arn:`.
    """
    text = resource.text
    if text.startswith(("arn:", OPENING)) or text == "*" or resource.string is None:
        return
    if text.startswith(_SHORT_FORM) and _may_be_short(resource.statement.policy):
        return
    first, colon, _ = text.partition(":")
    if first != PREFIX:
        yield hit(
            f"The resource {quoted(text)} does not begin with arn. Write its whole ARN.",
            resource.substring(0, len(first)) if colon and first else resource.place,
        )


def _may_be_short(policy: WrittenPolicy) -> bool:
    return policy.type is PolicyType.RESOURCE and policy.resource_type in _SHORT_FORM_FOR


@check(Level.ERROR, source="IAM JSON policy elements: Resource (incomplete ARNs)")
def missing_arn_field(resource: WrittenResource) -> Hits:
    """An ARN has six fields.

    Fewer colons than `arn:partition:service:region:account:resource` has.

    In the policies of identities AWS takes `*` for what is missing; a session policy it refuses.
    """
    text = resource.text
    if not text.startswith(PREFIX) or resource.arn is not None or has_symbol(text):
        return
    fields = split_arn(text)
    if fields[0] == PREFIX:
        refused = resource.statement.policy.type is PolicyType.SESSION
        yield hit(
            f"The ARN {quoted(text)} has {len(fields)} fields of 6"
            f"{', and AWS refuses a session policy with it' if refused else ''}. "
            "Write it as arn:partition:service:region:account:resource; fields may be empty.",
            resource.place,
        )


@check(Level.ERROR)
def invalid_partition(resource: WrittenResource) -> Hits:
    """The partition of an ARN exists.

    A second field that is not a partition, and a pattern that matches none.
    """
    read = resource.read
    if read is None or read.arn.partition in partitions():
        return
    written = read.arn.partition
    if is_open(written) and any(
        Glob.parse(written).overlaps(Glob.literal(partition)) for partition in partitions()
    ):
        return
    yield hit(
        f"There is no partition {quoted(written)}. Use aws, aws-cn or aws-us-gov.",
        read.place("partition"),
    )


@check(Level.ERROR)
def invalid_arn_service_case(resource: WrittenResource) -> Hits:
    """The service in an ARN is written in lower case.

    A service that exists but for the case of its letters.
    """
    read = resource.read
    if read is None:
        return
    written = read.arn.service
    lower = written.lower()
    if written != lower and not is_open(written) and is_arn_namespace(lower):
        yield hit(
            f"ARNs have services in lower case. Write {quoted(lower)} for {quoted(written)}.",
            read.place("service"),
        )


@check(Level.ERROR)
def invalid_arn_region(resource: WrittenResource) -> Hits:
    """The Region of an ARN exists in its partition.

    A fourth field that is not a Region, or a pattern that matches none, where ARNs have one.
    """
    read = resource.read
    if read is None or read.arn.region in ("", "*") or OPENING in read.arn.region:
        return
    written = read.arn.region
    if _region_exists(read):
        return
    expected = read.expected
    if expected is not None and (expected.region is FieldUse.EMPTY or read.is_literal("region")):
        return
    guess = similar(written, all_regions())
    advice = f" Did you mean {quoted(guess)}?" if guess and guess != written else ""
    yield hit(
        f"The partition {quoted(read.arn.partition)} has no Region {quoted(written)}.{advice}",
        read.place("region"),
    )


def _region_exists(read: ReadResource) -> bool:
    partition = partitions().get(read.arn.partition)
    known = regions() if partition is None else partition.regions
    written = read.arn.region
    if "*" in written or "?" in written:
        pattern = Glob.parse(written)
        return any(pattern.matches(region) for region in known)
    return written in known


_ACCOUNT_DIGITS = 12
_ACCOUNT_PATTERN = re.compile(r"[0-9?*]*")
_AWS_ITSELF = "aws"
"""Stands in ARNs of what AWS itself owns, such as managed policies."""


@check(Level.ERROR)
def invalid_arn_account(resource: WrittenResource) -> Hits:
    """The account of an ARN has 12 digits.

    Something else where an account is allowed.
    """
    read = resource.read
    if read is None:
        return
    account = read.arn.account
    if account in ("", "*", _AWS_ITSELF) or OPENING in account or _can_be_account(account):
        return
    expected = read.expected
    if expected is not None and (expected.account is FieldUse.EMPTY or read.is_literal("account")):
        return
    yield hit(
        f"The account {quoted(account)} is none: accounts have {_ACCOUNT_DIGITS} digits.",
        read.place("account"),
    )


def _can_be_account(pattern: str) -> bool:
    if _ACCOUNT_PATTERN.fullmatch(pattern) is None:
        return False
    least = len(pattern) - pattern.count("*")
    return least == _ACCOUNT_DIGITS if "*" not in pattern else least <= _ACCOUNT_DIGITS


@check(Level.ERROR)
def invalid_arn_resource(resource: WrittenResource) -> Hits:
    """The resource field of an ARN is that of a resource type of the service.

    An ARN that meets the format of no resource type.
    """
    read = resource.read
    if read is None or read.runs_over_colons:
        return
    expected = read.expected
    if expected is not None and not expected.types:
        yield hit(
            f"{quoted(read.arn.resource)} has the form of no resource of "
            f"{quoted(read.arn.service)}. Correct what follows the fifth colon.",
            read.place("resource"),
        )
