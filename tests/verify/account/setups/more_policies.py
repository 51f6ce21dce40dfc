"""Event buses, streams, domains and access points: one with a policy and tags, and one without."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

Boto = Any  # boto3 knows services only as literals

ROOT = {"AWS": "arn:aws:iam::123456789012:root"}
OWNER = {"Owner": "security"}


def make(session: Boto) -> None:
    for one in (_events, _kinesis, _firehose, _opensearch, _s3control, _registry, _rds):
        one(session)


def policy(action: str, resource: str, **more: str) -> str:
    statement = {"Effect": "Allow", "Principal": ROOT, "Action": action, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [{**statement, **more}]})


def _pairs(name: str) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in OWNER.items() if name == "full"]


def _events(session: Boto) -> None:
    events = session.client("events")
    for name in ("full", "bare"):
        made = events.create_event_bus(Name=name, Tags=_pairs(name))
        if name == "full":
            text = policy("events:PutEvents", made["EventBusArn"], Sid="Own")
            events.put_permission(EventBusName=name, Policy=text)


def _kinesis(session: Boto) -> None:
    kinesis = session.client("kinesis")
    for name in ("full", "bare"):
        kinesis.create_stream(StreamName=name, ShardCount=1)
    kinesis.add_tags_to_stream(StreamName="full", Tags=OWNER)
    arn = kinesis.describe_stream_summary(StreamName="full")["StreamDescriptionSummary"][
        "StreamARN"
    ]
    kinesis.put_resource_policy(ResourceARN=arn, Policy=policy("kinesis:PutRecord", arn))


def _firehose(session: Boto) -> None:
    session.client("s3").create_bucket(
        Bucket="delivered", CreateBucketConfiguration={"LocationConstraint": session.region_name}
    )
    encrypted = {
        "KeyType": "CUSTOMER_MANAGED_CMK",
        "KeyARN": session.client("kms").create_key()["KeyMetadata"]["Arn"],
    }
    for name in ("full", "bare"):
        session.client("firehose").create_delivery_stream(
            DeliveryStreamName=name,
            DeliveryStreamType="DirectPut",
            ExtendedS3DestinationConfiguration={
                "RoleARN": "arn:aws:iam::123456789012:role/delivery",
                "BucketARN": "arn:aws:s3:::delivered",
            },
            **({"Tags": _pairs(name)} if name == "full" else {}),
        )
    session.client("firehose").start_delivery_stream_encryption(
        DeliveryStreamName="full", DeliveryStreamEncryptionConfigurationInput=encrypted
    )
    role = "arn:aws:iam::123456789012:role/delivery"
    session.client("firehose").create_delivery_stream(
        DeliveryStreamName="fed",
        DeliveryStreamType="KinesisStreamAsSource",
        KinesisStreamSourceConfiguration={
            "KinesisStreamARN": f"arn:aws:kinesis:{session.region_name}:123456789012:stream/full",
            "RoleARN": role,
        },
        ExtendedS3DestinationConfiguration={
            "RoleARN": role,
            "BucketARN": "arn:aws:s3:::delivered",
        },
    )


def _opensearch(session: Boto) -> None:
    opensearch = session.client("opensearch")
    arn = f"arn:aws:es:{session.region_name}:123456789012:domain/full"
    opensearch.create_domain(
        DomainName="full",
        EngineVersion="OpenSearch_2.17",
        AccessPolicies=policy("es:ESHttpGet", f"{arn}/*"),
        TagList=_pairs("full"),
    )
    opensearch.create_domain(DomainName="bare", EngineVersion="Elasticsearch_7.10")


def _s3control(session: Boto) -> None:
    session.client("s3").create_bucket(
        Bucket="pointed-at", CreateBucketConfiguration={"LocationConstraint": session.region_name}
    )
    control = session.client("s3control")
    account = "123456789012"
    for name in ("full", "bare"):
        control.create_access_point(AccountId=account, Name=name, Bucket="pointed-at")
    arn = f"arn:aws:s3:{session.region_name}:{account}:accesspoint/full"
    control.put_access_point_policy(
        AccountId=account, Name="full", Policy=policy("s3:GetObject", f"{arn}/object/*")
    )


def _registry(session: Boto) -> None:
    arn = f"arn:aws:ecr:{session.region_name}:123456789012:repository/*"
    text = policy("ecr:ReplicateImage", arn, Sid="Replicate")
    session.client("ecr").put_registry_policy(policyText=text)


def _rds(session: Boto) -> None:
    rds = session.client("rds")
    common = {"Engine": "postgres", "MasterUsername": "root", "MasterUserPassword": "long-enough"}
    rds.create_db_instance(
        DBInstanceIdentifier="snapped",
        DBInstanceClass="db.t4g.micro",
        AllocatedStorage=20,
        StorageEncrypted=True,
        **common,
    )
    rds.create_db_snapshot(
        DBInstanceIdentifier="snapped", DBSnapshotIdentifier="full", Tags=_pairs("full")
    )
    rds.create_db_cluster(
        DBClusterIdentifier="snapped-too", **{**common, "Engine": "aurora-postgresql"}
    )
    rds.create_db_cluster_snapshot(
        DBClusterIdentifier="snapped-too",
        DBClusterSnapshotIdentifier="full",
        Tags=_pairs("full"),
    )


def _points(send: Callable[[], dict[str, Any]], _asked: Mapping[str, Any]) -> dict[str, Any]:
    """Moto has them all in one region."""
    found = send()["AccessPointList"]
    points = [
        {**one, "AccessPointArn": one["AccessPointArn"].replace("us-east-1", "us-west-2")}
        for one in found
    ]
    return {"AccessPointList": points}


CORRECTED = {("s3control", "list_access_points"): _points}
