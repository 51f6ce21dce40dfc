"""Resource policies that let anybody in."""

# ruff: noqa: PLC0415 - the prover is loaded where a policy needs a proof, which most do not

from __future__ import annotations

from functools import partial

from revet.gate.catalog import control
from revet.gate.readings.iam.admitting import (
    ADMITTING,
    admitting_policies,
    admitting_types,
    against,
)
from revet.iam.document import PolicyDocument
from revet.iam.prove.plainly import is_closed
from revet.model.finding import Outcome, Severity, compliant
from revet.plan import Inventory, Resource
from revet.plan.doubts import Doubts
from revet.plan.policies import holds_policy

_SHOWN = ("aws:sourceip", "aws:sourcevpc", "aws:sourcearn", "aws:securetransport")


@control(
    title="no resource policy lets anybody in",
    severity=Severity.HIGH,
    resource=admitting_types(),
    applies=partial(holds_policy, kinds=ADMITTING),
    required=(
        "no request is allowed to a caller outside of every account that the policy names, unless "
        "by a value that the policy fixes: a VPC, an organization, an account, a range of addresses"
    ),
    impact="anybody with an AWS account, or without one, can do what the policy grants",
    fix="""principals {
  type        = "AWS"
  identifiers = ["arn:aws:iam::111122223333:role/reports"]
}""",
    deviations=("public-policy",),
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """It is proved for all requests; a request that is allowed is shown."""
    doubts = Doubts()
    for path, document in admitting_policies(resource, inventory, doubts):
        if not is_closed(document):
            outcome = _proved(document, path)
            if outcome is not None:
                return outcome
    return doubts.settled(compliant("its policy lets no outsider in"))


def _proved(document: PolicyDocument, path: str) -> Outcome | None:
    """What a proof says against a policy; `None` for nothing."""
    from revet.iam.account import AccountPicture
    from revet.iam.prove.checks import check_no_public_access
    from revet.iam.prove.grounded import Ground

    ground = Ground(AccountPicture(""))
    check = check_no_public_access(ground.document(document))
    todo = "write the policy so that it can be decided"
    return against(check, ground, path, _SHOWN, "anybody", todo)
