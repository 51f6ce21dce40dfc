"""Identity policies of 20 statements, every one different, from the services' own actions."""

from __future__ import annotations

import json
import random
from typing import Any

from revet.iam.reference.services import service

SERVICES = ("s3", "sqs", "sns", "dynamodb", "kms", "lambda", "ec2", "logs", "secretsmanager", "iam")
STATEMENTS = 20
ACCOUNT = "111122223333"


def policies(count: int, seed: int = 20) -> list[str]:
    """Policies as text.

    Args:
        count: how many.
        seed: of the random choices; the same seed gives the same policies.
    """
    chance = random.Random(seed)  # noqa: S311 - a benchmark's choices
    return [json.dumps(_policy(chance), indent=2) for _ in range(count)]


def _policy(chance: random.Random) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [_statement(chance, number) for number in range(STATEMENTS)],
    }


def _statement(chance: random.Random, number: int) -> dict[str, Any]:
    prefix = chance.choice(SERVICES)
    found = service(prefix)
    if found is None:
        raise LookupError(prefix)
    actions = [
        f"{prefix}:{action.name}" for action in chance.sample(list(found.actions.values()), 4)
    ]
    name = f"{prefix}-{chance.randrange(10**6):06d}"
    resource = {
        "s3": f"arn:aws:s3:::{name}/*",
        "iam": f"arn:aws:iam::{ACCOUNT}:role/app/{name}",
        "kms": f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/{name}",
        "dynamodb": f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/{name}",
        "lambda": f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:{name}",
        "ec2": f"arn:aws:ec2:eu-west-1:{ACCOUNT}:instance/{name}",
        "logs": f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:{name}:*",
        "secretsmanager": f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:{name}",
    }.get(prefix, f"arn:aws:{prefix}:eu-west-1:{ACCOUNT}:{name}")
    statement: dict[str, Any] = {
        "Sid": f"Statement{number}",
        "Effect": "Allow",
        "Action": actions,
        "Resource": [resource],
    }
    if number % 2:
        statement["Condition"] = {
            "StringEquals": {"aws:ResourceAccount": ACCOUNT},
            "ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/{name}-*"},
            "NumericLessThan": {"aws:MultiFactorAuthAge": "3600"},
        }
    return statement
