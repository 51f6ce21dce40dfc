"""A log group with key, retention and tags, one without, and a resource policy."""

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
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "route53.amazonaws.com"},
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": f"arn:aws:logs:{session.region_name}:123456789012:log-group:/app/good:*",
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    logs.put_resource_policy(policyName="route53", policyDocument=document)
