"""RDS: parameter groups of databases and of clusters, with their tags.

Those whose name begins with `default.` are AWS's own, and nobody can make one. Source: RDS API
Reference, `CreateDBParameterGroup`, `DBParameterGroup`, `DBClusterParameterGroup`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from revet.plan.observed import Observed
from revet.verify.api import Api, Parts
from revet.verify.listing import listing
from revet.verify.parts import tagged
from revet.verify.readers import TypeReader

_OF_AWS = "default."


def _group(kind: str, word: str) -> Callable[[Api, str, Any], Iterator[Observed]]:
    def read(api: Api, region: str, item: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
        name, arn, parts = item[f"{word}Name"], item[f"{word}Arn"], Parts()
        said = parts.answer(
            lambda: api.call("rds", "list_tags_for_resource", region, ResourceName=arn),
            "tags",
            "tags_all",
        )
        if parts.gone:
            return
        values = {
            "id": name,
            "arn": arn,
            "name": name,
            "name_prefix": "",
            "family": item.get("DBParameterGroupFamily"),
            "description": item.get("Description"),
            **tagged(said.get("TagList")),
        }
        made = "aws" if name.startswith(_OF_AWS) else ""
        yield Observed(kind, name, values, region, unknown=parts.unknown, made_by=made)

    return read


PARAMETER_GROUPS = TypeReader(
    type="aws_db_parameter_group",
    service="rds",
    actions=("rds:DescribeDBParameterGroups", "rds:ListTagsForResource"),
    items=listing("rds", "describe_db_parameter_groups", "DBParameterGroups"),
    identity=lambda item: str(item["DBParameterGroupName"]),
    read=_group("aws_db_parameter_group", "DBParameterGroup"),
    each=True,
)
CLUSTER_PARAMETER_GROUPS = TypeReader(
    type="aws_rds_cluster_parameter_group",
    service="rds",
    actions=("rds:DescribeDBClusterParameterGroups", "rds:ListTagsForResource"),
    items=listing("rds", "describe_db_cluster_parameter_groups", "DBClusterParameterGroups"),
    identity=lambda item: str(item["DBClusterParameterGroupName"]),
    read=_group("aws_rds_cluster_parameter_group", "DBClusterParameterGroup"),
    each=True,
)
