"""A policy that allows everything, on a principal or ready to be attached to one."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.iam.administration import Administration, administration, home_of
from revet.gate.readings.iam.boundaries import holders_of, is_only_boundary
from revet.iam.reference.aws_policies import is_known_aws_policy
from revet.model.finding import Outcome, Severity, Status, compliant, noncompliant, quoted, unknown
from revet.plan import Inventory, Resource
from revet.plan.doubts import Doubts
from revet.plan.held_policies import POLICY, HeldPolicies, inline_policy
from revet.plan.principals import (
    PRINCIPALS,
    boundary_of,
    given_by,
    givers,
    policies_of,
    strangers,
)
from revet.plan.values import Computed, Undecided


@control(
    title="nobody has administrator access",
    severity=Severity.HIGH,
    resource=(*PRINCIPALS, POLICY, *givers()),
    required=(
        "no policy of a user, group, role or permission set allows all actions on all resources, "
        "by `*`, by `NotAction` or as `AdministratorAccess`, unless a denial or its permissions "
        "boundary takes away what it could give itself more with"
    ),
    impact="whoever gets hold of the principal owns the account, its logs and backups included",
    fix="""statement {
  actions   = ["s3:GetObject"]
  resources = ["${aws_s3_bucket.reports.arn}/*"]
}""",
)
def rule(
    resource: Resource, inventory: Inventory, *, administrators: tuple[str, ...] = ()
) -> Outcome:
    """Each grant is judged once: at its principal, or at what gives it to one that is not here.

    None of AWS's own policies but `AdministratorAccess` allows everything.

    Args:
        resource: a principal, a policy, or what gives a policy to somebody.
        inventory: it belongs to.
        administrators: names of principals that may have it, for emergencies.
    """
    if resource.type in PRINCIPALS:
        return _principal(resource, inventory, administrators)
    if resource.type != POLICY:
        return _apart(resource, inventory, administrators)
    outcome = _judge(resource, inventory, HeldPolicies((inline_policy(resource, "policy"),), ()))
    if outcome.status is Status.PASS:
        return outcome
    if is_only_boundary(resource, inventory):
        return compliant("it is a permissions boundary, which only limits")
    if holders_of(resource, inventory):
        return compliant("it is judged with those who have it")
    return outcome


def _principal(
    principal: Resource, inventory: Inventory, administrators: tuple[str, ...]
) -> Outcome:
    name = principal.get("name")
    if isinstance(name, str) and name in administrators:
        return compliant("it is one of the administrators")
    outcome = _with_boundary(principal, inventory)
    if administrators and isinstance(name, Undecided) and not isinstance(name, Computed):
        return outcome if outcome.status is Status.PASS else name.refuse()
    return outcome


def _with_boundary(principal: Resource, inventory: Inventory) -> Outcome:
    held = policies_of(principal, inventory)
    held.refuse_unread()  # it may deny what another policy allows
    home = home_of(principal, inventory)
    found = administration(held.documents, home=home)
    bound = boundary_of(principal, inventory) if found.certain else None
    if bound is not None:
        if bound.doubt is not None:
            raise bound.doubt
        found = administration(held.documents, bound.document, home)
    return _judge(principal, inventory, held, found)


def _apart(giver: Resource, inventory: Inventory, administrators: tuple[str, ...]) -> Outcome:
    """What gives a policy to somebody who is not in the inventory; others are judged there."""
    given = given_by(giver, inventory)
    own = tuple(item for item in given.held if item.is_inline)
    HeldPolicies(own, given.doubts).refuse_unread()  # nor is it known whether there is one
    doubts = Doubts()
    with doubts:
        if all(name in administrators for name in strangers(giver, inventory)):
            return compliant("it is judged with its principal")
    with doubts:
        outcome = _judge(giver, inventory, given)
        if outcome.status is Status.PASS or not doubts:
            return outcome
    raise doubts.first


def _judge(
    subject: Resource,
    inventory: Inventory,
    held: HeldPolicies,
    found: Administration | None = None,
) -> Outcome:
    held.refuse_unread()
    found = found or administration(held.documents, home=home_of(subject, inventory))
    if found.certain:
        paths = tuple(item.path for item in held.held if item.holder is subject)
        related = tuple(name for name in found.certain if name in inventory.resources)
        return noncompliant(
            f"{quoted(found.certain)} allows everything on everything", paths=paths, related=related
        )
    for name, why in found.perhaps:
        return unknown(f"`{name}`: {why}", resolve="allow only what is needed")
    theirs = (item.doubt for item in held.held if not is_known_aws_policy(item.name))
    doubts = Doubts((*held.doubts, *filter(None, theirs)))
    return doubts.settled(compliant("no policy of it allows everything on everything"))
