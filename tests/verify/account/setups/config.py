"""A delivery channel; there is one a region at most."""

from __future__ import annotations

from typing import Any

Boto = Any  # boto3 knows services only as literals


def make(session: Boto) -> None:
    config = session.client("config")
    role = "arn:aws:iam::123456789012:role/config"
    config.put_configuration_recorder(ConfigurationRecorder={"name": "default", "roleARN": role})
    where = {"LocationConstraint": session.region_name}
    session.client("s3").create_bucket(Bucket="config-bucket", CreateBucketConfiguration=where)
    config.put_delivery_channel(
        DeliveryChannel={"name": "default", "s3BucketName": "config-bucket"}
    )
