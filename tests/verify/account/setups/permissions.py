"""Who may call a function; the functions are those of `listed.py`."""

from __future__ import annotations

from typing import Any

Boto = Any  # boto3 knows services only as literals


def make(session: Boto) -> None:
    functions = session.client("lambda")
    for name, more in (
        ("api", {"SourceArn": "arn:aws:execute-api:us-west-2:123456789012:a1b2c3/v1/GET/orders"}),
        ("anybody", {}),
    ):
        functions.add_permission(
            FunctionName="full",
            StatementId=name,
            Action="lambda:InvokeFunction",
            Principal="apigateway.amazonaws.com",
            **more,
        )
