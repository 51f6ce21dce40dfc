"""Validation of policies: AWS's findings at AWS's extent, and ours under our own prefix.

`validate_policy` answers as IAM Access Analyzer's ValidatePolicy does: codes, levels, paths, spans.
Each code is a function under `codes/`, a file a family; ours begin with `REVET_`.
"""

from revet.iam.policy_type import PolicyType
from revet.iam.validate.finding import Level, Location, PolicyFinding
from revet.iam.validate.run import validate_policy

__all__ = ["Level", "Location", "PolicyFinding", "PolicyType", "validate_policy"]
