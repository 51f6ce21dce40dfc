"""Whether a role lets API Gateway write logs.

API Gateway tries the role when it is set, and takes none that may not write every log group.
Sources: API Gateway developer guide, "Set up CloudWatch API logging using the API Gateway console"
(permissions and trust policy of the role); IAM User Guide, "AWS global condition context keys".
"""

# ruff: noqa: PLC0415 - the evaluator is loaded where a role needs it, which most do not

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from revet.iam.glob_parts import ANY
from revet.iam.globs import Glob
from revet.iam.reference.regions import partition_of, partitions
from revet.model.errors import UnknownValueError
from revet.plan import Inventory, Resource
from revet.plan.principals import boundary_of, policies_of

if TYPE_CHECKING:
    from revet.iam.evaluate import Policies, Request
    from revet.iam.evaluate.context import Given

ACCOUNT, ROLE = "aws_api_gateway_account", "cloudwatch_role_arn"
_SERVICE, _TRUST = "apigateway.amazonaws.com", "assume_role_policy"
_PUSH = ":iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
_ACTIONS = (
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:DescribeLogGroups",
    "logs:DescribeLogStreams",
    "logs:FilterLogEvents",
    "logs:GetLogEvents",
    "logs:PutLogEvents",
)
"""What the managed policy allows on every resource."""
_SOME_ACCOUNT = "111122223333"
_Said = TypeVar("_Said", bool, str)
_ABSENT = (
    "aws:multifactorauthage",
    "aws:multifactorauthpresent",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:vpcsourceip",
    "sts:externalid",
)
"""What API Gateway does not send: it knows no external id, and calls by no endpoint of ours."""


def is_empty(value: object) -> bool:
    """Whether a value is known to be an empty text, which an account shows for none."""
    return isinstance(value, str) and not value


def trust_fault(role: Resource, inventory: Inventory) -> str:
    """Why API Gateway may not assume a role, in words; empty where it may.

    Args:
        role: an `aws_iam_role`.
        inventory: it belongs to.

    Raises:
        UnknownValueError: it is not known.
    """
    from revet.iam.evaluate import Policies

    trust = role.policy(_TRUST)
    policies = Policies(resource=trust)
    answers = []
    for partition in _partitions(role, role.provider_region, inventory):
        arn, account = _arn(role, partition, inventory)
        asked = _request(_SERVICE, "sts:AssumeRole", arn, account)
        answers.append(_refused(asked, policies, role, _TRUST, {}))
    refused = _of_all(answers, role, _TRUST)
    return f"does not let `{_SERVICE}` assume it" if refused else ""


def pushes_by_aws_policy(role: Resource, inventory: Inventory) -> bool:
    """Whether AWS's own policy lets a role write, and nothing else is said of it.

    Raises:
        UnknownValueError: it is not known what else is said of it.
    """
    policies = policies_of(role, inventory)
    others = [item for item in policies.held if not item.name.endswith(_PUSH)]
    if len(others) == len(policies.held) or boundary_of(role, inventory) is not None:
        return False
    for doubt in (*policies.doubts, *(item.doubt for item in others)):
        if doubt is not None:
            raise doubt
    return not any(
        statement.effect != "Allow"
        for _, document in policies.documents
        for statement in document.statements
    )


def lacking(role: Resource, region: str, inventory: Inventory) -> str:
    """The first action that a role may not take on some log group; empty where it may all.

    Args:
        role: an `aws_iam_role`.
        region: of the logs; empty where it is not known.
        inventory: it belongs to.

    Raises:
        UnknownValueError: it is not known.
    """
    from revet.iam.evaluate import Policies

    held = policies_of(role, inventory)
    limit = boundary_of(role, inventory)
    if limit is not None and limit.document is None:
        raise limit.doubt or role.doubt("permissions_boundary", "it is not known", "write it out")
    documents = tuple(document for _, document in held.documents)
    boundary = limit.document if limit is not None else None
    policies = Policies(identity=documents, boundary=boundary)
    answers = [
        _lacking(role, region, partition, policies, held.unknown, inventory)
        for partition in _partitions(role, region, inventory)
    ]
    return _of_all(answers, role, "name")


def _lacking(
    role: Resource,
    region: str,
    partition: str,
    policies: Policies,
    unknown: Iterable[UnknownValueError],
    inventory: Inventory,
) -> str:
    """The first action that a role may not take, in a partition."""
    arn, account = _arn(role, partition, inventory)
    some_region = partitions()[partition].regions[0]
    place = f"arn:{partition}:logs:{region or some_region}:{account}"
    doubts = list(unknown)
    context = {"aws:requestedregion": region} if region else {}
    for action in _ACTIONS:
        group = f"{place}:log-group:any-group:log-stream:any-stream"
        try:
            if _refused(_request(arn, action, group, account), policies, role, "name", context):
                if doubts:
                    break
                return action
        except UnknownValueError as error:
            doubts.append(error)
    if doubts:
        raise doubts[0]
    return ""


def _partitions(role: Resource, region: str, inventory: Inventory) -> tuple[str, ...]:
    """The partition of a role: what its ARN or a region says; each one where nothing does."""
    arn = role.get("arn")
    said = arn.split(":")[1] if isinstance(arn, str) and arn.startswith("arn:") else ""
    if said in partitions():
        return (said,)
    regions = [region, role.provider_region]
    if not any(regions):
        regions += [one.provider_region for one in inventory.resources.values()]
    shown = {found.id for one in regions if (found := partition_of(one)) is not None}
    return (shown.pop(),) if len(shown) == 1 else tuple(partitions())


def _of_all(answers: Sequence[_Said], role: Resource, path: str) -> _Said:
    """The answer that holds in every partition that it may be.

    Raises:
        UnknownValueError: none does.
    """
    if any(one != answers[0] for one in answers):
        why = "in which partition of AWS it is is not known"
        raise role.doubt(path, why, "set the provider's `region`")
    return answers[0]


def _arn(role: Resource, partition: str, inventory: Inventory) -> tuple[str, str]:
    """The ARN of a role and its account; made up where they are not known."""
    account = inventory.account_of(role) or _SOME_ACCOUNT
    arn = role.get("arn")
    known = isinstance(arn, str)
    return arn if known else f"arn:{partition}:iam::{account}:role/this-role", account


def _request(principal: str, action: str, resource: str, account: str) -> Request:
    from revet.iam.evaluate import Request

    return Request(principal, action, resource, resource_account=account)


def _refused(
    request: Request, policies: Policies, role: Resource, path: str, context: Mapping[str, str]
) -> bool:
    """Whether a request is not allowed.

    Raises:
        UnknownValueError: it is not known.
    """
    from revet.iam.evaluate import Outcome, decide
    from revet.iam.evaluate.context import Partly
    from revet.iam.evaluate.derive import DERIVED
    from revet.iam.evaluate.rules import keys_of

    anything = Glob.of((ANY,), text="*")
    said = Partly((anything,), "what API Gateway sends is not known", "ask without it", absent=True)
    given: dict[str, Given] = {"aws:securetransport": "true", **context}
    for place in policies.attached():
        for key in _keys(keys_of(statement) for statement in place.policy.statements):
            given.setdefault(key, None if key in _ABSENT else said)
    known = {key: value for key, value in given.items() if key not in DERIVED}
    decision = decide(replace(request, context=known), policies)
    if decision.outcome is Outcome.UNKNOWN:
        why = f"whether it may `{request.action}` is not known. {'; '.join(decision.reasons)}"
        raise role.doubt(path, why, "write its policies so that it can be decided")
    return decision.outcome is not Outcome.ALLOWED


def _keys(found: Iterable[set[str]]) -> list[str]:
    return sorted({key for keys in found for key in keys})
