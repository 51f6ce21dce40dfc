"""Systems Manager: documents, whose ARN depends on their type."""

from __future__ import annotations

from revet.verify.readers import Draft


def aws_ssm_document(one: Draft) -> None:
    """An automation has an ARN of its own form, as the provider shows it.

    Source: Service Authorization Reference, AWS Systems Manager, `automation-definition`;
    hashicorp/aws 5.100.0.
    """
    if one.values["document_type"] == "Automation":
        arn = str(one.values["arn"])
        one.values["arn"] = arn.replace(":document/", ":automation-definition/", 1)
