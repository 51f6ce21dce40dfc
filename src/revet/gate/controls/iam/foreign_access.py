"""Resource policies that let in whom nobody has named as trusted."""

# ruff: noqa: PLC0415 - the prover is loaded where a policy needs a proof, which most do not

from __future__ import annotations

from dataclasses import replace
from functools import partial

from revet.gate.catalog import control
from revet.gate.readings.iam import admitting
from revet.gate.readings.iam.admitting import admitting_policies, against
from revet.gate.readings.iam.owner import (
    AWS_ACCOUNTS,
    of_other_accounts,
    own_organizations,
    own_pools,
    some_account,
)
from revet.iam.document import PolicyDocument
from revet.iam.prove.trusted import Trusted, names_only_trusted
from revet.model.finding import Outcome, Severity, compliant, unknown
from revet.plan import Inventory, Resource
from revet.plan.arns import expected_arns
from revet.plan.doubts import Doubts
from revet.plan.own_account import has_several_callers
from revet.plan.policies import holds_policy

_SHOWN = (
    "aws:principalorgid", "aws:principalorgpaths", "aws:sourceaccount", "aws:sourcearn",
    "aws:sourceorgid", "aws:sourceowner", "aws:vpceaccount", "aws:vpceorgid",
)  # fmt: skip
_BUCKETS = ("aws_s3_bucket", "aws_s3_bucket_policy")
_APART = "look up `aws_caller_identity` with each provider configuration"
_RESOLVE = "name the accounts and organizations that you trust, your own among them"


@control(
    title="resource policies let in nobody who is not trusted",
    severity=Severity.MEDIUM,
    resource=admitting.admitting_types(),
    applies=partial(holds_policy, kinds=admitting.ADMITTING),
    required=(
        "no request is allowed to another account, organization or identity provider, or to a "
        "service on behalf of one, that the settings do not name as trusted"
    ),
    impact="whoever is in the other account can do what the policy grants",
    fix="""# say whom you trust, in the requirements file:
# [settings.iam-foreign-access]
# accounts = ["444455556666"]
# organizations = ["o-a1b2c3d4e5"]
# or name one of your own:
principals {
  type        = "AWS"
  identifiers = ["arn:aws:iam::${data.aws_caller_identity.current.account_id}:role/reports"]
}""",
    deviations=("foreign-access",),
)
def rule(
    resource: Resource,
    inventory: Inventory,
    *,
    accounts: tuple[str, ...] = (),
    organizations: tuple[str, ...] = (),
    identity_providers: tuple[str, ...] = (),
) -> Outcome:
    """It is proved for all requests; a request that is allowed is shown.

    Trusted are the account itself with its identity providers and pools, the organization where the
    configuration has or reads it, for buckets the accounts by which AWS delivers logs of load
    balancers, and whom the settings name.

    Args:
        resource: what has a policy.
        inventory: it belongs to.
        accounts: ids of trusted accounts, or principals as policies write them (an origin access
            identity of CloudFront).
        organizations: ids of trusted organizations.
        identity_providers: trusted providers, as policies name them or without what is before
            their host or name; ids of trusted identity pools of Cognito.
    """
    doubts = Doubts()
    trusted = Trusted(
        inventory.account_of(resource),
        frozenset((*accounts, *(AWS_ACCOUNTS if resource.type in _BUCKETS else ()))),
        frozenset(organizations),
        frozenset(identity_providers),
    )
    for path, document in admitting_policies(resource, inventory, doubts):
        if not names_only_trusted(document, trusted):
            outcome = _proved(document, trusted, resource, inventory, path)
            if outcome is not None:
                return outcome
    return doubts.settled(compliant("its policy lets nobody foreign in"))


def _proved(
    document: PolicyDocument, trusted: Trusted, resource: Resource, inventory: Inventory, path: str
) -> Outcome | None:
    """What a proof says against a policy; `None` for nothing."""
    from revet.iam.account import AccountPicture
    from revet.iam.prove.foreign import SAYING_WHOSE, check_no_foreign_access
    from revet.iam.prove.grounded import Ground

    unlisted = Doubts()
    several = has_several_callers(inventory)
    expected = expected_arns(inventory) if several else {}
    ground = Ground(AccountPicture(trusted.account or some_account(document), expected=expected))
    trusted = replace(
        trusted,
        accounts=trusted.accounts | {ground.account},
        organizations=trusted.organizations.union(
            own_organizations(document, ground, inventory, unlisted)
        ),
        providers=trusted.providers.union(own_pools(document, ground, inventory, unlisted)),
    )
    apart = sorted(set(of_other_accounts(document, resource, inventory, SAYING_WHOSE)))
    if names_only_trusted(document, trusted) and not apart:
        return None
    check = check_no_foreign_access(ground.document(document), trusted)
    todo = "; ".join((_RESOLVE, *(doubt.do for doubt in unlisted)))
    found = against(check, ground, path, _SHOWN, "somebody foreign", todo)
    if found is None and apart:
        names = ", ".join(f"`{name}`" for name in apart)
        return unknown(
            f"whether {names} is of the account that the policy is of is not known",
            resolve=_APART if several else "write out whom you let in",
            paths=(path,),
        )
    return found
