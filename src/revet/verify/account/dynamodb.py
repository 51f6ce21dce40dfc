"""DynamoDB: tables and their policies, never an item."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from revet.plan.observed import Observed
from revet.verify.api import Api, Parts
from revet.verify.parts import part, tagged
from revet.verify.readers import TypeReader

_POLICY = "aws_dynamodb_resource_policy"


def _tables(api: Api, region: str) -> Any:  # noqa: ANN401 - JSON
    return api.call("dynamodb", "list_tables", region)["TableNames"]


def _table(api: Api, region: str, name: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
    """The `id` is the name; that of a policy is the ARN of what it governs.

    Without `SSEDescription` DynamoDB encrypts with a key of its own. Source: DynamoDB API
    Reference, `TableDescription` and `GetResourcePolicy`.
    """
    parts = Parts()
    said = api.call("dynamodb", "describe_table", region, TableName=name)["Table"]
    arn = said["TableArn"]
    ask = api.about("dynamodb", region, ResourceArn=arn)
    tags = parts.answer(lambda: ask("list_tags_of_resource"), "tags", "tags_all")
    if parts.gone:
        return
    encryption = said.get("SSEDescription")
    values = {
        "id": name,
        "arn": arn,
        "name": name,
        "deletion_protection_enabled": said.get("DeletionProtectionEnabled", False),
        "server_side_encryption": [_encryption(encryption)] if encryption else [],
        **tagged(tags.get("Tags")),
    }
    yield Observed("aws_dynamodb_table", name, values, region, unknown=parts.unknown)

    def policy() -> dict[str, Any] | None:
        found = ask("get_resource_policy", absent=("PolicyNotFoundException",))
        return {"policy": found["Policy"]} if found else None

    yield from part(_POLICY, arn, {"resource_arn": arn}, region, policy)


def _encryption(said: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "enabled": said["Status"] == "ENABLED",
        "kms_key_arn": said.get("KMSMasterKeyArn", ""),
    }


TABLES = TypeReader(
    type="aws_dynamodb_table",
    service="dynamodb",
    actions=(
        "dynamodb:ListTables",
        "dynamodb:DescribeTable",
        "dynamodb:ListTagsOfResource",
        "dynamodb:GetResourcePolicy",
    ),
    items=_tables,
    identity=str,
    read=_table,
    parts=(_POLICY,),
    each=True,
)
