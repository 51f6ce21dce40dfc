"""A log group with key, retention, tags and an archive, one without, and a resource policy."""

from __future__ import annotations

import json
from typing import Any

Boto = Any  # boto3 knows services only as literals


def make(session: Boto) -> None:
    logs = session.client("logs")
    key = session.client("kms").create_key()["KeyMetadata"]["Arn"]
    logs.create_log_group(logGroupName="/app/good", kmsKeyId=key, tags={"Owner": "security"})
    logs.put_retention_policy(logGroupName="/app/good", retentionInDays=90)
    logs.create_log_group(logGroupName="/app/bare")
    _archive(session)
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "route53.amazonaws.com"},
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": f"arn:aws:logs:{session.region_name}:123456789012:log-group:/app/good:*",
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    logs.put_resource_policy(policyName="route53", policyDocument=document)


def _archive(session: Boto) -> None:
    session.client("s3").create_bucket(
        Bucket="archived", CreateBucketConfiguration={"LocationConstraint": session.region_name}
    )
    delivery = session.client("firehose").create_delivery_stream(
        DeliveryStreamName="archive",
        DeliveryStreamType="DirectPut",
        ExtendedS3DestinationConfiguration={
            "RoleARN": "arn:aws:iam::123456789012:role/delivery",
            "BucketARN": "arn:aws:s3:::archived",
            "Prefix": "logs/",
        },
    )
    for name, pattern in (("all", ""), ("critical", "?ERROR ?CRITICAL")):
        session.client("logs").put_subscription_filter(
            logGroupName="/app/good",
            filterName=name,
            filterPattern=pattern,
            destinationArn=delivery["DeliveryStreamARN"],
            roleArn="arn:aws:iam::123456789012:role/logs",
        )
