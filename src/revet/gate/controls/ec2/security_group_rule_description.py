"""X-27: security-group rule without description."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.security_group_fixes import DESCRIPTION_FIXES
from revet.gate.security_groups import RULE_TYPES, group_rules
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Plan, Resource


@control(
    title="every rule of a security group says what it is for",
    severity=Severity.LOW,
    resource=RULE_TYPES,
    required="every rule has a `description` that is not empty",
    impact="nobody dares to remove a rule that nobody can explain, and so it stays",
    fix="\n".join(DESCRIPTION_FIXES.values()),
    deviations=("X-27",),
)
def rule(resource: Resource, plan: Plan) -> Outcome:
    """The description of the group itself is another thing, and always there."""
    del plan
    rules = group_rules(resource)
    for found in rules:
        path = found.path("description")
        if not resource.is_set(path) or not _says_something(resource, path):
            return noncompliant(
                f"its {found.direction} rule has no `description`",
                paths=(path,),
                fix=DESCRIPTION_FIXES.get(found.direction, ""),
            )
    return compliant("every rule has one" if rules else "it has no rule of its own")


def _says_something(resource: Resource, path: str) -> bool:
    """A set value that is not known is a text around something; only known ones can be blank."""
    value = resource.get(path)
    return not isinstance(value, str) or bool(value.strip())
