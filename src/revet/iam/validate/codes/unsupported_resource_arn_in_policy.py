"""The policy of a resource names that resource."""

from __future__ import annotations

from revet.iam.reference import match_resource_types, service
from revet.iam.symbol import without_symbols
from revet.iam.validate.attached import Governed, governed_by
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_type import WITH_PRINCIPAL
from revet.iam.validate.quoted import quoted
from revet.iam.validate.resource_arn import ReadResource, is_open
from revet.iam.validate.subject import ResourceSubject


@check(Level.ERROR, subject=ResourceSubject, types=WITH_PRINCIPAL)
def unsupported_resource_arn_in_policy(resource: ResourceSubject) -> Hits:
    """The ARN of a resource of another type.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    if resource.negated:
        return
    governed = governed_by(resource.statement.policy)
    if governed is None or not governed.arns:
        return
    if resource.text == "*":
        foreign = not governed.takes_everything
    else:
        read = resource.read
        foreign = read is not None and _is_foreign(read, governed)
    if foreign:
        yield hit(
            f"The policy of an {governed.name} does not govern {quoted(resource.text)}. "
            "Name the resource that the policy is attached to.",
            resource.place,
        )


def _is_foreign(read: ReadResource, governed: Governed) -> bool:
    if is_open(read.arn.service):
        return False
    own = service(governed.service)
    if own is None or read.arn.service != governed.service:
        return read.arn.service == read.arn.service.lower()
    pattern = without_symbols(read.text)
    found = match_resource_types(pattern, own) or match_resource_types(pattern, own, any_place=True)
    return bool(found) and not any(kind.name in governed.arns for kind in found)
