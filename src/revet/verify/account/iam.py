"""IAM: roles that services own."""

from __future__ import annotations

from revet.verify.readers import Draft

_LINKED = "/aws-service-role/"


def aws_iam_role(one: Draft) -> None:
    """A service-linked role is of a type of its own: only AWS changes it."""
    path = one.item["Path"]
    if path.startswith(_LINKED):
        kept = ("name", "arn", "path", "unique_id", "tags", "tags_all")
        one.values = {name: one.values[name] for name in kept if name in one.values}
        one.type, one.parts, one.id = "aws_iam_service_linked_role", (), one.item["Arn"]
        one.values["id"] = one.id
        one.values["aws_service_name"] = path.removeprefix(_LINKED).strip("/")
        one.values["custom_suffix"] = one.item["RoleName"].partition("_")[2]
