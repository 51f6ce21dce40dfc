"""Which attribute names a resource, and what the name will be.

Source: provider documentation of each type; the prefixes and suffixes that AWS asks for: KMS (an
alias begins with `alias/`), CloudWatch Logs (services write to `/aws/<service>/…`, WAF only to
groups that begin with `aws-waf-logs-`), SQS and SNS (`.fifo`); databases and clusters export each
log to a group of its own, whose name ends in the log's (RDS user guide, "Publishing database logs
to Amazon CloudWatch Logs"; EKS user guide, "Send control plane logs to CloudWatch Logs").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from revet.plan import Resource, Symbolic, Undecided
from revet.plan.terraform_types import terraform_type, types_with

_REQUIRED = re.compile(r"^(?:alias/|/aws/[^/]+/|aws-waf-logs-|/)|\.fifo$")
_EXPORTED = re.compile(
    r"^/aws/(?:docdb|eks|neptune|rds/(?:cluster|instance)|redshift/cluster)/([^/]+)/[a-z][\w.-]*$"
)
_PRESCRIBED = re.compile(r"API-Gateway-Execution-Logs_(?:[a-z0-9]+|\$\{[^{}]*\})/[A-Za-z0-9_]+")
"""Whole names that AWS prescribes. Source: API Gateway developer guide, "Set up CloudWatch logging
for REST APIs in API Gateway"."""
# Two of each, so that a pattern that takes only one of them is noticed.
_ACCOUNTS = ("111122223333", "999988887777")
_REGIONS = ("us-east-1", "ap-southeast-2")
_SYMBOL = re.compile(r"\$\{([^{}]*)\}")
_ACCOUNT = re.compile(
    r"(?:module\..+\.)?data\.aws_caller_identity\.[\w-]+(?:\[0\])?\.(?:account_id|id)"
)
_REGION = re.compile(r"(?:module\..+\.)?data\.aws_region\.[\w-]+(?:\[0\])?\.(?:name|id|region)")
# What the provider adds to a prefix: a time and a counter in hexadecimal, 26 characters.
_UNIQUE = ("20260101000000000000000001", "2026123123595999990000000f")


def named_types() -> tuple[str, ...]:
    """Terraform types whose names are judged."""
    return types_with("name")


def name_of(resource: Resource) -> str:
    """The argument that gives a resource its name."""
    return terraform_type(resource.type).name


def possible_names(resource: Resource) -> tuple[str, ...]:
    """The names that one of `named_types` may get; examples, where account or region are left open.

    Returns:
        One name where it is known; several where they differ only in the account, the region, or
        what the provider adds to a prefix; none where the whole name is left to the provider.

    Raises:
        UnknownValueError: anything else in the name is not known.
    """
    attribute = name_of(resource)
    if resource.is_set(attribute):
        return tuple(_variants(resource.get(attribute)))
    prefix = f"{attribute}_prefix"
    if resource.is_set(prefix):
        return tuple(
            begin + unique for begin in _variants(resource.get(prefix)) for unique in _UNIQUE
        )
    return ()


def is_prescribed(resource: Resource) -> bool:
    """Whether AWS leaves no choice of the name: API Gateway writes to the group of an API's id."""
    value = resource.get(name_of(resource))
    text = value.template if isinstance(value, Symbolic) else value
    return isinstance(text, str) and bool(_PRESCRIBED.fullmatch(text))


def spellings(name: str) -> tuple[str, str]:
    """A name, and the same without what AWS itself asks for at its beginning and end."""
    return name, _REQUIRED.sub("", _EXPORTED.sub(r"\1", name))


def _variants(value: object) -> Iterator[str]:
    if not isinstance(value, Undecided):
        yield str(value)
        return
    template = value.template if isinstance(value, Symbolic) else ""
    symbols = _SYMBOL.findall(template)
    if not symbols or not all(_ACCOUNT.fullmatch(s) or _REGION.fullmatch(s) for s in symbols):
        value.refuse()
    for account in _ACCOUNTS:
        for region in _REGIONS:
            yield _SYMBOL.sub(
                lambda found, a=account, r=region: a if _ACCOUNT.fullmatch(found[1]) else r,  # type: ignore[misc]
                template,
            )
