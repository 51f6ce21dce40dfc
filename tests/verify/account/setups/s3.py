"""A bucket with every setting, and one with none."""

from __future__ import annotations

import json
from typing import Any

Boto = Any  # boto3 knows services only as literals


def make(session: Boto) -> None:
    key = session.client("kms").create_key()["KeyMetadata"]["Arn"]
    s3 = session.client("s3")
    where = {"LocationConstraint": session.region_name}
    for name in ("full", "empty"):
        s3.create_bucket(Bucket=name + "-bucket", CreateBucketConfiguration=where)
    bucket = "full-bucket"
    s3.put_bucket_tagging(
        Bucket=bucket, Tagging={"TagSet": [{"Key": "Owner", "Value": "security"}]}
    )
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    rule = {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})
    switches = (
        "BlockPublicAcls",
        "BlockPublicPolicy",
        "IgnorePublicAcls",
        "RestrictPublicBuckets",
    )
    s3.put_public_access_block(
        Bucket=bucket, PublicAccessBlockConfiguration=dict.fromkeys(switches, True)
    )
    s3.put_bucket_lifecycle_configuration(
        Bucket=bucket,
        LifecycleConfiguration={
            "Rules": [
                {
                    "ID": "incomplete-uploads",
                    "Status": "Enabled",
                    "Filter": {},
                    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
                }
            ]
        },
    )
    s3.put_bucket_ownership_controls(
        Bucket=bucket, OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]}
    )
    s3.put_bucket_policy(Bucket=bucket, Policy=tls_only(bucket))
    s3.put_bucket_acl(Bucket="empty-bucket", ACL="log-delivery-write")
    s3.put_bucket_logging(
        Bucket=bucket,
        BucketLoggingStatus={
            "LoggingEnabled": {"TargetBucket": "empty-bucket", "TargetPrefix": "log/"}
        },
    )
    function = f"arn:aws:lambda:{session.region_name}:123456789012:function:orders"
    told = {"Id": "made", "LambdaFunctionArn": function, "Events": ["s3:ObjectCreated:*"]}
    s3.put_bucket_notification_configuration(
        Bucket=bucket,
        NotificationConfiguration={"LambdaFunctionConfigurations": [told]},
        SkipDestinationValidation=True,
    )


def tls_only(bucket: str) -> str:
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "TlsOnly",
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "s3:*",
                    "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
                    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                }
            ],
        }
    )
