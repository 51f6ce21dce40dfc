"""revet: from requirements to evidence for AWS security configuration, without an AWS account."""

__version__ = "0.1.0"
