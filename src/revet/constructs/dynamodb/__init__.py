"""Amazon DynamoDB."""

from revet.constructs.dynamodb.table import Index, Table

__all__ = ["Index", "Table"]
