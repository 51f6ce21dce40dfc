"""What a text names by its form alone: an ARN, or an id that AWS made up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from revet.model.arn import Arn
from revet.plan.terraform_types import terraform_type, types_with

_ID = re.compile(r"([a-z]+)-(?:[0-9a-f]{8}|[0-9a-f]{17})")
"""Source: EC2 User Guide, "Resource IDs": 8 or 17 hexadecimal digits behind the hyphen."""


@dataclass(frozen=True, slots=True)
class Recognized:
    """What a text has the form of.

    Args:
        kind: the Terraform type that it names one of.
        region: where that is; empty where the text does not say it.
        account: whose it is; empty where the text does not say it.
    """

    kind: str
    region: str = ""
    account: str = ""


def recognize(text: str) -> Recognized | None:
    """What a text names, of the types whose ids or ARNs the table of types knows.

    Args:
        text: any text; an ARN may go on behind the name of the resource.

    Returns:
        None for everything else.
    """
    if kind := _kind_of_id(text):
        return Recognized(kind)
    try:
        arn = Arn.parse(text)
    except ValueError:
        return None
    for prefix, kind in _types_by("arn_prefix").items():
        service, _, resource = prefix.partition(":")
        theirs = arn.service == service and arn.resource.startswith(resource)
        made_of = terraform_type(kind).arn or "{account}"
        if theirs and bool(arn.account) is ("{account}" in made_of):
            return Recognized(kind, arn.region, arn.account)
    return None


def is_id_of(kind: str, text: object) -> bool:
    """Whether a text is an id that AWS made up for one of a type, whose row has the prefix.

    Args:
        kind: the Terraform type.
        text: any value; what is not a text is no id.
    """
    return isinstance(text, str) and _kind_of_id(text) == kind


def _kind_of_id(text: str) -> str:
    found = _ID.fullmatch(text)
    return _types_by("id_prefix").get(found[1], "") if found else ""


@cache
def _types_by(field: str) -> Mapping[str, str]:
    return {getattr(terraform_type(kind), field): kind for kind in types_with(field)}
