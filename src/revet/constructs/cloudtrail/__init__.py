"""AWS CloudTrail."""

from revet.constructs.cloudtrail.trail import Trail

__all__ = ["Trail"]
