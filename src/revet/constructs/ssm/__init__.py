"""AWS Systems Manager."""

from revet.constructs.ssm.automation import ApiCall, Automation

__all__ = ["ApiCall", "Automation"]
