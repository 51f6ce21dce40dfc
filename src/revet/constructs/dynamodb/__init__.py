"""Amazon DynamoDB."""

from revet.constructs.dynamodb.table import Table

__all__ = ["Table"]
