"""The rules of security groups, as they are in the account."""

from __future__ import annotations

from typing import Any

from revet.gate.security_groups import group_types
from revet.verify.reader import MissingResourceError, Reader
from revet.verify.subject import Subject

RULE_ACTIONS = ("ec2:DescribeSecurityGroups", "ec2:DescribeSecurityGroupRules")
"""What `read_rules` needs."""


def read_rules(subject: Subject, reader: Reader) -> list[dict[str, Any]]:
    """The rules of a group, whoever made them, or the one rule that a resource stands for.

    Args:
        subject: a group, or one of its rules. An `aws_security_group_rule` that stands for several
            rules gives all rules of its group: its state does not say which are its own.
        reader: of the account.

    Returns:
        Entries of the answer of `DescribeSecurityGroupRules`.

    Raises:
        MissingResourceError: there is no such group or rule.
    """
    group = subject.id if subject.type in group_types() else subject.text("security_group_id")
    own = subject.text("security_group_rule_id")
    region = subject.region
    reader.call("ec2", "describe_security_groups", region=region, GroupIds=[group])
    filters = [{"Name": "group-id", "Values": [group]}]
    reply = reader.call("ec2", "describe_security_group_rules", region=region, Filters=filters)
    rules: list[dict[str, Any]] = reply.get("SecurityGroupRules", [])
    if subject.type in group_types() or not own:
        return rules
    found = [rule for rule in rules if rule.get("SecurityGroupRuleId") == own]
    if not found:
        raise MissingResourceError(
            "it does not exist in the account",
            where=f"security group rule `{own}` in `{region}`",
            got=f"no rule of this id in `{group}`",
            do="deploy again",
        )
    return found


def direction(rule: dict[str, Any]) -> str:
    """`ingress` or `egress`."""
    return "egress" if rule.get("IsEgress") else "ingress"
