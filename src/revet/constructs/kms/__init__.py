"""AWS Key Management Service."""

from revet.constructs.kms.key import Key
from revet.constructs.kms.service_access import (
    KeyAccess,
    api_gateway_execution_logs,
    cloudtrail,
    cloudwatch_alarms,
    cloudwatch_logs,
    config,
    roles,
)

__all__ = [
    "Key",
    "KeyAccess",
    "api_gateway_execution_logs",
    "cloudtrail",
    "cloudwatch_alarms",
    "cloudwatch_logs",
    "config",
    "roles",
]
