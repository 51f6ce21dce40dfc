"""EFS: file systems and their policies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from revet.plan.observed import Observed
from revet.verify.api import Api, Ask, Parts
from revet.verify.parts import part, tagged
from revet.verify.readers import TypeReader

_POLICY = "aws_efs_file_system_policy"


def _file_systems(api: Api, region: str) -> Any:  # noqa: ANN401 - JSON
    return api.call("efs", "describe_file_systems", region)["FileSystems"]


def _file_system(api: Api, region: str, item: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
    """The listing answers everything but the policy.

    Source: EFS API Reference, `FileSystemDescription` and `DescribeFileSystemPolicy`.
    """
    id_, parts = item["FileSystemId"], Parts()
    values = {
        "id": id_,
        "arn": parts.need(item, "FileSystemArn", "arn"),
        "name": item.get("Name", ""),
        "creation_token": item.get("CreationToken", ""),
        "owner_id": item.get("OwnerId", ""),
        "encrypted": parts.need(item, "Encrypted", "encrypted"),
        "kms_key_id": item.get("KmsKeyId", ""),
        **tagged(parts.need(item, "Tags", "tags", "tags_all")),
    }
    yield Observed("aws_efs_file_system", id_, values, region, unknown=parts.unknown)
    ask = api.about("efs", region, FileSystemId=id_)
    yield from part(_POLICY, id_, {"file_system_id": id_}, region, lambda: _policy(ask))


def _policy(ask: Ask) -> dict[str, Any] | None:
    found = ask("describe_file_system_policy", absent=("PolicyNotFound",))
    return {"policy": found["Policy"]} if found else None


FILE_SYSTEMS = TypeReader(
    type="aws_efs_file_system",
    service="efs",
    actions=(
        "elasticfilesystem:DescribeFileSystems",
        "elasticfilesystem:DescribeFileSystemPolicy",
    ),
    items=_file_systems,
    identity=lambda item: str(item["FileSystemId"]),
    read=_file_system,
    parts=(_POLICY,),
    each=True,
)
