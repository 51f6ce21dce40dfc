"""Readers of types that one call lists, and ARNs that AWS does not answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from revet.model.arn import partition_of
from revet.plan.observed import Observed
from revet.plan.terraform_types import terraform_type
from revet.verify.api import Api
from revet.verify.operations import allowing, operation_named
from revet.verify.readers import TypeReader


def listed_by(
    service: str,
    operation: str,
    member: str,
    parameters: dict[str, Any] | None = None,
    *,
    type: str,  # noqa: A002 - Terraform's word, as in `TypeReader`
    key: str,
    read: Callable[[Api, str, Any], Iterable[Observed]],
    parts: tuple[str, ...] = (),
    more: tuple[str, ...] = (),
) -> TypeReader:
    """A reader that lists with one call.

    Args:
        service: boto3's name of the service.
        operation: as the API spells it.
        member: of the answer, a list.
        parameters: the operation's, spelled as the API spells them.
        type: the Terraform type.
        key: the member of an item that identifies it.
        read: as `TypeReader.read`.
        parts: as `TypeReader.parts`.
        more: operations that reading one takes.
    """
    name, given = operation_named(operation), parameters or {}
    return TypeReader(
        type=type,
        service=service,
        actions=tuple(allowing(service, one) for one in (operation, *more)),
        items=lambda api, region: api.call(service, name, region, **given)[member],
        identity=lambda item: str(item[key]),
        read=read,
        parts=parts,
        scope=terraform_type(type).scope,
        each=bool(more),
    )


def arn_in(api: Api, region: str, service: str, name: str) -> str:
    """The ARN of a resource whose listing does not answer it.

    Args:
        api: of its account.
        region: where it is.
        service: the service part of the ARN.
        name: what stands behind the account.
    """
    return f"arn:{partition_of(region)}:{service}:{region}:{api.account}:{name}"
