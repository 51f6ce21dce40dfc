"""`AdministratorAccess` in the account of a test, which has none of AWS's policies otherwise."""

from __future__ import annotations

import json

from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, iam_backends

NAME = "AdministratorAccess"
ARN = f"arn:aws:iam::aws:policy/{NAME}"


def make(account: str) -> None:
    data = json.loads(aws_managed_policies_data)[NAME]
    policy = AWSManagedPolicy.from_data(NAME, account, "aws", data)
    iam_backends[account]["aws"].managed_policies[ARN] = policy
