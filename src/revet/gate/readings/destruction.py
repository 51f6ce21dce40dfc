"""What the switches of a resource say of its end: that it may be destroyed, or that it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from revet.plan import Inventory, Reading, Resource
from revet.plan.doubts import Doubts
from revet.plan.observed import is_beside
from revet.plan.prevent_destroy import prevents_destroy


class End(StrEnum):
    """What is to become of a resource; the words of a stack's lifecycle."""

    EPHEMERAL = "EPHEMERAL"
    PROTECTED = "PROTECTED"


@dataclass(frozen=True, slots=True)
class Said:
    """What one switch of a resource says.

    Args:
        resource: whose switch.
        path: of the switch.
        end: what it says.
        words: what stands there.
    """

    resource: Resource
    path: str
    end: End
    words: str


@dataclass(frozen=True, slots=True)
class Switch:
    """An argument that decides whether a destroy succeeds, and whether it leaves anything.

    Args:
        path: of the argument.
        types: Terraform types that have it.
        destroys: the value with which the resource goes, and nothing of it is left.
        default: what the provider takes where nothing is written.
        speaks_if: the only value that says anything; `None` where each does: what is switched
            off by default in things without data of their own says nothing then.
        in_account: whether the account shows it, so that it is not Terraform's alone.
    """

    path: str
    types: tuple[str, ...]
    destroys: object = False
    default: object = False
    speaks_if: object = None
    in_account: bool = False


_SNAPSHOT, _SOURCE = "skip_final_snapshot", "replicate_source_db"
_DATABASES = ("aws_db_instance", "aws_docdb_cluster", "aws_neptune_cluster", "aws_rds_cluster")
_FORCED = (
    "aws_athena_database",
    "aws_athena_workgroup",
    "aws_backup_vault",
    "aws_ecrpublic_repository",
    "aws_iam_user",
    "aws_route53_zone",
    "aws_s3_bucket",
    "aws_s3_directory_bucket",
    "aws_service_discovery_service",
)
_GUARDED = (*_DATABASES, "aws_docdb_global_cluster", "aws_neptune_global_cluster")
_LEFT = (
    "aws_cloudwatch_log_group",
    "aws_db_option_group",
    "aws_db_parameter_group",
    "aws_lambda_function",
    "aws_lambda_layer_version",
)
# Source: AWS provider 5.100.0, the resources' own documentation. Not in the table: what only
# unties a resource from others (`force_detach_policies`), what cannot be switched off (a KMS key
# is kept for seven days at least), and `force_destroy` of types whose destroy succeeds without it.
SWITCHES = (
    Switch("force_destroy", _FORCED, destroys=True),
    Switch("force_delete", ("aws_ecr_repository", "aws_lightsail_bucket"), destroys=True),
    Switch(_SNAPSHOT, (*_DATABASES, "aws_redshift_cluster"), destroys=True),
    Switch("recovery_window_in_days", ("aws_secretsmanager_secret",), destroys=0, default=30),
    Switch("deletion_protection", (*_GUARDED, "aws_rds_global_cluster"), in_account=True),
    Switch("deletion_protection", ("aws_qldb_ledger",), default=True),
    Switch(
        "deletion_protection",
        ("aws_cognito_user_pool",),
        destroys="INACTIVE",
        default="INACTIVE",
        in_account=True,
    ),
    Switch(
        "deletion_protection_enabled", ("aws_dynamodb_table", "aws_dsql_cluster"), in_account=True
    ),
    Switch("enable_deletion_protection", ("aws_alb", "aws_lb"), in_account=True),
    Switch("delete_protection", ("aws_networkfirewall_firewall",), in_account=True),
    Switch("termination_protection_enabled", ("aws_cloudtrail_event_data_store",), default=True),
    Switch("disable_api_termination", ("aws_instance",), speaks_if=True),
    Switch(
        "delete_automated_backups",
        ("aws_db_instance", "aws_rds_cluster"),
        destroys=True,
        default=True,
        speaks_if=False,
    ),
    Switch("retain_on_delete", ("aws_cloudfront_distribution",), speaks_if=True),
    Switch("skip_destroy", _LEFT, speaks_if=True),
)


def all_said(inventory: Inventory, doubts: Doubts) -> Iterator[Said]:
    """What all switches of an inventory say.

    Args:
        inventory: to look in; of an account what belongs to its stack, without what Terraform alone
            knows.
        doubts: why more may be said is added.
    """
    account = inventory.reading is Reading.ACCOUNT
    for switch in SWITCHES:
        for resource in inventory.of_type(*switch.types):
            if not account or (switch.in_account and not is_beside(resource)):
                with doubts:
                    yield from _said(resource, switch)
    for resource in () if account else inventory.resources.values():
        with doubts:
            if prevents_destroy(resource, inventory):
                words = "`prevent_destroy` is true"
                yield Said(resource, "lifecycle.prevent_destroy", End.PROTECTED, words)


def only_in_terraform(inventory: Inventory) -> tuple[str, ...]:
    """The switches of what there is that an account does not show, in order."""
    silent = (one for one in SWITCHES if not one.in_account)
    there = (one.path for one in silent if not all(map(is_beside, inventory.of_type(*one.types))))
    return tuple(dict.fromkeys(there))


def _said(resource: Resource, switch: Switch) -> Iterator[Said]:
    if switch.path == _SNAPSHOT and resource.is_set(_SOURCE):
        return  # RDS makes no final snapshot of a read replica
    value = resource.get(switch.path)
    said = f"`{switch.path}` is {_shown(value)}"
    value = switch.default if value is None else value
    if switch.speaks_if is not None and value != switch.speaks_if:
        return
    end = End.EPHEMERAL if value == switch.destroys else End.PROTECTED
    yield Said(resource, switch.path, end, said)


def _shown(value: object) -> str:
    if value is None:
        return "not set"
    return str(value).lower() if isinstance(value, bool) else f"`{value}`"
