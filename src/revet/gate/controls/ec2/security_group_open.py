"""Open egress or ingress."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.ec2.combined_rules import open_together
from revet.gate.readings.ec2.security_group_fixes import RULE_FIXES
from revet.gate.readings.ec2.security_groups import (
    RULE_TYPES,
    is_judged_apart,
    open_to,
    rules_in_effect,
)
from revet.model.finding import Outcome, Severity, compliant, noncompliant
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
    rules = rules_in_effect(resource, inventory)
    for found in rules:
        wide = open_to(found, inventory)
        if wide and not is_judged_apart(found, inventory, wide):
            word = "lets in from" if found.direction == "ingress" else "lets out to"
            return noncompliant(
                f"{word} `{wide}`",
                paths=(found.block,) if found.block else (),
                related=(found.resource.address,) if found.resource is not resource else (),
                fix=RULE_FIXES.get(found.direction, ""),
            )
    together = open_together(resource, inventory)
    if together is not None:
        word = "let in from" if together.direction == "ingress" else "let out to"
        return noncompliant(
            f"rules {word} `{together.ranges}` together",
            related=tuple(name for name in together.rules if name != resource.address),
            fix=RULE_FIXES[together.direction],
        )
    return compliant("open to nobody but those it names" if rules else "it has no rule of its own")
