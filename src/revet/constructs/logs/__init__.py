"""Amazon CloudWatch Logs."""

from revet.constructs.logs.group import LogGroup

__all__ = ["LogGroup"]
