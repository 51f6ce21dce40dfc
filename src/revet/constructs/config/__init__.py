"""AWS Config."""

from revet.constructs.config.recorder import Recorder
from revet.constructs.config.remediation import Remediation
from revet.constructs.config.rule import ManagedRule

__all__ = ["ManagedRule", "Recorder", "Remediation"]
