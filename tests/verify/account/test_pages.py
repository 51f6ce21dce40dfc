"""Every answer is read to its end."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import boto3
import botocore.session

Audit = Any  # of conftest.py, which the test folders cannot import
Recording = Any
_TOKEN = re.compile(r"token$|^(next)?marker$|^last.*key$|^istruncated$", re.IGNORECASE)
BY_HAND = {("backup", "list_tags")}
"""Operations that botocore does not page; a test shows that the reader does."""


def test_operations_that_answer_in_pages_are_paged(everything: Recording) -> None:
    session = boto3.session.Session("testing", "testing", region_name="us-west-2")
    model = botocore.session.get_session()
    found = set()
    for service, operation in sorted(everything.sent):
        client = session.client(service)
        name = client.meta.method_to_api_mapping[operation]
        shape = model.get_service_model(service).operation_model(name).output_shape
        paged = any(_TOKEN.search(member) for member in shape.members)
        if paged and not client.can_paginate(operation):
            found.add((service, operation))
    assert found == BY_HAND


class _InPages:
    """Answers the tags of a vault on two pages."""

    def call(self, service: str, operation: str, **asked: str) -> dict[str, Any]:
        assert service == "backup"
        if operation == "list_backup_vaults":
            return {"BackupVaultList": [{"BackupVaultName": "v", "BackupVaultArn": "arn"}]}
        if operation == "list_tags" and "NextToken" not in asked:
            return {"Tags": {"Owner": "security"}, "NextToken": "2"}
        return {"Tags": {"Purpose": "tests"}} if operation == "list_tags" else {}


def test_the_tags_of_vaults_are_paged(read: Callable[..., Audit]) -> None:
    vault = read("aws_backup_vault", reader=_InPages()).one("aws_backup_vault", "v")
    assert vault.values["tags_all"] == {"Owner": "security", "Purpose": "tests"}
