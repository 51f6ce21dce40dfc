"""What services do differently from the general rules, as data: one record a service."""

from revet.iam.evaluate.services.iam import IAM
from revet.iam.evaluate.services.kms import KMS
from revet.iam.evaluate.services.rules import OTHERS, ServiceRules
from revet.iam.evaluate.services.s3 import S3
from revet.iam.evaluate.services.sts import STS

__all__ = ["OTHERS", "SERVICES", "ServiceRules"]

SERVICES: dict[str, ServiceRules] = {rules.prefix: rules for rules in (IAM, KMS, S3, STS)}
"""The services with rules of their own, by their prefix."""
