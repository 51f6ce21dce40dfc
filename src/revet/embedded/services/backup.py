"""Backup: policies of vaults.

moto has none. They come back as they were put; a vault without one answers as one that does not
exist. (AWS Backup Developer Guide, PutBackupVaultAccessPolicy and its neighbours.)
"""

from __future__ import annotations

import json
from collections.abc import Callable

from moto.backup.models import backup_backends

from revet.embedded.call import CALL, Call, Moto
from revet.embedded.routes import OWN_OPERATIONS
from revet.embedded.wire_error import AwsError

_POLICY = "revet_policy"
_JSON = {"Content-Type": "application/json"}


def install() -> None:
    """Put the operations in place."""
    for verb, operation in (("Put", _put), ("Get", _get), ("Delete", _delete)):
        OWN_OPERATIONS["backup", f"{verb}BackupVaultAccessPolicy"] = _serve(operation)


def _serve(operation: Callable[[Call, Moto], dict[str, str]]) -> Callable[..., Moto]:
    def serve(request: Moto, _url: str, _headers: Moto) -> tuple[int, dict[str, str], str]:
        call: Call = request.environ[CALL]
        name = str(call.parameters.get("BackupVaultName") or "")
        vault = backup_backends[call.principal.account][call.region].vaults.get(name)
        if vault is None:
            raise AwsError("ResourceNotFoundException", f"Backup vault {name} does not exist")
        return 200, _JSON, json.dumps(operation(call, vault))

    return serve


def _put(call: Call, vault: Moto) -> dict[str, str]:
    vault.__dict__[_POLICY] = str(call.parameters.get("Policy") or "")
    return {}


def _get(_call: Call, vault: Moto) -> dict[str, str]:
    policy = vault.__dict__.get(_POLICY, "")
    if not policy:
        name = vault.backup_vault_name
        raise AwsError("ResourceNotFoundException", f"Backup vault {name} has no policy")
    return {
        "BackupVaultName": vault.backup_vault_name,
        "BackupVaultArn": vault.backup_vault_arn,
        "Policy": policy,
    }


def _delete(_call: Call, vault: Moto) -> dict[str, str]:
    vault.__dict__.pop(_POLICY, None)
    return {}
