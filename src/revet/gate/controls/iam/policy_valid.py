"""SF-05: policies that validation objects to."""

# ruff: noqa: PLC0415 - the prover is loaded where somebody asks for suggestions

from __future__ import annotations

from functools import lru_cache

from revet.gate.catalog import control
from revet.gate.readings.iam.boundaries import is_only_boundary
from revet.gate.readings.iam.separate_policies import is_made_apart
from revet.iam.validate import Level, PolicyFinding, PolicyType, validate_policy
from revet.model.errors import UnreadError
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource
from revet.plan.doubts import Doubts
from revet.plan.held_policies import POLICY, lacks_policy
from revet.plan.policies import PolicyAttribute, holds_policy, policy_attributes, policy_types
from revet.plan.provider_facts import is_required

_MOST = 5


@lru_cache(maxsize=1024)
def _found(text: str, kind: str, attached_to: str, *, proofs: bool) -> tuple[PolicyFinding, ...]:
    """What is found in a policy; many resources of a plan have the same one."""
    if not proofs:
        return tuple(validate_policy(text, kind, attached_to))
    from revet.iam.review import review_policy

    return tuple(review_policy(text, kind, attached_to))


@control(
    title="policies pass validation",
    severity=Severity.HIGH,
    resource=policy_types(),
    applies=holds_policy,
    required="validation has no error, security warning or warning for a policy document",
    impact="AWS refuses the policy, or it grants or denies something else than it seems to",
    fix="""data "aws_iam_policy_document" "read" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.reports.arn}/*"]
  }
}""",
)
def rule(
    resource: Resource,
    inventory: Inventory,
    *,
    levels: tuple[str, ...] = ("ERROR", "SECURITY_WARNING", "WARNING"),
) -> Outcome:
    """ARNs of resources that do not exist yet are symbols, and no finding rests on one.

    What a resource shows because another makes it (a bucket's `policy`) is judged there.

    A managed policy that the plan uses as a permissions boundary alone is validated as one.

    What proofs alone find are suggestions; they are looked for where `levels` has these.
    """
    doubts = Doubts()
    said: list[str] = []
    codes: dict[str, None] = {}
    paths: list[str] = []
    for item in policy_attributes(resource):
        if is_made_apart(resource, item.path, inventory):
            continue
        with doubts:
            found = _findings(resource, item, inventory, levels)
            paths += [item.path] if found else []
            said += [f"`{item.path}`: {finding.code}: {finding.details}" for finding in found]
            codes.update(dict.fromkeys(finding.code for finding in found))
    if said:
        more = f"; and {len(said) - _MOST} more" if len(said) > _MOST else ""
        why = "; ".join(said[:_MOST]) + more
        return noncompliant(why, paths=tuple(paths), codes=tuple(codes))
    return doubts.settled(compliant("validation has nothing to say"))


def _findings(
    resource: Resource, item: PolicyAttribute, inventory: Inventory, levels: tuple[str, ...]
) -> list[PolicyFinding]:
    """What validation says of a policy; the same in both cases where it may be a boundary or not.

    Raises:
        UnknownValueError: the policy is not known, or what it is decides.
    """
    value = resource.get(item.path)
    if not resource.is_set(item.path) and not is_required(resource.type, item.path):
        return []
    if isinstance(value, str) and value:
        text = value
    else:
        document = resource.written_policy(item.path)
        if document is None:
            raise lacks_policy(f"{resource.address}.{item.path}")
        text = document.text

    def found(kind: str) -> list[PolicyFinding]:
        every = _found(text, kind, item.attached_to, proofs=Level.SUGGESTION in levels)
        return [finding for finding in every if finding.level in levels]

    if resource.type != POLICY:
        return found(item.kind)
    try:
        return found(PolicyType.BOUNDARY if is_only_boundary(resource, inventory) else item.kind)
    except UnreadError:
        either = found(item.kind)
        if either == found(PolicyType.BOUNDARY):
            return either
        raise
