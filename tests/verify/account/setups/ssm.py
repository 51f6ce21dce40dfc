"""An automation."""

from __future__ import annotations

import json
from typing import Any

Boto = Any  # boto3 knows services only as literals


def make(session: Boto) -> None:
    session.client("ssm").create_document(
        Name="encrypt-buckets",
        DocumentType="Automation",
        DocumentFormat="JSON",
        Content=json.dumps(
            {
                "schemaVersion": "0.3",
                "assumeRole": "{{ AutomationAssumeRole }}",
                "parameters": {"AutomationAssumeRole": {"type": "String"}},
                "mainSteps": [
                    {"name": "wait", "action": "aws:sleep", "inputs": {"Duration": "PT1S"}}
                ],
            }
        ),
        Tags=[{"Key": "Owner", "Value": "security"}],
    )
