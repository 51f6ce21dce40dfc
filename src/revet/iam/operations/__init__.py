"""What a caller must be allowed for an API call: one table, by service and operation.

Pure: from an operation and its parameters, account, region and partition to actions, resources and
condition keys. Whoever runs calls and whoever reads recorded ones shares it. What is not in the
table is not known, and never taken for needing nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from revet.iam.operations import (
    dynamodb,
    firehose,
    kms,
    lambda_,
    logs,
    s3,
    secretsmanager,
    sns,
    sqs,
    sts,
)
from revet.iam.operations.needs import (
    UNKNOWN,
    Asked,
    Deployed,
    KeyUse,
    Need,
    Needs,
    NothingKnown,
    Place,
    Row,
)

__all__ = [
    "ROWS",
    "UNKNOWN",
    "Deployed",
    "KeyUse",
    "Need",
    "Needs",
    "NothingKnown",
    "Place",
    "needs_of",
]

ROWS: Mapping[str, Mapping[str, Row]] = {
    "dynamodb": dynamodb.ROWS,
    "dynamodbstreams": dynamodb.STREAM_ROWS,
    "firehose": firehose.ROWS,
    "kms": kms.ROWS,
    "lambda": lambda_.ROWS,
    "logs": logs.ROWS,
    "s3": s3.ROWS,
    "secretsmanager": secretsmanager.ROWS,
    "sns": sns.ROWS,
    "sqs": sqs.ROWS,
    "sts": sts.ROWS,
}
"""By botocore's name of the service, then by operation."""


def needs_of(
    service: str,
    operation: str,
    parameters: Mapping[str, Any],
    place: Place,
    deployed: Deployed | None = None,
) -> Needs | None:
    """What a call needs.

    Args:
        service: botocore's name of it.
        operation: for example `PutObject`.
        parameters: of the operation, in botocore's terms.
        place: account of the caller, region and partition of the call.
        deployed: what the deployed world knows; none for nothing.

    Returns:
        None when it is not known: an operation that has no row, or parameters that its row does not
        understand.
    """
    row = ROWS.get(service, {}).get(operation)
    if row is None:
        return None
    try:
        return row(Asked(operation, parameters, place, deployed or NothingKnown()))
    except (AttributeError, KeyError, TypeError, ValueError):
        return None  # parameters of another form than the operation's
