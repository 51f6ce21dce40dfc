"""The role of a flow log writes into its log group, and can do nothing else."""

from revet.iam.document import Principal, Statement
from revet.model.finding import Outcome, compliant, noncompliant
from revet.verify.catalog import live_check
from revet.verify.reader import Reader
from revet.verify.reading.ec2 import log_group_of, read_flow_log
from revet.verify.reading.iam import ROLE_ACTIONS, Role, read_role
from revet.verify.subject import Subject

_SERVICE = Principal("Service", "vpc-flow-logs.amazonaws.com")
_NEEDED = frozenset({"logs:createlogstream", "logs:putlogevents"})
_WRITES = _NEEDED | {"logs:createloggroup"}
_READS = frozenset({"logs:describeloggroups", "logs:describelogstreams"})


@live_check(
    control="ec2-flow-log-role",
    resource="aws_flow_log",
    actions=("ec2:DescribeFlowLogs", *ROLE_ACTIONS),
    parts=(
        "aws_iam_policy",
        "aws_iam_role",
        "aws_iam_role_policy",
        "aws_iam_role_policy_attachment",
    ),
)
def check(subject: Subject, reader: Reader) -> Outcome:
    """Only the flow-log service takes the role; it writes to the log group and no further."""
    flow_log = read_flow_log(subject, reader)
    kind = flow_log.get("LogDestinationType") or "cloud-watch-logs"
    if kind != "cloud-watch-logs":
        return compliant(f"a destination of type `{kind}` needs no role")
    arn = str(flow_log.get("DeliverLogsPermissionArn") or "")
    if not arn:
        return noncompliant("it delivers without a role")
    role = read_role(reader, arn, subject.region)
    trusting = [s for s in role.trust.statements if s.effect != "Deny"]
    if any(not statement.principals for statement in trusting):
        return noncompliant(f"the role `{role.name}` trusts all but those whom it names")
    trusted = {principal for statement in trusting for principal in statement.principals}
    if trusted != {_SERVICE}:
        names = ", ".join(sorted(f"`{principal.value}`" for principal in trusted))
        return noncompliant(f"the role `{role.name}` trusts {names or 'nobody'}")
    excess = _excess(role, log_group_of(flow_log))
    if excess:
        return noncompliant(f"the role `{role.name}` {excess}")
    return compliant(f"the role `{role.name}` writes into its log group only")


def _excess(role: Role, group: str) -> str:
    """What the role has too much or lacks; empty when it is right."""
    missing = set(_NEEDED)
    for statement in (s for policy in role.policies.values() for s in policy.statements):
        if statement.effect == "Deny":
            continue
        if statement.not_actions or statement.not_resources:
            return "has a statement with `NotAction` or `NotResource`"
        actions = {action.lower() for action in statement.actions}
        if not actions <= _WRITES | _READS:
            return f"may {', '.join(f'`{a}`' for a in sorted(actions - _WRITES - _READS))}"
        if actions & _WRITES:
            wide = _wide(statement, group)
            if wide:
                return f"may write to `{wide}`"
            missing -= actions
    if missing:
        return f"lacks {', '.join(f'`{action}`' for action in sorted(missing))}"
    return ""


def _wide(statement: Statement, group: str) -> str:
    """The first resource that reaches beyond the log group."""
    for resource in statement.resources:
        name = resource.partition(":log-group:")[2]
        if name != group and not name.startswith(f"{group}:"):
            return resource
    return ""
