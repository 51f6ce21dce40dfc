"""What readers share: listings that one call answers, ARNs that AWS does not answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from revet.model.arn import partition_of
from revet.verify.api import Api


def listing(
    service: str,
    operation: str,
    member: str,
    **parameters: Any,  # noqa: ANN401 - whatever the operation takes
) -> Callable[[Api, str], Any]:
    """The `items` of a reader that lists with one call.

    Args:
        service: boto3's name of the service.
        operation: boto3's name of the operation.
        member: of the answer, a list.
        parameters: the operation's parameters, spelled as the API spells them.
    """

    def items(api: Api, region: str) -> Any:  # noqa: ANN401 - JSON
        return api.call(service, operation, region, **parameters)[member]

    return items


def arn_in(api: Api, region: str, service: str, name: str) -> str:
    """The ARN of a resource whose listing does not answer it.

    Args:
        api: of its account.
        region: where it is.
        service: the service part of the ARN.
        name: what stands behind the account.
    """
    return f"arn:{partition_of(region)}:{service}:{region}:{api.account}:{name}"
