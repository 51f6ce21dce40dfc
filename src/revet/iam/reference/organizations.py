"""Which services resource control policies reach.

Source: AWS Organizations User Guide, "Resource control policies (RCPs)", "List of AWS services
that support RCPs", as of 2026-09-26. That guide's page has the newest list; new services are added
several times a year.
"""

from __future__ import annotations

RCP_SERVICES = frozenset(
    (
        "aoss", "appconfig", "appstream", "autoscaling", "autoscaling-plans", "budgets",
        "clouddirectory", "cloudfront", "cloudsearch", "cloudtrail-data", "codeartifact",
        "codebuild", "codecommit", "codepipeline", "cognito-identity", "cognito-idp",
        "comprehend", "comprehendmedical", "compute-optimizer", "cost-optimization-hub", "dax",
        "dsql", "dynamodb", "ecr", "ecr-public", "events", "firehose", "fis", "fms", "gamelift",
        "health", "inspector-scan", "kendra", "kinesisvideo", "kms", "logs", "memorydb",
        "networkmonitor", "notifications", "opensearch", "pca-connector-ad", "personalize",
        "polly", "pricing", "resource-groups", "rolesanywhere", "s3", "secretsmanager",
        "servicediscovery", "signin", "sqs", "sts", "support", "swf", "textract",
        "timestream-influxdb", "transcribe", "transfer", "translate", "wafv2", "workspaces",
        "xray",
    )
)  # fmt: skip
"""Prefixes of the services whose actions RCPs apply to."""
