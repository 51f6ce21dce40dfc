"""Every rule of a security group says what it is for."""

from revet.gate.security_group_fixes import DESCRIPTION_FIXES
from revet.gate.security_groups import rule_types
from revet.model.finding import Outcome, compliant, noncompliant
from revet.verify.catalog import live_check
from revet.verify.reader import Reader
from revet.verify.reading.security_groups import RULE_ACTIONS, direction, read_rules
from revet.verify.subject import Subject


@live_check(
    control="ec2-security-group-rule-description",
    resource=rule_types(),
    actions=RULE_ACTIONS,
)
def check(subject: Subject, reader: Reader) -> Outcome:
    """Rules that somebody added by hand count too."""
    for rule in read_rules(subject, reader):
        if not str(rule.get("Description") or "").strip():
            name = rule.get("SecurityGroupRuleId")
            way = direction(rule)
            return noncompliant(
                f"its {way} rule `{name}` has no description", fix=DESCRIPTION_FIXES[way]
            )
    return compliant("every rule has one")
