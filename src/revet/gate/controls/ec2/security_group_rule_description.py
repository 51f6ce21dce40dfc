"""Security-group rule without description."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.ec2.security_group_fixes import DESCRIPTION_FIXES
from revet.gate.readings.ec2.security_groups import RULE_TYPES, group_rules, is_judged_apart
from revet.gate.readings.values import says_something
from revet.iam.symbol import around_symbols
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Computed, Inventory, Resource, Symbolic


@control(
    title="every rule of a security group says what it is for",
    severity=Severity.LOW,
    resource=RULE_TYPES,
    required="every rule has a `description` that is not empty",
    impact="nobody dares to remove a rule that nobody can explain, and so it stays",
    fix="\n".join(DESCRIPTION_FIXES.values()),
    deviations=("rule-without-description",),
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """The description of the group itself is another thing, and always there."""
    rules = group_rules(resource)
    for found in rules:
        path = found.path("description")
        if not _says_something(resource, path) and not is_judged_apart(found, inventory):
            return noncompliant(
                f"its {found.direction} rule has no `description`",
                paths=(path,),
                fix=DESCRIPTION_FIXES.get(found.direction, ""),
            )
    return compliant("every rule has one" if rules else "it has no rule of its own")


def _says_something(resource: Resource, path: str) -> bool:
    """One that is not known must have words of its own: what it refers to may turn out empty."""
    value = resource.get(path)
    if isinstance(value, Computed):
        return False
    if isinstance(value, Symbolic) and says_something(around_symbols(value.template)):
        return True
    return says_something(value or "")
