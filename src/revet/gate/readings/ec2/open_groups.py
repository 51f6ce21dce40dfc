"""Whether a security group is open to the whole internet, by one rule or by several."""

from __future__ import annotations

from revet.gate.readings.ec2.combined_rules import open_together
from revet.gate.readings.ec2.security_group_fixes import RULE_FIXES
from revet.gate.readings.ec2.security_groups import is_judged_apart, open_to, rules_in_effect
from revet.model.finding import Outcome, noncompliant
from revet.plan import Inventory, Resource


def openness(resource: Resource, inventory: Inventory) -> Outcome | None:
    """The failure of a group, or of a rule, that is open; `None` for one that is not.

    Args:
        resource: of one of `RULE_TYPES`.
        inventory: it belongs to.

    Raises:
        UnknownValueError: what decides it is not known.
    """
    for found in rules_in_effect(resource, inventory):
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
    if together is None:
        return None
    word = "let in from" if together.direction == "ingress" else "let out to"
    return noncompliant(
        f"rules {word} `{together.ranges}` together",
        related=tuple(name for name in together.rules if name != resource.address),
        fix=RULE_FIXES[together.direction],
    )
