"""A way for log events: a group, a delivery stream, a bucket with its key, and a topic."""

from __future__ import annotations

import gzip
import json
import time
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from revet.embedded import Daemon

Client = Callable[..., Any]
ACCOUNT = "123456789012"


def trust(service: str) -> str:
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": service},
                    "Action": "sts:AssumeRole",
                    "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
                }
            ],
        }
    )


def allow(*statements: tuple[str | list[str], str], **more: str) -> str:
    """A policy that allows (action, resource) each; `deny="s3:PutObject"` denies besides."""
    listed = [
        {"Effect": "Allow", "Action": action, "Resource": resource}
        for action, resource in statements
    ]
    listed += [{"Effect": "Deny", "Action": action, "Resource": "*"} for action in more.values()]
    return json.dumps({"Version": "2012-10-17", "Statement": listed})


class Way:
    """Names and ways of one test.

    Args:
        daemon: that serves.
        client: makes clients.
        name: of everything.
    """

    def __init__(self, daemon: Daemon, client: Client, name: str) -> None:
        self.daemon = daemon
        self.client = client
        self.name = name
        self.bucket = f"{name}-archive"
        self.group = f"/app/{name}"
        self.stream_arn = f"arn:aws:firehose:us-east-1:{ACCOUNT}:deliverystream/{name}"
        self.key = ""

    def role(self, name: str, service: str, policy: str) -> str:
        """Make a role, or give one another policy."""
        iam = self.client("iam")
        full = f"{self.name}-{name}"
        try:
            made = iam.create_role(RoleName=full, AssumeRolePolicyDocument=trust(service))
        except iam.exceptions.EntityAlreadyExistsException:
            made = iam.get_role(RoleName=full)
        iam.put_role_policy(RoleName=full, PolicyName="only", PolicyDocument=policy)
        return str(made["Role"]["Arn"])

    def make(self, **destination: Any) -> None:  # noqa: ANN401 - of CreateDeliveryStream
        """Bucket with a customer's key, stream into it, group, filter of all events."""
        self.key = self.client("kms").create_key()["KeyMetadata"]["Arn"]
        self.client("s3").create_bucket(Bucket=self.bucket)
        self.client("logs").create_log_group(logGroupName=self.group)
        self.client("logs").create_log_stream(logGroupName=self.group, logStreamName="one")
        self.client("firehose").create_delivery_stream(
            DeliveryStreamName=self.name,
            ExtendedS3DestinationConfiguration={
                "RoleARN": self.delivery_role(),
                "BucketARN": f"arn:aws:s3:::{self.bucket}",
                "Prefix": "logs/!{timestamp:yyyy/MM/dd}/",
                "ErrorOutputPrefix": "failed/!{firehose:error-output-type}/",
                "CompressionFormat": "GZIP",
                "EncryptionConfiguration": {"KMSEncryptionConfig": {"AWSKMSKeyARN": self.key}},
                "ProcessingConfiguration": {
                    "Enabled": True,
                    "Processors": [{"Type": "Decompression"}],
                },
                **destination,
            },
        )

    def delivery_role(self, **more: str) -> str:
        statements = [
            ("s3:PutObject", f"arn:aws:s3:::{self.bucket}/*"),
            ("kms:GenerateDataKey", self.key or "*"),
            ("logs:PutLogEvents", "*"),
        ]
        kept: list[tuple[str | list[str], str]] = [
            one for one in statements if one[0] != more.get("without")
        ]
        return self.role("delivery", "firehose.amazonaws.com", allow(*kept))

    def subscribe(self, pattern: str = "") -> None:
        put = allow(("firehose:PutRecord*", self.stream_arn))
        self.client("logs").put_subscription_filter(
            logGroupName=self.group,
            filterName="to-archive",
            filterPattern=pattern,
            destinationArn=self.stream_arn,
            roleArn=self.role("logs", "logs.amazonaws.com", put),
        )

    def put(self, *messages: str) -> None:
        now = int(time.time() * 1000)
        self.client("logs").put_log_events(
            logGroupName=self.group,
            logStreamName="one",
            logEvents=[{"timestamp": now, "message": message} for message in messages],
        )

    def objects(self, prefix: str = "") -> dict[str, bytes]:
        s3 = self.client("s3")
        found = s3.list_objects_v2(Bucket=self.bucket, Prefix=prefix).get("Contents", [])
        return {
            one["Key"]: s3.get_object(Bucket=self.bucket, Key=one["Key"])["Body"].read()
            for one in found
        }

    def archived(self) -> list[str]:
        """The messages that are in the bucket."""
        decoder, messages = json.JSONDecoder(), []
        for body in self.objects("logs/").values():
            text = gzip.decompress(body).decode()
            while text:
                data, end = decoder.raw_decode(text)
                messages += [event["message"] for event in data["logEvents"]]
                text = text[end:]
        return messages


@pytest.fixture
def way(request: pytest.FixtureRequest, daemon: Daemon, client: Client) -> Way:
    return Way(daemon, client, f"way-{zlib.crc32(request.node.name.encode()):x}")
