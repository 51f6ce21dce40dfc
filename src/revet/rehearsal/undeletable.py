"""What stays after a destroy because AWS itself deletes it later or not at all.

Only what AWS cannot delete at once belongs here: a secret with a recovery window, for instance,
can be (`ForceDeleteWithoutRecovery`), so one that stays is left behind.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stays:
    """One kind of thing.

    Args:
        types: Terraform types whose destroy leaves it.
        what: stays, and until when.
        source: AWS's word for it.
    """

    types: frozenset[str]
    what: str
    source: str


UNDELETABLE = (
    Stays(
        frozenset(
            {
                "aws_kms_key",
                "aws_kms_external_key",
                "aws_kms_replica_key",
                "aws_kms_replica_external_key",
            }
        ),
        "the key, pending deletion for 7 to 30 days",
        "https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html",
    ),
    Stays(
        frozenset({"aws_iam_service_linked_role"}),
        "the role, until AWS has found that its service uses it no more",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_manage_delete.html",
    ),
    Stays(
        frozenset({"aws_acmpca_certificate_authority"}),
        "the authority, restorable for 7 to 30 days",
        "https://docs.aws.amazon.com/privateca/latest/userguide/PCADeleteCA.html",
    ),
    Stays(
        frozenset({"aws_organizations_account"}),
        "the account, closed, for 90 days",
        "https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-closing.html",
    ),
    Stays(
        frozenset(
            {
                "aws_default_network_acl",
                "aws_default_route_table",
                "aws_default_security_group",
            }
        ),
        "the VPC's own default, as long as its VPC",
        "https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html",
    ),
)


def staying(addresses: Iterable[str]) -> dict[str, str]:
    """What AWS keeps of some resources, address → what and until when, with its source.

    Args:
        addresses: of what was destroyed.
    """
    found: dict[str, str] = {}
    for address in sorted(addresses):
        parts = set(address.split("."))
        for row in UNDELETABLE:
            if row.types & parts:
                found[address] = f"{row.what} ({row.source})"
    return found
