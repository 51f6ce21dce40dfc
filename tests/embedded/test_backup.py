"""Policies of backup vaults."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Client = Callable[..., Any]


def test_the_policy_of_a_vault_comes_back_as_it_was_put(client: Client) -> None:
    backup = client("backup")
    backup.create_backup_vault(BackupVaultName="kept")
    policy = json.dumps({"Version": "2012-10-17", "Statement": []})
    backup.put_backup_vault_access_policy(BackupVaultName="kept", Policy=policy)
    answer = backup.get_backup_vault_access_policy(BackupVaultName="kept")
    assert answer["BackupVaultArn"].endswith(":backup-vault:kept")
    assert answer["Policy"] == policy
    backup.delete_backup_vault_access_policy(BackupVaultName="kept")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        backup.get_backup_vault_access_policy(BackupVaultName="kept")


def test_a_vault_that_does_not_exist_has_no_policy(client: Client) -> None:
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        client("backup").get_backup_vault_access_policy(BackupVaultName="none")
