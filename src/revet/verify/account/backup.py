"""AWS Backup: vaults and their policies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from revet.plan.observed import Observed
from revet.verify.api import Api, Ask, Parts
from revet.verify.parts import part, tagged
from revet.verify.readers import TypeReader

_POLICY = "aws_backup_vault_policy"
# Made by AWS Backup, and by EFS for its automatic backups. Source: AWS Backup Developer Guide,
# "Backup vaults"; EFS User Guide, "Automatic backups".
_OF_AWS = ("Default", "aws/efs/automatic-backup-vault")
_PLAIN = "BACKUP_VAULT"


def _vaults(api: Api, region: str) -> Any:  # noqa: ANN401 - JSON
    """Those of the kind that the type is; air-gapped ones are of another type."""
    found = api.call("backup", "list_backup_vaults", region)["BackupVaultList"]
    return [vault for vault in found if vault.get("VaultType", _PLAIN) == _PLAIN]


def _vault(api: Api, region: str, item: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
    """The `id` is the name. Source: AWS Backup Developer Guide, `BackupVaultListMember`."""
    name, arn, parts = item["BackupVaultName"], item["BackupVaultArn"], Parts()
    tags = parts.answer(lambda: {"Tags": _tags(api, region, arn)}, "tags", "tags_all")
    if parts.gone:
        return
    values = {
        "id": name,
        "arn": arn,
        "name": name,
        "kms_key_arn": item.get("EncryptionKeyArn", ""),
        "recovery_points": item.get("NumberOfRecoveryPoints", 0),
        **tagged(tags.get("Tags")),
    }
    made_by = "aws" if name in _OF_AWS else ""
    yield Observed("aws_backup_vault", name, values, region, unknown=parts.unknown, made_by=made_by)
    ask = api.about("backup", region, BackupVaultName=name)
    known = {"backup_vault_name": name, "backup_vault_arn": arn}
    yield from part(_POLICY, name, known, region, lambda: _policy(ask))


def _tags(api: Api, region: str, arn: str) -> dict[str, str]:
    """The tags on all pages; botocore does not page this operation."""
    found: dict[str, str] = {}
    more: dict[str, str] = {}
    while True:
        said = api.call("backup", "list_tags", region, ResourceArn=arn, **more)
        found |= said["Tags"]
        if not said.get("NextToken"):
            return found
        more = {"NextToken": said["NextToken"]}


def _policy(ask: Ask) -> dict[str, Any] | None:
    found = ask("get_backup_vault_access_policy", absent=("ResourceNotFoundException",))
    return {"policy": found["Policy"]} if found.get("Policy") else None


VAULTS = TypeReader(
    type="aws_backup_vault",
    service="backup",
    actions=(
        "backup:ListBackupVaults",
        "backup:ListTags",
        "backup:GetBackupVaultAccessPolicy",
    ),
    items=_vaults,
    identity=lambda item: str(item["BackupVaultName"]),
    read=_vault,
    parts=(_POLICY,),
    each=True,
)
