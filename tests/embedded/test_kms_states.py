"""The state of a KMS key is changed by its id and by its ARN."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Client = Callable[..., Any]


@pytest.mark.parametrize("by", ["KeyId", "Arn"])
def test_a_key_is_named_by_id_or_arn(client: Client, by: str) -> None:
    kms = client("kms")
    key = kms.create_key()["KeyMetadata"]
    name, arn = key[by], key["Arn"]

    def state() -> str:
        return str(kms.describe_key(KeyId=name)["KeyMetadata"]["KeyState"])

    kms.disable_key(KeyId=name)
    assert state() == "Disabled"
    kms.enable_key(KeyId=name)
    assert state() == "Enabled"
    scheduled = kms.schedule_key_deletion(KeyId=name, PendingWindowInDays=7)
    assert (scheduled["KeyId"], state()) == (arn, "PendingDeletion")
    assert scheduled["DeletionDate"] == kms.describe_key(KeyId=arn)["KeyMetadata"]["DeletionDate"]
    assert kms.cancel_key_deletion(KeyId=name)["KeyId"] == arn
    assert state() == "Disabled"
    with pytest.raises(kms.exceptions.NotFoundException):
        kms.disable_key(KeyId=arn[:-4] + "0000")
