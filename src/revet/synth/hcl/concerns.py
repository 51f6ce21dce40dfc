"""The concerns that resources are grouped by, and in which order they stand in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from revet.synth.hcl.names import construct_path

OTHER = "Other resources"

CONCERNS: Mapping[str, tuple[str, ...]] = {
    "Organization": ("organizations", "controltower", "ram", "ssoadmin", "identitystore"),
    "Encryption keys": ("kms", "cloudhsm"),
    "Secrets": ("secretsmanager", "ssm_parameter"),
    "Identity and access": ("iam", "rolesanywhere", "accessanalyzer", "cognito"),
    "Network": (
        "vpc", "subnet", "default", "route", "internet_gateway", "nat_gateway", "egress_only",
        "eip", "network", "main_route", "flow_log", "ec2_transit", "ec2_managed_prefix",
        "ec2_network", "customer_gateway", "vpn", "dx", "networkmanager", "networkfirewall",
    ),
    "Security groups": ("security_group", "vpc_security_group"),
    "VPC endpoints": ("vpc_endpoint",),
    "Names and certificates": ("route53", "acm", "acmpca"),
    "Storage": ("s3", "ebs", "efs", "fsx", "glacier", "backup", "dlm", "storagegateway"),
    "Databases": (
        "db", "rds", "dynamodb", "elasticache", "docdb", "neptune", "redshift", "opensearch",
        "elasticsearch", "memorydb", "dax", "timestreamwrite", "keyspaces", "dms",
    ),
    "Compute": (
        "instance", "launch", "ami", "autoscaling", "ecs", "eks", "ecr", "lambda", "batch",
        "key_pair", "spot", "placement_group", "apprunner", "lb", "alb", "elb", "ec2", "emr",
    ),
    "Interfaces": (
        "api_gateway", "apigatewayv2", "appsync", "cloudfront", "waf", "wafregional", "wafv2",
        "shield",
    ),
    "Messages and events": (
        "sns", "sqs", "cloudwatch_event", "scheduler", "pipes", "sfn", "kinesis", "mq", "msk",
        "ses", "sesv2",
    ),
    "Logs": ("cloudwatch_log", "cloudwatch_query"),
    "Alarms": ("cloudwatch", "oam", "xray", "synthetics"),
    "Audit trail": ("cloudtrail",),
    "Configuration and compliance": ("config", "auditmanager"),
    "Threat detection": (
        "guardduty", "securityhub", "inspector", "inspector2", "macie2", "detective",
        "securitylake",
    ),
    "Automation": ("ssm", "codebuild", "codepipeline", "cloudformation", "imagebuilder"),
}  # fmt: skip
"""Heading to the words that names of types begin with, after `aws_`; the longest one counts."""


def grouped(configuration: Mapping[str, Any]) -> Iterator[tuple[str, list[tuple[str, str, Any]]]]:
    """The resources of each concern.

    What a construct made stays together, in the order in which the program made it.

    Args:
        configuration: the synthesized stack.

    Yields:
        Heading, and the type, name and body of each resource.
    """
    order = _order(configuration)
    found: dict[str, list[tuple[tuple[int, int], str, str, str, Any]]] = {}
    for type_name, bodies in configuration.get("resource", {}).items():
        for name, body in bodies.items():
            place = order.get(f"{type_name}.{name}", (len(order), 0))
            row = (place, construct_path(body), type_name, name, body)
            found.setdefault(concern_of(type_name), []).append(row)
    for heading in (*CONCERNS, OTHER):
        if heading in found:
            rows = sorted(found[heading], key=lambda row: row[:4])
            yield heading, [(type_name, name, body) for _, _, type_name, name, body in rows]


def concern_of(type_name: str) -> str:
    """The heading that a type stands below."""
    words = type_name.removeprefix("aws_")
    known = [
        (len(start), heading)
        for heading, starts in CONCERNS.items()
        for start in starts
        if words == start or words.startswith(f"{start}_")
    ]
    return max(known)[1] if known and type_name.startswith("aws_") else OTHER


def _order(configuration: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    """Address to the number of its construct, and its own number in that."""
    records = configuration.get("//", {}).get("revet", {}).get("constructs", ())
    return {
        address: (number, inner)
        for number, record in enumerate(records)
        for inner, address in enumerate(record["resources"])
    }
