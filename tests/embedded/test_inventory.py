"""What exists, and what does not count."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from revet.embedded import start_daemon

Client = Callable[..., Any]


def test_only_what_was_made_is_listed_and_only_until_it_is_gone(
    state: Path, client_for: Client
) -> None:
    daemon = start_daemon(state)
    ec2, kms, iam = (client_for(daemon, name) for name in ("ec2", "kms", "iam"))
    client_for(daemon, "ec2", region="eu-west-1").describe_vpcs()
    iam.list_policies(Scope="AWS")
    assert daemon.inventory() == {}

    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    iam.update_account_password_policy(MinimumPasswordLength=14)
    ec2.enable_ebs_encryption_by_default()
    found = daemon.inventory()
    assert found["ec2/123456789012/us-east-1/vpcs"] == [vpc]
    assert found["kms/123456789012/us-east-1/keys"] == [key]
    assert "iam/123456789012/aws/account_password_policy" in found
    assert found["ec2/123456789012/us-east-1/ebs_encryption_by_default"] == ["True"]

    ec2.delete_vpc(VpcId=vpc)
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    iam.delete_account_password_policy()
    ec2.disable_ebs_encryption_by_default()
    assert daemon.inventory() == {}


def test_a_key_that_was_saved_from_deletion_counts_again(client: Client, daemon: Any) -> None:  # noqa: ANN401 - fixture
    kms = client("kms", region="eu-north-1")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    path = "kms/123456789012/eu-north-1/keys"
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    assert path not in daemon.inventory()
    kms.cancel_key_deletion(KeyId=key)
    assert daemon.inventory()[path] == [key]


def test_a_key_that_aws_makes_for_itself_does_not_count(client: Client, daemon: Any) -> None:  # noqa: ANN401 - fixture
    kms = client("kms", region="eu-west-3")
    found = kms.describe_key(KeyId="alias/aws/dynamodb")["KeyMetadata"]
    assert found["KeyManager"] == "AWS"
    assert kms.describe_key(KeyId=found["Arn"])["KeyMetadata"]["KeyManager"] == "AWS"
    assert "kms/123456789012/eu-west-3/keys" not in daemon.inventory()
