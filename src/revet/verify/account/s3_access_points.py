"""S3: access points of buckets, and their policies.

Sources: Amazon S3 API Reference, `ListAccessPoints`, `GetAccessPointPolicy`. A listing is of one
region; what the embedded AWS answers of others is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from revet.model.arn import Arn
from revet.plan.observed import Observed
from revet.verify.api import Api
from revet.verify.parts import part
from revet.verify.readers import TypeReader

_POLICY = "aws_s3control_access_point_policy"


def _points(api: Api, region: str) -> Iterator[tuple[str, Any]]:
    """The id and what is said of each, of all pages; botocore does not page this operation."""
    ask = api.about("s3control", region, AccountId=api.account)
    said = ask("list_access_points")
    found = list(said["AccessPointList"])
    while said.get("NextToken"):
        said = ask("list_access_points", NextToken=said["NextToken"])
        found += said["AccessPointList"]
    for item in found:
        if Arn.parse(item["AccessPointArn"]).region == region:
            yield f"{api.account}:{item['Name']}", item


def _point(api: Api, region: str, found: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
    """The `id` is `ACCOUNT:NAME`; the policy's is the same."""
    own, item = found
    name = item["Name"]
    arn = item["AccessPointArn"]
    vpc = item.get("VpcConfiguration", {}).get("VpcId")
    values = {
        "id": own,
        "arn": arn,
        "name": name,
        "account_id": api.account,
        "alias": item.get("Alias", ""),
        "bucket": item["Bucket"],
        "bucket_account_id": item.get("BucketAccountId", api.account),
        "network_origin": item.get("NetworkOrigin"),
        "vpc_configuration": [{"vpc_id": vpc}] if vpc else [],
        "policy": "",
    }
    yield Observed("aws_s3_access_point", own, values, region)
    ask = api.about("s3control", region, AccountId=api.account, Name=name)

    def policy() -> dict[str, Any] | None:
        said = ask("get_access_point_policy", absent=("NoSuchAccessPointPolicy",))
        return {"policy": said["Policy"]} if said.get("Policy") else None

    yield from part(_POLICY, own, {"access_point_arn": arn}, region, policy)


ACCESS_POINTS = TypeReader(
    type="aws_s3_access_point",
    service="s3control",
    actions=("s3:ListAccessPoints", "s3:GetAccessPointPolicy"),
    items=_points,
    identity=lambda found: str(found[0]),
    read=_point,
    parts=(_POLICY,),
    each=True,
)
