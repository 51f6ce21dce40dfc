"""Managed rules of AWS Config, in each form that Terraform has for them.

Source: AWS Config Developer Guide, "AWS Config Managed Rules"; hashicorp/aws 5.100.0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from revet.gate.readings.config.recorders import beside
from revet.gate.readings.values import one_of
from revet.plan import Inventory, Reading, Resource, Undecided
from revet.plan.doubts import Doubts
from revet.plan.element_paths import blocks, elements

RULE = "aws_config_config_rule"
_ORGANIZATION = "aws_config_organization_managed_rule"
_PACKS = ("aws_config_conformance_pack", "aws_config_organization_conformance_pack")
_MANAGED = "AWS"
_OWNERS = (_MANAGED, "CUSTOM_LAMBDA", "CUSTOM_POLICY")
_NAME = re.compile(r"[A-Z][A-Z0-9_]*")
"""Identifiers as they all are. Source: AWS Config Developer Guide, "List of AWS Config Managed
Rules"; API Reference, `Source`, `Owner`."""
_NARROWING = ("compliance_resource_id", "tag_key", "tag_value")
_NARROWING_OF_ORGANIZATIONS = ("resource_id_scope", "tag_key_scope", "tag_value_scope")
_AFTER = "DETECTIVE"
_COMMENT = re.compile(r"(?:^|(?<=\s))#.*$", re.MULTILINE)
_NARROWS = re.compile(r"""["']?\b(ComplianceResourceId|Condition|Tag(?:Key|Value))["']?\s*:""")
_IDENTIFIER = re.compile(r"""["']?SourceIdentifier["']?\s*:\s*["']?(\w+)""")


class Evaluation(NamedTuple):
    """What a rule of an account says; a plan and a state have nothing of it.

    Args:
        compliance: as AWS Config spells it; `INSUFFICIENT_DATA` also where nothing is in its scope.
        error: why it could not be evaluated; empty where it could.
    """

    compliance: str
    error: str

    @property
    def found_something(self) -> bool:
        """Whether something does not comply."""
        return self.compliance == "NON_COMPLIANT"

    @property
    def complies(self) -> bool:
        """Whether something was judged, and all of it complies."""
        return self.compliance == "COMPLIANT"


def evaluation_of(rule: Resource) -> Evaluation:
    """What a rule of an account says.

    Source: AWS Config API Reference, `Compliance`, `ConfigRuleEvaluationStatus`.

    Raises:
        UnknownValueError: it could not be read, or the rule has not been evaluated yet.
    """
    for block in blocks(rule, "evaluation"):
        said = Evaluation(rule.get(f"{block}.compliance"), rule.get(f"{block}.error"))
        if said.error or rule.get(f"{block}.evaluated"):
            return said
    why = "it has not been evaluated yet"
    raise rule.doubt("evaluation", why, "start its evaluation, and ask again when it is done")


def identifier_of(rule: Resource) -> str:
    """The identifier of the managed rule that an `aws_config_config_rule` is; empty for none.

    Raises:
        UnknownValueError: it is not known.
    """
    for block in blocks(rule, "source"):
        owner = one_of(rule, f"{block}.owner", _OWNERS, "AWS Config has no owner `{}` of a rule")
        if owner == _MANAGED:
            path = f"{block}.source_identifier"
            name = _text(rule, path)
            if not _NAME.fullmatch(name):
                why = f"AWS has no managed rule {name!a}"
                raise rule.doubt(path, why, "write the identifier as AWS lists it")
            return name
    return ""


def rules_beside(
    recorder: Resource, inventory: Inventory, doubts: Doubts
) -> Iterator[tuple[str, Resource]]:
    """The rules in the region of a recorder, each with what makes it.

    Each has the identifier of the managed rule before it; it is empty for a rule of one's own, for
    one that does not look at everything, and where it is not known.

    In an account the rules of packs and of the organization are rules like any others.

    Args:
        recorder: of the inventory.
        inventory: it belongs to.
        doubts: why an identifier is not known is added.

    Raises:
        UnreadError: the rules could not be listed.
    """
    for kind, names in _NAMES.items():
        if kind != RULE and inventory.reading is Reading.ACCOUNT:
            continue
        for made in beside(recorder, inventory, kind):
            found: list[str] = []
            with doubts:
                found = names(made, inventory)
            yield from ((name, made) for name in found or ("",))


def _of_rule(rule: Resource, _inventory: Inventory) -> list[str]:
    """The identifier of a rule that looks at everything, and at what is there.

    A rule may be for one resource or for those with a tag, and only for resources that somebody is
    about to make. Source: AWS Config API Reference, `Scope`, `EvaluationModeConfiguration`.
    """
    name = identifier_of(rule)
    for block in blocks(rule, "scope"):
        if any(rule.is_set(f"{block}.{path}") for path in _NARROWING):
            return []
    modes = [_text(rule, f"{block}.mode") for block in blocks(rule, "evaluation_mode")]
    return [] if modes and _AFTER not in modes else [name]


def _of_organization(rule: Resource, inventory: Inventory) -> list[str]:
    """The identifier of a rule that looks at everything in the account of the inventory."""
    name = _text(rule, "rule_identifier")
    if any(rule.is_set(path) for path in _NARROWING_OF_ORGANIZATIONS):
        return []
    left_out = [_text(rule, path) for path in elements(rule, "excluded_accounts")]
    if left_out and not inventory.account:
        why = "whether the account is one of those that are left out is not known"
        raise rule.doubt("excluded_accounts", why, "read `data.aws_caller_identity` in the plan")
    return [] if inventory.account in left_out else [name]


def _text(rule: Resource, path: str) -> str:
    value = rule.get(path)
    if isinstance(value, Undecided):
        value.refuse()
    return str(value or "")


def _of_template(pack: Resource, _inventory: Inventory) -> list[str]:
    """The identifiers in the template of a conformance pack."""
    if pack.is_set("template_s3_uri"):
        why = "what the template in S3 holds is not part of the plan"
        raise pack.doubt("template_s3_uri", why, "write the template into `template_body`")
    body = pack.get("template_body")
    if isinstance(body, Undecided):
        body.refuse()
    text = _COMMENT.sub("", body or "")
    if narrowing := _NARROWS.search(text):
        why = f"which of its rules `{narrowing[1]}` narrows is not read"
        raise pack.doubt("template_body", why, "make the rules resources of the plan")
    return _IDENTIFIER.findall(text)


_NAMES: Mapping[str, Callable[[Resource, Inventory], list[str]]] = {
    RULE: _of_rule,
    _ORGANIZATION: _of_organization,
    **dict.fromkeys(_PACKS, _of_template),
}
"""What makes managed rules, each with how the identifiers of those are found."""
