"""AWS Key Management Service."""

from revet.constructs.kms.key import Key
from revet.constructs.kms.service_access import (
    KeyAccess,
    cloudtrail,
    cloudwatch_alarms,
    cloudwatch_logs,
    config,
)

__all__ = [
    "Key",
    "KeyAccess",
    "cloudtrail",
    "cloudwatch_alarms",
    "cloudwatch_logs",
    "config",
]
