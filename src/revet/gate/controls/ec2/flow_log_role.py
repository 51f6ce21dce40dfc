"""Wildcard action or resource where the need is narrower, for the flow log's role."""

from __future__ import annotations

from fnmatch import fnmatchcase

from revet.gate.catalog import control
from revet.gate.readings.iam.trust import trusted_principals
from revet.gate.readings.logs.groups import is_group
from revet.gate.readings.needed import planned, takes_arn
from revet.gate.readings.values import one_of
from revet.iam.document import Principal, Statement
from revet.model.finding import Outcome, Severity, compliant, noncompliant, quoted
from revet.plan import Inventory, Resource
from revet.plan.principals import policies_of

# Source: EC2 API reference, `CreateFlowLogs`, `LogDestinationType`.
_TYPES = ("cloud-watch-logs", "s3", "kinesis-data-firehose")
_SERVICE = Principal("Service", "vpc-flow-logs.amazonaws.com")
_WRITES = ("logs:createloggroup", "logs:createlogstream", "logs:putlogevents")
_READS = ("logs:describeloggroups", "logs:describelogstreams")
_NEEDED = ("logs:CreateLogStream", "logs:PutLogEvents")


@control(
    title="the role of a flow log may write to its own log group and nothing else",
    severity=Severity.MEDIUM,
    resource="aws_flow_log",
    required=(
        "the role trusts `vpc-flow-logs.amazonaws.com` alone, and its policies allow only "
        "`logs:CreateLogStream`, `logs:PutLogEvents`, `logs:CreateLogGroup` on the flow log's own "
        "group, and `logs:Describe…` on anything"
    ),
    impact="whoever gets the role reads, forges or fills other logs",
    fix="""statement {
  actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
  resources = ["${aws_cloudwatch_log_group.flow.arn}:*"]
}""",
    construct=(
        'ec2.Vpc(scope, "office", flow_log_group=logs.LogGroup(scope, "office-flow", key=key))'
    ),
    deviations=("wildcard-access", "no-flow-logs"),
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """Only log groups need a role; a bucket is written to by its own policy."""
    why = "flow logs have no destination of type `{}`"
    kind = one_of(resource, "log_destination_type", _TYPES, why, default=_TYPES[0])
    if kind != _TYPES[0]:
        return compliant(f"a destination of type `{kind}` needs no role")
    if not resource.is_set("iam_role_arn"):
        return noncompliant("it has no role, and cannot write", paths=("iam_role_arn",))
    fault = takes_arn(resource, "iam_role_arn", "aws_iam_role.id", "aws_iam_role.name")
    if fault:
        return noncompliant(fault, paths=("iam_role_arn",))
    role = planned(resource, "iam_role_arn", inventory, "aws_iam_role")
    path = "log_destination" if resource.is_set("log_destination") else "log_group_name"
    group = planned(resource, path, inventory, "aws_cloudwatch_log_group")
    return _judge(role, group, inventory)


def _judge(role: Resource, group: Resource, inventory: Inventory) -> Outcome:
    related = (role.address, group.address)
    callers = trusted_principals(role)
    if callers is None:
        return noncompliant("the role trusts all but those whom it names", related=related)
    if {*callers} != {_SERVICE}:
        names = quoted(sorted({caller.value for caller in callers})) or "nobody"
        return noncompliant(f"the role trusts {names}", related=related)
    policies = policies_of(role, inventory)
    outside = [item.name for item in policies.held if item.is_outside]
    if outside:
        return noncompliant(f"the role has `{outside[0]}`", related=related)
    policies.refuse_unknown()
    allows = [s for _, d in policies.documents for s in d.statements if s.effect != "Deny"]
    for statement in allows:
        fault = _fault(statement, group, inventory)
        if fault:
            return noncompliant(fault, related=related)
    granted = [action.lower() for statement in allows for action in statement.actions]
    missing = [need for need in _NEEDED if need.lower() not in granted]
    if missing:
        return noncompliant(f"the role lacks `{missing[0]}`, and cannot write", related=related)
    return compliant("its role may write to its own log group only", related=related)


def _fault(statement: Statement, group: Resource, inventory: Inventory) -> str:
    if not statement.actions or statement.not_resources:
        return "the role is allowed everything but what `NotAction` or `NotResource` name"
    for action in statement.actions:
        if action.lower() not in (*_WRITES, *_READS):
            wild = any(fnmatchcase(name, action.lower()) for name in (*_WRITES, *_READS))
            return f"the role may `{action}`" + (", more than it needs" if wild else "")
    if all(action.lower() in _READS for action in statement.actions):
        return ""
    for pattern in statement.resources:
        if not is_group(pattern, group, inventory):
            return f"the role may write to `{pattern}`"
    return ""
