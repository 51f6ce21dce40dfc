"""The variables of the zero-trust stack."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

import cdktn

from revet.constructs.arguments import refuse
from revet.constructs.context import PRODUCTION, Lifecycle
from revet.constructs.variable import variable

# A network ACL takes 20 rules in each direction: two are for the VPC, and the prefix list of S3 has
# about ten entries. Source: VPC user guide, "Amazon VPC quotas".
_MOST_RANGES = 6


def add_variables(
    stack: cdktn.TerraformStack,
    environment_suffix: str,
    owner: str,
    ranges: Sequence[str],
    lifecycle: str,
) -> tuple[cdktn.TerraformVariable, cdktn.TerraformVariable]:
    """Ask for the environment, the owner and the ranges that reach the endpoints.

    Args:
        stack: that asks.
        environment_suffix: default of `environment`.
        owner: default of `owner`.
        ranges: default of `allowed_cidr_blocks`.
        lifecycle: an `EPHEMERAL` stack takes no environment of production.

    Returns:
        `environment` and `owner`.
    """
    condition = 'can(regex("^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$", var.environment))'
    message = "Use 1 to 20 of a-z, 0-9 and inner hyphens."
    if lifecycle == Lifecycle.EPHEMERAL:
        listed = ", ".join(f'"{name}"' for name in sorted(PRODUCTION))
        condition += f" && !contains([{listed}], var.environment)"
        message = (
            "Use 1 to 20 of a-z, 0-9 and inner hyphens, and no name of production: its data "
            "are not expendable."
        )
    environment = variable(
        stack,
        "environment",
        description="The environment: the end of every name, and the tag Environment.",
        type="string",
        default=environment_suffix,
        condition=condition,
        error_message=message,
    )
    owner_of_stack = variable(
        stack,
        "owner",
        description="Who answers for the stack: the tag Owner.",
        type="string",
        default=owner,
        condition="length(trimspace(var.owner)) > 0 && length(var.owner) <= 256",
        error_message="Name a person or a team, in at most 256 characters.",
    )
    variable(
        stack,
        "allowed_cidr_blocks",
        description="IPv4 ranges outside the VPC that may reach its endpoints, on port 443.",
        type="list(string)",
        default=list(ranges),
        condition=(
            "alltrue([for range in var.allowed_cidr_blocks : can(cidrnetmask(range)) "
            '&& !endswith(range, "/0")]) && '
            "length(distinct(var.allowed_cidr_blocks)) == length(var.allowed_cidr_blocks) && "
            f"length(var.allowed_cidr_blocks) <= {_MOST_RANGES}"
        ),
        error_message=(
            f"Write at most {_MOST_RANGES} different IPv4 ranges that you own, such as "
            "172.20.0.0/16."
        ),
    )
    return environment, owner_of_stack


def check_ranges(values: object, vpc: ipaddress.IPv4Network) -> tuple[str, ...]:
    """Check the ranges outside the VPC that reach its endpoints.

    Raises:
        ArgumentError: not a list, or not an IPv4 range, the whole internet, or one of the VPC.
    """
    if not isinstance(values, list | tuple):
        refuse("allowed_cidr_blocks", values, "a list of ranges", "write `[…]` around the ranges")
    if len(values) > _MOST_RANGES or len(set(map(str, values))) < len(values):
        refuse(
            "allowed_cidr_blocks",
            values,
            f"at most {_MOST_RANGES} different ranges: a network ACL takes few rules",
            "join ranges into wider ones",
        )
    for value in values:
        try:
            network = ipaddress.IPv4Network(str(value))
        except ValueError as error:
            refuse("allowed_cidr_blocks", value, "IPv4 ranges", f"correct it: {error}")
        if network.prefixlen == 0:
            refuse("allowed_cidr_blocks", value, "ranges that limit something", "name your own")
        if network.overlaps(vpc):
            refuse(
                "allowed_cidr_blocks",
                value,
                f"ranges outside the VPC, `{vpc}`: inside it the security groups decide",
                "leave it out",
            )
    return tuple(values)
