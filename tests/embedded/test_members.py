"""Members of requests that no code reads are noted, in every protocol that services speak."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from revet.embedded import Daemon, start_daemon, stop_daemon
from revet.embedded.environment import MEMBERS_VARIABLE
from revet.embedded.members import unread_members
from revet.embedded.watched import watched as watched_kind

Ask = Callable[[str], Any]
ZIP = b"PK\x05\x06" + bytes(18)
Watched = tuple[Ask, Daemon, Path]


@pytest.fixture(scope="module")
def watched(
    tmp_path_factory: pytest.TempPathFactory, client_for: Callable[..., Any]
) -> Iterator[Watched]:
    folder = tmp_path_factory.mktemp("watched")
    (folder / "faults-expected").touch()
    noted = folder / "members.jsonl"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(MEMBERS_VARIABLE, str(noted))
        daemon = start_daemon(folder)
    yield (lambda service: client_for(daemon, service)), daemon, noted
    stop_daemon(folder)


def test_a_daemon_that_noted_nothing_is_not_one_that_read_everything(
    state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = tmp_path / "members.jsonl"
    monkeypatch.setenv(MEMBERS_VARIABLE, str(noted))
    start_daemon(state)
    assert noted.exists()
    with pytest.raises(ValueError, match="no member that was sent"):
        unread_members(noted)


def of_ec2(ask: Ask) -> None:
    ask("ec2").create_vpc(CidrBlock="10.0.0.0/16", Ipv4NetmaskLength=20)


def nested_of_ec2(ask: Ask) -> None:
    tags = [{"ResourceType": "vpc", "Tags": [{"Key": "a", "Value": "b"}]}]
    ask("ec2").create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=tags)


def of_query(ask: Ask) -> None:
    iam, tags = ask("iam"), [{"Key": "a", "Value": "b"}]
    iam.create_user(UserName="a", Path="/b/", Tags=tags)
    iam.create_virtual_mfa_device(VirtualMFADeviceName="a", Tags=tags)


def of_rds(ask: Ask) -> None:
    ask("rds").create_db_parameter_group(
        DBParameterGroupName="a",
        DBParameterGroupFamily="postgres16",
        Description="a",
        Tags=[{"Key": "a", "Value": "b"}],
    )
    change = {"ParameterName": "rds.force_ssl", "ParameterValue": "1", "ApplyMethod": "immediate"}
    rds = ask("rds")
    rds.modify_db_parameter_group(DBParameterGroupName="a", Parameters=[change])
    said = rds.describe_db_parameters(DBParameterGroupName="a", Source="user")["Parameters"]
    assert [one["ParameterValue"] for one in said] == ["1"]
    said = rds.describe_db_parameters(DBParameterGroupName="a", Source="system")["Parameters"]
    assert said == []


def of_json(ask: Ask) -> None:
    ask("kms").create_key(Description="a", CustomKeyStoreId="b", XksKeyId="c")


def nested_of_json(ask: Ask) -> None:
    ask("config").put_configuration_recorder(
        ConfigurationRecorder={
            "name": "default",
            "roleARN": "arn:aws:iam::123456789012:role/a",
            "recordingGroup": {"allSupported": True},
            "recordingScope": "PAID",
        }
    )


def of_rest_json(ask: Ask) -> None:
    backup = ask("backup")
    backup.create_backup_vault(BackupVaultName="a", BackupVaultTags={"a": "b"})
    rule = {"RuleName": "a", "TargetBackupVaultName": "a", "EnableContinuousBackup": True}
    plan = {"BackupPlanName": "a", "Rules": [rule]}
    made = backup.create_backup_plan(BackupPlan=plan, CreatorRequestId="a")
    backup.get_backup_plan(BackupPlanId=made["BackupPlanId"])


def of_rest_xml(ask: Ask) -> None:
    s3 = ask("s3")
    s3.create_bucket(Bucket="watched-one", ObjectOwnership="BucketOwnerEnforced")
    default = {"SSEAlgorithm": "aws:kms"}
    s3.put_bucket_encryption(
        Bucket="watched-one",
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}]
        },
    )
    s3.put_bucket_tagging(Bucket="watched-one", Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
    policy = '{"Version": "2012-10-17", "Statement": []}'
    s3.put_bucket_policy(Bucket="watched-one", Policy=policy)
    s3.list_objects_v2(Bucket="watched-one", Prefix="a", FetchOwner=True)
    s3.put_object(Bucket="watched-one", Key="a", Body=b"a", ServerSideEncryption="aws:kms")


def hooked(ask: Ask) -> None:
    ask("iam").create_role(RoleName="a", AssumeRolePolicyDocument="{}")
    made = {"Runtime": "python3.13", "Handler": "a.a", "Code": {"ZipFile": ZIP}}
    ask("lambda").create_function(FunctionName="a", Role="arn:aws:iam::123456789012:role/a", **made)
    principal = {"Principal": "sns.amazonaws.com", "Action": "lambda:InvokeFunction"}
    ask("lambda").add_permission(FunctionName="a", StatementId="a", **principal)


def of_our_own(ask: Ask) -> None:
    ask("sts").get_session_token(DurationSeconds=900)


CASES: list[tuple[Callable[[Ask], None], str, set[str]]] = [
    (of_ec2, "ec2", {"CreateVpc.Ipv4NetmaskLength"}),
    (
        nested_of_ec2,
        "ec2",
        {"CreateVpc.Ipv4NetmaskLength", "CreateVpc.TagSpecifications.ResourceType"},
    ),
    (of_query, "iam", set()),
    (of_rds, "rds", set()),
    (of_json, "kms", {"CreateKey.CustomKeyStoreId", "CreateKey.XksKeyId"}),
    (nested_of_json, "config", {"PutConfigurationRecorder.ConfigurationRecorder.recordingScope"}),
    (of_rest_json, "backup", set()),
    (of_rest_xml, "s3", set()),
    (hooked, "lambda", set()),
    (of_our_own, "sts", set()),
]


@pytest.mark.parametrize("case", CASES, ids=[case[0].__name__ for case in CASES])
def test_what_is_not_read_is_noted(watched: Watched, case: Any) -> None:  # noqa: ANN401 - a row
    send, service, expected = case
    ask, _, noted = watched
    send(ask)
    checksums = ".ChecksumAlgorithm"
    found = {one for one in unread_members(noted) if not one.endswith(checksums)}
    assert {one for one in found if one.startswith(f"{service}:")} == {
        f"{service}:{one}" for one in expected
    }


def test_members_of_an_unread_structure_are_not_named(tmp_path: Path) -> None:
    noted = tmp_path / "members.jsonl"
    lines = [("sent", "A"), ("sent", "A.B"), ("sent", "A.B.C"), ("sent", "D"), ("read", "D")]
    noted.write_text(
        "".join(
            json.dumps({"what": what, "operation": "a:B", "member": member}) + "\n"
            for what, member in lines
        )
    )
    assert unread_members(noted) == {"a:B.A"}


def test_a_stage_of_a_usage_plan_is_taken_away_while_members_are_noted(watched: Watched) -> None:
    apis = watched[0]("apigateway")
    api = apis.create_rest_api(name="a")["id"]
    method = {"restApiId": api, "httpMethod": "GET"}
    root = apis.get_resources(restApiId=api)["items"][0]["id"]
    apis.put_method(**method, resourceId=root, authorizationType="NONE")
    apis.put_integration(**method, resourceId=root, type="MOCK")
    apis.create_deployment(restApiId=api, stageName="v1")
    stages = [{"apiId": api, "stage": "v1"}]
    plan = apis.create_usage_plan(name="a", apiStages=stages)
    assert plan["apiStages"] == stages
    removal = {"op": "remove", "path": "/apiStages", "value": f"{api}:v1"}
    left = apis.update_usage_plan(usagePlanId=plan["id"], patchOperations=[removal])
    assert left.get("apiStages", []) == []


def test_watched_mappings_are_compared_as_others_are() -> None:
    seen = []

    class Watch:
        def read(self, _operation: str, path: str) -> None:
            seen.append(path)

        def step(self, _path: str, _shape: object, key: str) -> tuple[str, None]:
            return key, None

        def child(self, value: object, *_: object) -> object:
            return value

    made = watched_kind(dict).made(Watch(), "a:B", "", None, {"stage": "v1", "throttle": {}})
    assert {"stage": "v1"}.items() <= made.items()
    assert not made.items() <= {"stage": "v1"}.items()
    assert sorted(map(str, made.values())) == ["v1", "{}"]
    assert set(seen) == {"stage", "throttle"}


def test_what_was_watched_is_kept_as_it_is(watched: Watched) -> None:
    ask, daemon, _ = watched
    of_rest_xml(ask)
    daemon.snapshot()
    assert daemon.internal_errors() == []
    stop_daemon(daemon.state_dir)
    again = start_daemon(daemon.state_dir)
    assert again.inventory()
    stop_daemon(daemon.state_dir)
