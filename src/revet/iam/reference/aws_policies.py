"""What is known of the managed policies that AWS makes, by their ARNs.

Their documents are AWS's to change. Known are those of `AdministratorAccess`, which has never
changed, and of `IAMFullAccess` and `PowerUserAccess`, in AWS's own partition; of the others only
that they exist, and that none of them allows everything on everything. Source: AWS Managed Policy
Reference Guide.
"""

from __future__ import annotations

import json
import re
from functools import cache

from revet.iam.document import PolicyDocument, parse_policy
from revet.iam.reference.frozen import frozen

_ARN = re.compile(r"arn:(aws[a-z-]*):iam::aws:policy/(.+)")
_FILE = "aws_managed_policies"
_ADMINISTRATOR = "AdministratorAccess"


def is_aws_policy(arn: str) -> bool:
    """Whether an ARN is that of a managed policy that AWS makes."""
    return _ARN.fullmatch(arn) is not None


def aws_policy(arn: str) -> PolicyDocument | None:
    """The document of one of AWS's policies.

    Args:
        arn: `arn:aws:iam::aws:policy/AdministratorAccess`, of any partition.

    Returns:
        `None` where it is not known, and for every other ARN.
    """
    found = _ARN.fullmatch(arn)
    if found is None or (found[1] != "aws" and found[2] != _ADMINISTRATOR):
        return None
    return _documents().get(found[2])


def is_known_aws_policy(arn: str) -> bool:
    """Whether one of AWS's policies was there when the data were written.

    Of those whose document `aws_policy` does not have, none allows everything on everything.
    """
    found = _ARN.fullmatch(arn)
    return found is not None and (found[2] in _names() or found[2] in _documents())


@cache
def _documents() -> dict[str, PolicyDocument]:
    held = frozen(_FILE)["documents"].items()
    return {name: parse_policy(json.dumps(document)) for name, document in held}


@cache
def _names() -> frozenset[str]:
    return frozenset(frozen(_FILE)["names"])
