"""Amazon SQS."""

from revet.constructs.sqs.queue import Queue

__all__ = ["Queue"]
