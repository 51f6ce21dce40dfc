"""What the policy of a resource can govern, by the type of the resource.

Sources: Amazon S3 User Guide, "Policies and permissions in Amazon S3" and "Configuring IAM policies
for using access points"; DynamoDB Developer Guide, "Using resource-based policies for DynamoDB";
IAM User Guide, "Roles terms and concepts" (trust policy). Amazon S3 refuses the policy of a
bucket with `*` as its resource (MalformedPolicy, "Policy has invalid resource").
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from revet.iam.globs import Glob
from revet.iam.policy_type import TRUST_RESOURCE_TYPE, WITH_PRINCIPAL, PolicyType
from revet.iam.reference.resources import match_resource_types
from revet.iam.reference.services import service
from revet.iam.symbol import without_symbols
from revet.iam.validate.finding import Hits, Level, check, hit, quoted
from revet.iam.validate.resource_arn import ReadResource, is_open
from revet.iam.validate.written import (
    WrittenAction,
    WrittenCondition,
    WrittenPolicy,
    WrittenResource,
)


@dataclass(frozen=True, slots=True)
class _Governed:
    """One type of resource that has a policy.

    Args:
        name: as messages show it.
        service: prefix of the actions.
        kinds: resource types of the service that its actions are on.
        arns: resource types that its resources are of; empty: it has no `Resource`.
        takes_everything: `*` may be its resource.
    """

    name: str
    service: str
    kinds: AbstractSet[str]
    arns: AbstractSet[str]
    takes_everything: bool = False


_POINT = {"accesspoint", "accesspointobject"}
_GOVERNED = {
    "AWS::S3::Bucket": _Governed("S3 bucket", "s3", {"bucket", "object"}, {"bucket", "object"}),
    "AWS::S3::AccessPoint": _Governed(
        "S3 access point", "s3", {*_POINT, "object", "bucket"}, _POINT
    ),
    "AWS::S3::MultiRegionAccessPoint": _Governed(
        "S3 Multi-Region Access Point",
        "s3",
        {*_POINT, "object", "bucket", "multiregionaccesspoint"},
        {"multiregionaccesspoint", "accesspointobject"},
    ),
    "AWS::S3ObjectLambda::AccessPoint": _Governed(
        "S3 Object Lambda access point",
        "s3-object-lambda",
        {"objectlambdaaccesspoint"},
        {"objectlambdaaccesspoint"},
    ),
    "AWS::DynamoDB::Table": _Governed(
        "DynamoDB table",
        "dynamodb",
        {"table", "index", "stream"},
        {"table", "index", "stream"},
        takes_everything=True,
    ),
    TRUST_RESOURCE_TYPE: _Governed("IAM role", "sts", {"role"}, set(), takes_everything=True),
}


def _governed_by(policy: WrittenPolicy) -> _Governed | None:
    """What a policy can govern; None when it is not known what it is attached to."""
    if policy.type is PolicyType.TRUST:
        return _GOVERNED[TRUST_RESOURCE_TYPE]
    return _GOVERNED.get(policy.resource_type) if policy.type is PolicyType.RESOURCE else None


@check(Level.ERROR, types=WITH_PRINCIPAL)
def unsupported_action_in_policy(action: WrittenAction) -> Hits:
    """The policy of a resource governs what can be done with that resource.

    An action of another service or on other resources; of a pattern, all that it covers.
    """
    if action.negated or action.text == "*":
        return
    governed = _governed_by(action.statement.policy)
    if governed is None or not _is_foreign_action(action, governed):
        return
    yield hit(
        f"The policy of an {governed.name} does not govern {quoted(action.text)}. "
        f"Use actions of {quoted(governed.service)} on that resource.",
        action.place,
    )


def _is_foreign_action(action: WrittenAction, governed: _Governed) -> bool:
    service = action.known.service
    if service is None:
        prefix = action.known.prefix
        return (
            ":" in action.text
            and ("*" in prefix or "?" in prefix)
            and not Glob.parse(prefix, ignore_case=True).overlaps(Glob.literal(governed.service))
        )
    if service.prefix != governed.service:
        return bool(action.matches)
    kinds = governed.kinds
    return bool(action.matches) and not any(
        resource.name in kinds for match in action.matches for resource in match.resources
    )


@check(Level.ERROR, types=WITH_PRINCIPAL)
def unsupported_resource_arn_in_policy(resource: WrittenResource) -> Hits:
    """The policy of a resource names that resource.

    The ARN of a resource of another type.
    """
    if resource.negated:
        return
    governed = _governed_by(resource.statement.policy)
    if governed is None or not governed.arns:
        return
    if resource.text == "*":
        foreign = not governed.takes_everything
    else:
        read = resource.read
        foreign = read is not None and _is_foreign_resource(read, governed)
    if foreign:
        yield hit(
            f"The policy of an {governed.name} does not govern {quoted(resource.text)}. "
            "Name the resource that the policy is attached to.",
            resource.place,
        )


def _is_foreign_resource(read: ReadResource, governed: _Governed) -> bool:
    if is_open(read.arn.service):
        return False
    own = service(governed.service)
    if own is None or read.arn.service != governed.service:
        return read.arn.service == read.arn.service.lower()
    pattern = without_symbols(read.text)
    found = match_resource_types(pattern, own) or match_resource_types(pattern, own, any_place=True)
    return bool(found) and not any(kind.name in governed.arns for kind in found)


_IRRELEVANT = {"s3:resourceaccount": frozenset({"AWS::S3::Bucket", "AWS::S3::AccessPoint"})}
"""Keys and the resources in whose policies they say nothing."""


@check(Level.SUGGESTION, types={PolicyType.RESOURCE}, needs="s3:resourceaccount")
def irrelevant_condition_key_in_policy(condition: WrittenCondition) -> Hits:
    """The policy of a bucket cannot choose whose bucket it is.

    A key whose value is the same for every request that the policy governs.
    """
    policy = condition.statement.policy
    governed = _governed_by(policy)
    if governed is not None and policy.resource_type in _IRRELEVANT.get(condition.lower, ()):
        yield hit(
            f"{condition.key} has one value for all requests that the policy of an "
            f"{governed.name} governs. Use it in the policies of identities, or remove it.",
            condition.key_place,
        )


_OF_ENDPOINTS = frozenset({"aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths"})


@check(
    Level.WARNING,
    source="AWS global condition context keys: aws:VpceAccount, aws:VpceOrgID, aws:VpceOrgPaths",
    needs="aws:vpce",
)
def use_condition_key_only_with_supported_services(condition: WrittenCondition) -> Hits:
    """Few services know who owns the VPC endpoint that a request came through.

    Such a key beside `NotAction`, `*` or an action of a service that does not send it.
    """
    if condition.lower not in _OF_ENDPOINTS:
        return
    known = condition.global_key
    if known is not None and not all(
        _is_sent(action, known.services) for action in condition.statement.actions
    ):
        yield hit(
            f"Only some services send {condition.key}, and the statement is about others too. "
            "Name only actions of services that send it.",
            condition.key_place,
        )


def _is_sent(action: WrittenAction, services: frozenset[str]) -> bool:
    if action.negated:
        return False
    prefix = action.known.prefix.lower()
    if prefix == "*":
        governed = _governed_by(action.statement.policy)
        return governed is not None and governed.service in services
    if action.known.service is None and "*" not in prefix and "?" not in prefix:
        return True
    return prefix in services
