"""Managed rules of AWS Config, in each form that Terraform has for them.

Source: AWS Config Developer Guide, "AWS Config Managed Rules"; hashicorp/aws 5.100.0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from revet.gate.readings.config.recorders import beside
from revet.plan import Inventory, Reading, Resource, Undecided
from revet.plan.doubts import Doubts
from revet.plan.element_paths import blocks

RULE = "aws_config_config_rule"
_ORGANIZATION = "aws_config_organization_managed_rule"
_PACKS = ("aws_config_conformance_pack", "aws_config_organization_conformance_pack")
_MANAGED = "AWS"
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
        owner, name = rule.get(f"{block}.owner"), rule.get(f"{block}.source_identifier")
        if owner == _MANAGED:
            if isinstance(name, Undecided):
                name.refuse()
            return str(name or "")
    return ""


def rules_beside(
    recorder: Resource, inventory: Inventory, doubts: Doubts
) -> Iterator[tuple[str, Resource]]:
    """The rules in the region of a recorder, each with what makes it.

    Each has the identifier of the managed rule before it; it is empty for a rule of one's own, and
    where it is not known.

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
                found = names(made)
            yield from ((name, made) for name in found or ("",))


def _of_rule(rule: Resource) -> list[str]:
    return [identifier_of(rule)]


def _of_organization(rule: Resource) -> list[str]:
    name = rule.get("rule_identifier")
    if isinstance(name, Undecided):
        name.refuse()
    return [str(name)]


def _of_template(pack: Resource) -> list[str]:
    """The identifiers in the template of a conformance pack."""
    if pack.is_set("template_s3_uri"):
        why = "what the template in S3 holds is not part of the plan"
        raise pack.doubt("template_s3_uri", why, "write the template into `template_body`")
    body = pack.get("template_body")
    if isinstance(body, Undecided):
        body.refuse()
    return _IDENTIFIER.findall(body or "")


_NAMES: Mapping[str, Callable[[Resource], list[str]]] = {
    RULE: _of_rule,
    _ORGANIZATION: _of_organization,
    **dict.fromkeys(_PACKS, _of_template),
}
"""What makes managed rules, each with how the identifiers of those are found."""
