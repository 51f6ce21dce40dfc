"""Security groups that are open on more ports than are needed, or to the whole internet."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.ec2.open_groups import openness
from revet.gate.readings.ec2.security_group_fixes import RULE_FIXES
from revet.gate.readings.ec2.security_groups import (
    RULE_TYPES,
    GroupRule,
    is_judged_apart,
    rules_in_effect,
)
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource, Undecided
from revet.plan.doubts import Doubts
from revet.plan.single_rules import EVERY_PROTOCOL, protocol_name

_LAST = 65535
_TCP = "tcp"
_FIXES = {
    "ingress": """resource "aws_vpc_security_group_ingress_rule" "endpoints" {
  description                  = "TLS from the application"
  security_group_id            = aws_security_group.endpoints.id
  referenced_security_group_id = aws_security_group.app.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}""",
    "egress": RULE_FIXES["egress"],
}


@control(
    title="security groups open the ports that are needed and no others, and not to the internet",
    severity=Severity.HIGH,
    resource=RULE_TYPES,
    on_request=True,
    required=(
        "every rule, in or out, is for TCP on ports of the setting `ports`, and none is open to "
        "`0.0.0.0/0` or `::/0`"
    ),
    impact="a service that nobody meant to offer can be reached, or data leaves by another way",
    fix="\n\n".join(_FIXES.values()),
    construct='ec2.SecurityGroup(scope, "app", vpc=vpc, description="Application")',
    deviations=("open-security-group",),
)
def rule(resource: Resource, inventory: Inventory, *, ports: tuple[int, ...] = (443,)) -> Outcome:
    """A group without rules passes; DNS inside a VPC needs none."""
    doubts = Doubts()
    rules = rules_in_effect(resource, inventory)
    for found in rules:
        with doubts:
            fault = _fault(found, ports)
            if fault and not is_judged_apart(found, inventory):
                word = "in" if found.direction == "ingress" else "out"
                return noncompliant(
                    f"lets {word} {fault}",
                    paths=(found.block,) if found.block else (),
                    related=(found.resource.address,) if found.resource is not resource else (),
                    fix=_FIXES.get(found.direction, ""),
                )
    with doubts:
        opened = openness(resource, inventory)
        if opened is not None:
            return opened
    shown = ", ".join(map(str, ports))
    return doubts.settled(
        compliant(f"only TCP on {shown}" if rules else "it has no rule of its own")
    )


def _fault(rule: GroupRule, ports: tuple[int, ...]) -> str:
    """What a rule opens beside the ports; empty where that is nothing.

    Raises:
        UnknownValueError: it is not known, or AWS would not take the rule.
    """
    protocol, *ends = rule.traffic
    if isinstance(protocol, Undecided):
        protocol.refuse()
    name = protocol_name(protocol)
    if name == EVERY_PROTOCOL:
        return "every protocol"
    if name and name != _TCP:
        return f"`{name}`"
    for end in ends:
        if isinstance(end, Undecided):
            end.refuse()
    first, last = ends
    if not name or not isinstance(first, int) or not isinstance(last, int) or first > last:
        path = rule.path("from_port")
        raise rule.resource.doubt(
            path, "the rule names no ports that AWS would take", "write `from_port` and `to_port`"
        )
    if first < 0 or last > _LAST:
        return "TCP on every port"
    if last - first >= len(ports) or not {*range(first, last + 1)} <= {*ports}:
        return f"TCP on `{first}`" if first == last else f"TCP on `{first}` to `{last}`"
    return ""
