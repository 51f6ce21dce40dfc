"""What AWS Config does by itself about what a rule finds, and as whom.

An automation acts as the role in `assumeRole` of its document; `{{ NAME }}` there is a parameter,
which the remediation must give: without it the steps act as whoever started them. Source: Systems
Manager User Guide, "Configuring a service role (assume role) access for automations"; AWS Config
Developer Guide, "Setting Up Auto Remediation".
"""

from __future__ import annotations

import json
import re

from revet.gate.readings.needed import refuse_unread
from revet.plan import Inventory, Resource, Undecided
from revet.plan.element_paths import blocks

REMEDIATION = "aws_config_remediation_configuration"
DOCUMENT = "aws_ssm_document"
_USUAL = "AutomationAssumeRole"
_PARAMETER = re.compile(r"\{\{\s*([\w:]+)\s*\}\}")
_YAML = re.compile(r"^assumeRole:[ \t]*(.*?)[ \t]*$", re.MULTILINE)


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
        return name.refuse() if isinstance(name, Undecided) else _lacks(remediation, _USUAL)
    if document.get("document_type") != "Automation":
        return f"`{document.address}` is not an automation"
    role = _assumed(document)
    if not role:
        return f"`{document.address}` names no role in `assumeRole`"
    return "" if role.startswith("arn:") else _lacks(remediation, role)


def _lacks(remediation: Resource, parameter: str) -> str:
    """Why the parameter with the role is not given; empty where it is."""
    for block in blocks(remediation, "parameter"):
        if remediation.get(f"{block}.name") == parameter:
            given = any(
                remediation.is_set(f"{block}.{path}") for path in ("static_value", "static_values")
            )
            return "" if given else f"the parameter `{parameter}` names no role"
    return f"it gives no role: the parameter `{parameter}` is missing"


def _assumed(document: Resource) -> str:
    """The role of an automation: an ARN, the name of the parameter with it, or nothing."""
    text = document.get("content")
    if isinstance(text, Undecided):
        text.refuse()
    try:
        said = json.loads(text).get("assumeRole")
    except ValueError:
        written = _YAML.search(text)
        said = written[1].strip("\"'") if written else ""
    said = said or ""
    parameter = _PARAMETER.search(said)
    if parameter:
        return parameter[1]
    if said and not said.startswith("arn:"):
        why = f"`{said}` is not the ARN of a role"
        raise document.doubt("content", why, "write an ARN, or a parameter in `{{ }}`")
    return str(said)
