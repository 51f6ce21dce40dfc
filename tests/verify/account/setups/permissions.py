"""Who may call a function, and from which pages; the functions are those of `listed.py`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.awslambda.models import lambda_backends

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
    functions.create_function_url_config(
        FunctionName="full", AuthType="AWS_IAM", Cors={"AllowOrigins": ["*"]}
    )


def _urls(_send: Callable[[], dict[str, Any]], parameters: dict[str, Any]) -> dict[str, Any]:
    """Moto does not list them."""
    backend = lambda_backends["123456789012"]["us-west-2"]
    found = backend.get_function(parameters["FunctionName"]).url_config
    return {"FunctionUrlConfigs": [found.to_dict()] if found else []}


CORRECTED = {("lambda", "list_function_url_configs"): _urls}
