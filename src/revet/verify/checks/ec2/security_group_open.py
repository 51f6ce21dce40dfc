"""Security groups are not open to the whole internet."""

from typing import Any

from revet.gate.ranges import whole_internet
from revet.gate.security_group_fixes import RULE_FIXES
from revet.gate.security_groups import rule_types
from revet.model.finding import Outcome, compliant, noncompliant
from revet.verify.catalog import live_check
from revet.verify.reader import Reader
from revet.verify.reading.security_groups import RULE_ACTIONS, direction, read_rules
from revet.verify.subject import Subject


@live_check(
    control="ec2-security-group-open",
    resource=rule_types(),
    actions=(*RULE_ACTIONS, "ec2:GetManagedPrefixListEntries"),
    parts=("aws_ec2_managed_prefix_list", "aws_ec2_managed_prefix_list_entry"),
)
def check(subject: Subject, reader: Reader) -> Outcome:
    """All rules of one direction together, those of prefix lists too, whoever made them."""
    ranges: dict[str, list[str]] = {"ingress": [], "egress": []}
    for rule in read_rules(subject, reader):
        ranges[direction(rule)] += _ranges(rule, reader, subject.region)
    for way, found in ranges.items():
        wide = whole_internet(found)
        if wide:
            word = "lets in from" if way == "ingress" else "lets out to"
            return noncompliant(f"{word} `{wide}`", fix=RULE_FIXES[way])
    return compliant("open to nobody but those it names")


def _ranges(rule: dict[str, Any], reader: Reader, region: str) -> list[str]:
    prefixes = rule.get("PrefixListId")
    if prefixes:
        reply = reader.call(
            "ec2", "get_managed_prefix_list_entries", region=region, PrefixListId=prefixes
        )
        return [str(entry.get("Cidr") or "") for entry in reply.get("Entries", ())]
    return [str(rule.get("CidrIpv4") or rule.get("CidrIpv6") or "")]
