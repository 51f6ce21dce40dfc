"""Automation documents whose steps call AWS's API."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cdktn_provider_aws.ssm_document import SsmDocument
from constructs import Construct

from revet.constructs.arguments import check_items, check_match, check_text, refuse
from revet.constructs.placement import place
from revet.constructs.record import make_record

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_ROLE = "AutomationAssumeRole"


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One step: a call of AWS's API.

    Args:
        name: of the step.
        service: as boto3 names it, `s3`.
        api: the operation, `PutBucketEncryption`.
        inputs: its request; `{{ BucketName }}` stands for a parameter of the document.
    """

    name: str
    service: str
    api: str
    inputs: Mapping[str, Any] = field(default_factory=dict)


class Automation(Construct):
    """An automation document of one's own; its steps act as the role that it is given.

    Makes `aws_ssm_document`.

    Defaults, each with the control that asks for it:
        - every step acts as `AutomationAssumeRole`, never as whoever starts it;
        - private to the account;
        - the stack's tags (`tags-required`).

    Args:
        scope: the stack, or a construct in it.
        construct_id: id in the scope, and middle part of the name.
        description: what it does.
        parameters: name to description, each a text that whoever starts it gives.
        steps: in their order.

    Raises:
        ArgumentError: no step, or a name that Systems Manager does not take.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        description: str,
        parameters: Mapping[str, str],
        steps: Sequence[ApiCall],
    ) -> None:
        context = place(scope, construct_id)
        name = context.name(construct_id, limit=128)
        check_text("description", description, 1, 1024, "say what it does")
        check_items("steps", steps, ApiCall, "`ssm.ApiCall(…)` is one")
        if not steps:
            refuse("steps", steps, "at least one step", "say what is done")
        if not isinstance(parameters, Mapping):
            refuse("parameters", parameters, "names and descriptions", "write a dictionary")
        for word in (*parameters, *(step.name for step in steps)):
            check_match("parameters", word, _NAME, "letters and digits", "rename it")
        super().__init__(scope, construct_id)
        self.name = name
        self.parameters = tuple(parameters)
        self.resource = SsmDocument(
            self,
            "document",
            name=name,
            document_type="Automation",
            document_format="JSON",
            content=json.dumps(
                _content(description, parameters, steps), sort_keys=True, separators=(",", ":")
            ),
            tags=context.tags_for(name),
        )
        self.arn: str = self.resource.arn
        context.records.append(make_record(self, "ssm.Automation", (self.resource,)))


def _content(
    description: str, parameters: Mapping[str, str], steps: Sequence[ApiCall]
) -> dict[str, Any]:
    """Source: Systems Manager user guide, "Data elements and parameters", schema version 0.3."""
    described = {_ROLE: "The role that the steps act as", **parameters}
    return {
        "schemaVersion": "0.3",
        "description": description,
        "assumeRole": f"{{{{ {_ROLE} }}}}",
        "parameters": {
            name: {"type": "String", "description": text} for name, text in described.items()
        },
        "mainSteps": [
            {
                "name": step.name,
                "action": "aws:executeAwsApi",
                "inputs": {"Service": step.service, "Api": step.api, **step.inputs},
            }
            for step in steps
        ],
    }
