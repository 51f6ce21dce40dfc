"""Open egress or ingress."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.ec2.open_groups import openness
from revet.gate.readings.ec2.security_group_fixes import RULE_FIXES
from revet.gate.readings.ec2.security_groups import RULE_TYPES, rules_in_effect
from revet.model.finding import Outcome, Severity, compliant
from revet.plan import Inventory, Resource


@control(
    title="security groups are not open to the whole internet, in either direction",
    severity=Severity.HIGH,
    resource=RULE_TYPES,
    required=(
        "no rule, whatever its protocol and ports, lets in from or out to `0.0.0.0/0` or `::/0`, "
        "and no rules do together"
    ),
    impact="anybody can reach what is behind the group, or whoever takes it over can send data out",
    fix="\n\n".join(RULE_FIXES.values()),
    deviations=("open-security-group",),
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """Other groups and prefix lists are the way out; a range that is merely wide passes."""
    fault = openness(resource, inventory)
    if fault is not None:
        return fault
    rules = rules_in_effect(resource, inventory)
    return compliant("open to nobody but those it names" if rules else "it has no rule of its own")
