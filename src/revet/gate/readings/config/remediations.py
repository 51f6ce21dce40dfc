"""What AWS Config does by itself about what a rule finds, and as whom.

An automation acts as the role in `assumeRole` of its document; `{{ NAME }}` there is a parameter,
which the remediation must give: without it the steps act as whoever started them. A role that does
not trust `ssm.amazonaws.com` is not assumed, and nothing is corrected. Source: Systems Manager User
Guide, "Configuring a service role (assume role) access for automations"; AWS Config Developer
Guide, "Setting Up Auto Remediation".
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection

from revet.gate.readings.iam.trust import trusted_principals
from revet.gate.readings.needed import refuse_unread, takes_arn
from revet.iam.symbol import has_symbol
from revet.plan import Inventory, Resource, Undecided
from revet.plan.element_paths import blocks, elements
from revet.plan.held_policies import OUTSIDE

REMEDIATION = "aws_config_remediation_configuration"
DOCUMENT = "aws_ssm_document"
_ROLES = "aws_iam_role"
_SERVICE = "ssm.amazonaws.com"
_USUAL = "AutomationAssumeRole"
_NO_ARNS = ("aws_iam_role.id", "aws_iam_role.name")
_OF_AWS = re.compile(r"(?:arn:[\w-]+:ssm:[\w-]*::document/)?(?:aws|amazon|amzn)", re.IGNORECASE)
"""What names of AWS's own documents begin with, and no others. Source: Systems Manager API
Reference, `CreateDocument`, `Name`."""
_PARAMETER = re.compile(r"\{\{\s*(\w+)\s*\}\}")
"""A parameter; variables of the system, `{{ global:ACCOUNT_ID }}` for one, have a colon."""
_YAML = re.compile(r"""^["']?assumeRole["']?[ \t]*:[ \t]*(.*?)[ \t]*$""", re.MULTILINE)
_COMMENT = re.compile(r"[ \t]+#.*$")
_ROLE = re.compile(r"arn:|\{\{")
_NAME = re.compile(r"\{\{\s*[\w:.-]+\s*\}\}")
"""A parameter or a variable; what is left of braces names nothing."""
_BRACE = re.compile(r"[{}]")
_DEFAULT = re.compile(r"""^[ \t]+["']?default["']?[ \t]*:""", re.MULTILINE)


def remediation_fault(remediation: Resource, inventory: Inventory) -> str:
    """Why a remediation does not run by itself as a role that is named; empty where it does.

    Args:
        remediation: an `aws_config_remediation_configuration`.
        inventory: it belongs to.

    Raises:
        UnknownValueError: it is not known.
    """
    if not remediation.get("automatic"):
        return "it does not run by itself"
    if remediation.get("target_type") != "SSM_DOCUMENT":
        return "it does not run a document of Systems Manager"
    document = inventory.target(remediation, "target_id")
    if document is None or document.type != DOCUMENT:
        refuse_unread(inventory, (DOCUMENT,))
        name = remediation.get("target_id")
        if isinstance(name, Undecided):
            name.refuse()
        if not _OF_AWS.match(name):
            why = f"what the document `{name}` does is not part of this {inventory.reading}"
            raise remediation.doubt("target_id", why, OUTSIDE)
        return _lacks(remediation, _USUAL, f"{{{{{_USUAL}}}}}", inventory)
    if document.get("document_type") != "Automation":
        return f"`{document.address}` is not an automation"
    role, given = _assumed(document)
    if not role:
        return f"`{document.address}` names no role in `assumeRole`"
    wanted = (name for name in _PARAMETER.findall(role) if name not in (given or ()))
    fault = next(filter(None, (_lacks(remediation, name, role, inventory) for name in wanted)), "")
    if fault and given is None:
        why = f"{fault}, unless a default in the document's YAML gives it"
        raise document.doubt("content", why, "give the role in the remediation")
    return fault


def _lacks(remediation: Resource, parameter: str, role: str, inventory: Inventory) -> str:
    """Why a parameter of the role's text gives no role that works; empty where it does."""
    for block in blocks(remediation, "parameter"):
        if remediation.get(f"{block}.name") == parameter:
            paths = [f"{block}.static_value", *elements(remediation, f"{block}.static_values")]
            given = [path for path in paths if remediation.is_set(path)]
            if not given:
                return f"the parameter `{parameter}` names no role"
            if not _PARAMETER.fullmatch(role):
                return ""
            wrong = takes_arn(remediation, given[0], *_NO_ARNS)
            if wrong:
                return f"the parameter `{parameter}` names no role: {wrong}"
            return _distrusts(remediation, given[0], inventory)
    return f"it gives no role: the parameter `{parameter}` is missing"


def _distrusts(remediation: Resource, path: str, inventory: Inventory) -> str:
    """Why Systems Manager cannot assume a role; empty where it may, or the role is elsewhere."""
    role = inventory.target(remediation, path)
    if role is not None and role.type == _ROLES:
        return _trust_fault(role)
    refuse_unread(inventory, (_ROLES,))
    arn = remediation.get(path)
    for one in inventory.of_type(_ROLES):
        may_be = isinstance(one.get("arn"), Undecided) and _may_end_with(arn, one.get("name"))
        if may_be and (fault := _trust_fault(one)):
            raise remediation.doubt(path, f"this may be the role, and {fault}", "refer to the role")
    return ""


def _may_end_with(arn: object, name: object) -> bool:
    undecided = isinstance(arn, Undecided) or isinstance(name, Undecided)
    return undecided or str(arn).rpartition("/")[2] == name


def _trust_fault(role: Resource) -> str:
    callers = trusted_principals(role)
    if callers is None or any(one.value.lower() in (_SERVICE, "*") for one in callers):
        return ""
    if any(has_symbol(one.value) for one in callers if one.kind == "Service"):
        why = "which services it trusts is not known"
        raise role.doubt("assume_role_policy", why, f"write `{_SERVICE}`")
    return f"the role `{role.address}` does not trust `{_SERVICE}`"


def _assumed(document: Resource) -> tuple[str, Collection[str] | None]:
    """The role of an automation as written, and its parameters that have a default.

    These are `None` where they are not known: of YAML only single lines are read.
    """
    text = document.get("content")
    if isinstance(text, Undecided):
        text.refuse()
    given: Collection[str] | None
    try:
        content = json.loads(text)
    except ValueError:
        written = _YAML.search(text)
        said = _COMMENT.sub("", written[1]).strip("\"'") if written else ""
        given = None if _DEFAULT.search(text) else ()
    else:
        if not isinstance(content, dict):
            raise document.doubt("content", "it is not an object", "write an automation")
        said = content.get("assumeRole") or ""
        given = _defaults(content.get("parameters"))
    if said and (not _ROLE.match(str(said)) or _BRACE.search(_NAME.sub("", str(said)))):
        why = f"`{said}` is not the ARN of a role"
        raise document.doubt("content", why, "write an ARN, or a parameter in `{{ }}`")
    return said, given


def _defaults(parameters: object) -> list[str]:
    """The parameters that say something where a remediation gives nothing."""
    if not isinstance(parameters, dict):
        return []
    return [
        name for name, held in parameters.items() if isinstance(held, dict) and held.get("default")
    ]
