"""A key policy that leaves to IAM who may use the key, or admits somebody whom it does not name."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.kms.callers import (
    CREATE_GRANT,
    Caller,
    accounts_of,
    caller,
    denied,
    given,
    limits_grants,
    limits_service,
    names_callers,
    uses,
)
from revet.iam.compiled.policy import CompiledPolicy, CompiledStatement, PolicyKind, compile_policy
from revet.iam.document import Principal
from revet.model.errors import UnknownValueError
from revet.model.finding import Outcome, Severity, compliant, noncompliant, quoted
from revet.plan import Inventory, Resource
from revet.plan.doubts import Doubts
from revet.plan.resource_policies import resource_policies
from revet.plan.terraform_types import variants

_MANY = (Caller.ACCOUNT, Caller.ANYBODY, Caller.FOREIGN)
_WHOSE = "read `data.aws_caller_identity` in the plan"
_RESOLVE = "name the roles, users and services that use the key, one by one"


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
                if fault := _fault(statement, policy, account, inventory, item.path):
                    paths = (item.path,) if item.holder is resource else ()
                    return noncompliant(f"{_name(statement)} {fault}", paths=paths, related=related)
    if not policies.held:
        doubts.refuse()
        why = "it has KMS's own policy, which leaves everything to IAM"
        return noncompliant(why, paths=("policy",))
    return doubts.settled(compliant("its policy names everybody who may use it"))


def _fault(
    statement: CompiledStatement,
    policy: CompiledPolicy,
    account: str,
    inventory: Inventory,
    path: str,
) -> str:
    """What is wrong with a statement; empty where nothing is."""
    if statement.deny:
        return ""
    if statement.problem:
        why = f"AWS would not take it: {statement.problem}"
        raise UnknownValueError(path, why=why, resolve="correct the policy")
    principals = statement.source.principals
    if not principals:
        return "lets in all but those that it names"
    always, at_all = denied(policy.statements)
    allowed = given(statement) - always
    used = uses(statement) - always
    for principal in principals:
        kind = caller(principal, account, inventory)
        if kind is Caller.UNCLEAR:
            why = f"whom `{principal.value}` means is not known"
            raise UnknownValueError(path, why=why, resolve=_RESOLVE)
        if kind in _MANY and names_callers(statement):
            kind = Caller.NAMED
        fault = _of(kind, principal, statement, used) if allowed else ""
        if fault:
            about = {Caller.ACCOUNT: used, Caller.NAMED: {CREATE_GRANT}}.get(kind, allowed)
            if about <= at_all:
                why = f"{fault}, and what is denied may take that away"
                raise UnknownValueError(path, why=why, resolve=_RESOLVE)
            return fault
    return ""


def _of(
    kind: Caller, principal: Principal, statement: CompiledStatement, used: frozenset[str]
) -> str:
    """What is wrong with what a principal of a kind is given."""
    who = f"`{principal.value}`"
    if kind in (Caller.ANYBODY, Caller.FOREIGN):
        return f"lets in {who}, and names nobody there"
    if kind is Caller.SERVICE:
        return "" if limits_service(statement) else f"lets {who} act for whomever it likes"
    if limits_grants(statement):
        used -= {CREATE_GRANT}
    if kind is Caller.NAMED:
        return f"lets {who} make grants for anybody" if CREATE_GRANT in used else ""
    return f"leaves to IAM who may {quoted(sorted(used))}" if used else ""


def _name(statement: CompiledStatement) -> str:
    return f"statement `{statement.sid}`" if statement.sid else f"statement {statement.index + 1}"
