"""A key policy that leaves to IAM who may use the key, or admits somebody whom it does not name."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.kms.callers import accounts_of
from revet.gate.readings.kms.use import too_wide
from revet.iam.compiled.policy import CompiledStatement, PolicyKind, compile_policy
from revet.model.finding import Outcome, Severity, compliant, noncompliant, quoted
from revet.plan import Inventory, Resource
from revet.plan.doubts import Doubts
from revet.plan.resource_policies import resource_policies
from revet.plan.terraform_types import variants

_WHOSE = "read `data.aws_caller_identity` in the plan"


@control(
    title="keys are used by those alone whom their policies name",
    severity=Severity.HIGH,
    resource=variants("aws_kms_key"),
    required=(
        "the key policy gives the account's root user actions of management alone, no "
        "cryptographic one and no grant but for resources of AWS's services; it names every other "
        "principal, and limits services by `aws:SourceAccount`, `aws:SourceArn`, `kms:ViaService` "
        "or an encryption context"
    ),
    impact="any policy of IAM in the account can give away the use of the key, and so the data",
    fix="""statement {
  sid       = "AccountManages"
  actions   = ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:PutKeyPolicy", "kms:EnableKeyRotation",
               "kms:DisableKey", "kms:ScheduleKeyDeletion", "kms:TagResource"]
  resources = ["*"]
  principals {
    type        = "AWS"
    identifiers = ["arn:aws:iam::${local.account}:root"]
  }
}
statement {
  sid       = "RolesUse"
  actions   = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*"]
  resources = ["*"]
  principals {
    type        = "AWS"
    identifiers = [aws_iam_role.application.arn]
  }
}""",
    construct='kms.Key(scope, "orders", description="Encrypts the orders", users=[])',
    deviations=("wildcard-access",),
    on_request=True,
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """Grants and the policies of principals are judged where they are."""
    policies = resource_policies(resource, inventory)
    policies.refuse_unread()
    account = inventory.account_of(resource)
    doubts = Doubts(policies.unknown)
    for item in policies.held:
        if item.document is None:
            continue
        related = () if item.holder is resource else (item.holder.address,)
        policy = compile_policy(item.document, PolicyKind.RESOURCE)
        accounts = accounts_of(policy.statements)
        if not account and len(accounts) > 1:
            why = f"which of {quoted(sorted(accounts))} is the own account is not known"
            doubts.append(resource.doubt(item.path, why, _WHOSE))
        for statement in policy.statements:
            with doubts:
                if fault := too_wide(statement, policy, account, inventory, item.path):
                    paths = (item.path,) if item.holder is resource else ()
                    return noncompliant(f"{_name(statement)} {fault}", paths=paths, related=related)
    if not policies.held:
        doubts.refuse()
        why = "it has KMS's own policy, which leaves everything to IAM"
        return noncompliant(why, paths=("policy",))
    return doubts.settled(compliant("its policy names everybody who may use it"))


def _name(statement: CompiledStatement) -> str:
    return f"statement `{statement.sid}`" if statement.sid else f"statement {statement.number + 1}"
