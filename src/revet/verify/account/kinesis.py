"""Kinesis: data streams and their policies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from revet.plan.observed import Observed
from revet.verify.api import Api, Parts
from revet.verify.listing import arn_in
from revet.verify.parts import part, tagged
from revet.verify.readers import TypeReader

_POLICY = "aws_kinesis_resource_policy"


def _streams(api: Api, region: str) -> Iterator[tuple[str, str]]:
    """ARN and name of each."""
    for name in api.call("kinesis", "list_streams", region)["StreamNames"]:
        yield arn_in(api, region, "kinesis", f"stream/{name}"), name


def _stream(api: Api, region: str, item: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
    """The `id` is the ARN. Without a policy AWS answers an empty one.

    Source: Kinesis API Reference, `DescribeStreamSummary` and `GetResourcePolicy`.
    """
    arn, name = item
    parts, ask = Parts(), api.about("kinesis", region)
    names = ("encryption_type", "kms_key_id", "retention_period", "shard_count")
    answer = parts.answer(lambda: ask("describe_stream_summary", StreamName=name), *names)
    said = answer.get("StreamDescriptionSummary", {})
    tags = parts.answer(lambda: {"Tags": _tags(api, region, name)}, "tags", "tags_all")
    if parts.gone:
        return
    values = {
        "id": arn,
        "arn": arn,
        "name": name,
        "encryption_type": said.get("EncryptionType", "NONE"),
        "kms_key_id": said.get("KeyId", ""),
        "retention_period": parts.need(said, "RetentionPeriodHours", "retention_period"),
        "shard_count": said.get("OpenShardCount"),
        **tagged(tags.get("Tags")),
    }
    yield Observed("aws_kinesis_stream", arn, values, region, unknown=parts.unknown)

    def policy() -> dict[str, Any] | None:
        text = ask("get_resource_policy", ResourceARN=arn).get("Policy", "")
        return {"policy": text} if text.strip("{} \n") else None

    yield from part(_POLICY, arn, {"resource_arn": arn}, region, policy)


def _tags(api: Api, region: str, name: str) -> list[dict[str, str]]:
    """The tags on all pages; botocore does not page this operation."""
    ask = api.about("kinesis", region, StreamName=name)
    said = ask("list_tags_for_stream")
    found = list(said["Tags"])
    while said.get("HasMoreTags"):
        said = ask("list_tags_for_stream", ExclusiveStartTagKey=found[-1]["Key"])
        found += said["Tags"]
    return found


STREAMS = TypeReader(
    type="aws_kinesis_stream",
    service="kinesis",
    actions=(
        "kinesis:ListStreams",
        "kinesis:DescribeStreamSummary",
        "kinesis:ListTagsForStream",
        "kinesis:GetResourcePolicy",
    ),
    items=_streams,
    identity=lambda item: str(item[0]),
    read=_stream,
    parts=(_POLICY,),
    each=True,
)
