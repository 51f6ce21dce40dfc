"""AWS STS.

Sources: Service Authorization Reference, "AWS Security Token Service"; IAM User Guide, "Pass
session tags in AWS STS" and "Monitor and control actions taken with assumed roles". The condition
keys of those who assume are the ones of "IAM and AWS STS condition context keys".
"""

from __future__ import annotations

from collections.abc import Mapping

from revet.iam.operations.needs import Asked, Need, Needs, Row, Value, without_resource


def _assume_role(asked: Asked) -> Needs:
    tags = {
        str(tag["Key"]): str(tag.get("Value", "")) for tag in asked.parameters.get("Tags") or ()
    }
    keys: dict[str, Value] = {
        key: asked.text(member)
        for key, member in (
            ("sts:RoleSessionName", "RoleSessionName"),
            ("sts:ExternalId", "ExternalId"),
            ("sts:SourceIdentity", "SourceIdentity"),
        )
        if asked.text(member)
    }
    if tags:
        keys |= {f"aws:RequestTag/{key}": value for key, value in tags.items()}
        keys["aws:TagKeys"] = tuple(tags)
    transitive = tuple(map(str, asked.parameters.get("TransitiveTagKeys") or ()))
    if transitive:
        keys["sts:TransitiveTagKeys"] = transitive
    actions = ["AssumeRole"]
    actions += ["TagSession"] if tags or transitive else []
    actions += ["SetSourceIdentity"] if asked.text("SourceIdentity") else []
    role = asked.text("RoleArn")
    return Needs(tuple(Need(f"sts:{action}", role, keys) for action in actions))


ROWS: Mapping[str, Row] = {
    "AssumeRole": _assume_role,
    "GetCallerIdentity": without_resource("sts"),
    "GetAccessKeyInfo": without_resource("sts"),
}
