"""The deployed trading platform, spoiled through AWS's API: each row that is judged live notices.

`SPOILED` says of each row what spoils it and which control must fail. What is spoiled is put back.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from tests.deploy.spoiled import (
    Deployed,
    Spoiled,
    Undo,
    case_id,
    deployed_blueprint,
    judged_live,
    not_passed,
    require_noticed,
)

pytestmark = [pytest.mark.embedded, pytest.mark.slow]

NAME = "trading-platform"
CLUSTER = "ta-ledger-db-dev"
FUNCTION = "ta-processor-fn-dev"
TABLE = "ta-sessions-table-dev"
GROUP = "ta-processor-fn-log-dev"


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    with deployed_blueprint(NAME, "us-east-1", tmp_path_factory.mktemp("spoiled")) as found:
        yield found


def public_subnet(it: Deployed) -> Undo:
    ec2 = it.client("ec2")
    wanted = [{"Name": "vpc-id", "Values": [it.of["vpc_id"]]}]
    own = ec2.describe_subnets(Filters=wanted)["Subnets"][0]["SubnetId"]

    def give(on: bool) -> None:  # noqa: FBT001 - the API's own
        ec2.modify_subnet_attribute(SubnetId=own, MapPublicIpOnLaunch={"Value": on})

    give(True)
    return lambda: give(False)


def beside_nat(it: Deployed) -> Undo:
    ec2 = it.client("ec2")
    wanted = [{"Name": "vpc-id", "Values": [it.of["vpc_id"]]}]
    public = ec2.describe_nat_gateways(Filters=wanted)["NatGateways"][0]["SubnetId"]
    made = ec2.create_network_interface(SubnetId=public)["NetworkInterface"]["NetworkInterfaceId"]
    return lambda: ec2.delete_network_interface(NetworkInterfaceId=made)


def cluster(it: Deployed, before: dict[str, Any], after: dict[str, Any]) -> Undo:
    rds = it.client("rds")
    rds.modify_db_cluster(DBClusterIdentifier=CLUSTER, ApplyImmediately=True, **after)
    return lambda: rds.modify_db_cluster(
        DBClusterIdentifier=CLUSTER, ApplyImmediately=True, **before
    )


def backups(it: Deployed) -> Undo:
    return cluster(it, {"BackupRetentionPeriod": 35}, {"BackupRetentionPeriod": 1})


def passwords(it: Deployed) -> Undo:
    key = "EnableIAMDatabaseAuthentication"
    return cluster(it, {key: True}, {key: False})


def capacity(it: Deployed) -> Undo:
    rds = it.client("rds")
    wanted = [{"Name": "db-cluster-id", "Values": [CLUSTER]}]
    own = rds.describe_db_instances(Filters=wanted)["DBInstances"][0]["DBInstanceIdentifier"]

    def give(kind: str) -> None:
        rds.modify_db_instance(
            DBInstanceIdentifier=own, DBInstanceClass=kind, ApplyImmediately=True
        )

    give("db.r6g.large")
    return lambda: give("db.serverless")


def recovery(it: Deployed) -> Undo:
    tables = it.client("dynamodb")

    def give(on: bool) -> None:  # noqa: FBT001 - the API's own
        tables.update_continuous_backups(
            TableName=TABLE, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": on}
        )

    give(False)
    return lambda: give(True)


def versioning(it: Deployed) -> Undo:
    s3, bucket = it.client("s3"), it.of["analytics_bucket_name"]

    def give(status: str) -> None:
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": status})

    give("Suspended")
    return lambda: give("Enabled")


def tier(it: Deployed) -> Undo:
    s3, bucket = it.client("s3"), it.of["archive_bucket_name"]
    rules = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    kept = [rule for rule in rules if "Transitions" not in rule]
    assert len(kept) < len(rules)
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": kept})
    return lambda: s3.put_bucket_lifecycle_configuration(
        Bucket=bucket, LifecycleConfiguration={"Rules": rules}
    )


def network(it: Deployed) -> Undo:
    functions = it.client("lambda")
    before = functions.get_function_configuration(FunctionName=FUNCTION)["VpcConfig"]
    inside = {key: before[key] for key in ("SubnetIds", "SecurityGroupIds")}
    functions.update_function_configuration(
        FunctionName=FUNCTION, VpcConfig={"SubnetIds": [], "SecurityGroupIds": []}
    )
    return lambda: functions.update_function_configuration(FunctionName=FUNCTION, VpcConfig=inside)


def anybody(it: Deployed) -> Undo:
    functions = it.client("lambda")
    functions.add_permission(
        FunctionName=FUNCTION,
        StatementId="hand",
        Action="lambda:InvokeFunction",
        Principal="s3.amazonaws.com",
    )
    return lambda: functions.remove_permission(FunctionName=FUNCTION, StatementId="hand")


def payloads(it: Deployed) -> Undo:
    api = it.client("apigateway")
    [own] = [one["id"] for one in api.get_rest_apis()["items"] if one["name"].startswith("ta-")]

    def give(value: str) -> None:
        api.update_stage(
            restApiId=own,
            stageName="v1",
            patchOperations=[
                {"op": "replace", "path": "/*/*/logging/dataTrace", "value": value},
            ],
        )

    give("true")
    return lambda: give("false")


def log_role(it: Deployed) -> Undo:
    api = it.client("apigateway")
    before = api.get_account()["cloudwatchRoleArn"]

    def give(role: str) -> None:
        change = {"op": "replace", "path": "/cloudwatchRoleArn", "value": role}
        api.update_account(patchOperations=[change])

    give("")
    return lambda: give(before)


def origin(it: Deployed) -> Undo:
    api, kind = it.client("apigateway"), "DEFAULT_4XX"
    [own] = [one["id"] for one in api.get_rest_apis()["items"] if one["name"].startswith("ta-")]
    before = api.get_gateway_response(restApiId=own, responseType=kind)
    name = "gatewayresponse.header.Access-Control-Allow-Origin"

    def give(value: str) -> None:
        api.put_gateway_response(
            restApiId=own,
            responseType=kind,
            responseParameters={**before["responseParameters"], name: value},
            responseTemplates=before["responseTemplates"],
        )

    give("'*'")
    return lambda: give(before["responseParameters"][name])


def export(it: Deployed) -> Undo:
    logs = it.client("logs")
    found = logs.describe_subscription_filters(logGroupName=GROUP)["subscriptionFilters"]
    for one in found:
        logs.delete_subscription_filter(logGroupName=GROUP, filterName=one["filterName"])

    def undo() -> None:
        for one in found:
            logs.put_subscription_filter(
                **{
                    key: one[key]
                    for key in ("logGroupName", "filterName", "destinationArn", "roleArn")
                },
                filterPattern=one.get("filterPattern", ""),
            )

    return undo


def retention(it: Deployed) -> Undo:
    logs = it.client("logs")
    logs.put_retention_policy(logGroupName=GROUP, retentionInDays=7)
    return lambda: logs.put_retention_policy(logGroupName=GROUP, retentionInDays=30)


def alias(it: Deployed) -> Undo:
    kms, key = it.client("kms"), it.of["lambda_key_arn"]
    name = "alias/ta-lambda-key-dev"
    kms.delete_alias(AliasName=name)
    return lambda: kms.create_alias(AliasName=name, TargetKeyId=key)


def recorder(it: Deployed) -> Undo:
    config, name = it.client("config"), it.of["config_recorder_name"]
    config.stop_configuration_recorder(ConfigurationRecorderName=name)
    return lambda: config.start_configuration_recorder(ConfigurationRecorderName=name)


def endpoint(it: Deployed) -> Undo:
    """All that does not come by an endpoint is kept out of Config's bucket, Config itself too."""
    s3, name = it.client("s3"), it.of["config_bucket_name"]
    before = s3.get_bucket_policy(Bucket=name)["Policy"]
    policy = json.loads(before)
    policy["Statement"].append(
        {
            "Effect": "Deny",
            "Principal": {"Service": "config.amazonaws.com"},
            "Action": "s3:PutObject",
            "Resource": f"arn:aws:s3:::{name}/*",
            "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}},
        }
    )
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps(policy))
    return lambda: s3.put_bucket_policy(Bucket=name, Policy=before)


def recorder_role(it: Deployed) -> Undo:
    config = it.client("config")
    [before] = config.describe_configuration_recorders()["ConfigurationRecorders"]
    own = {**before, "roleARN": it.of["auditor_role_arn"]}
    config.put_configuration_recorder(ConfigurationRecorder=own)
    return lambda: config.put_configuration_recorder(ConfigurationRecorder=before)


def protection(it: Deployed) -> Undo:
    dynamodb = it.client("dynamodb")

    def protect(on: bool) -> None:  # noqa: FBT001 - the API's own
        dynamodb.update_table(TableName=TABLE, DeletionProtectionEnabled=on)

    protect(True)
    return lambda: protect(False)


def tags(it: Deployed) -> Undo:
    s3, bucket = it.client("s3"), it.of["ingestion_bucket_name"]
    before = s3.get_bucket_tagging(Bucket=bucket)["TagSet"]
    kept = [one for one in before if one["Key"] != "CostCenter"]
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": kept})
    return lambda: s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": before})


def bucket(it: Deployed) -> Undo:
    """It is not put back."""
    it.client("s3").delete_bucket(Bucket=it.of["analytics_bucket_name"])
    return lambda: None


LAST = Spoiled(("TA-14",), bucket, "terraform-outputs")
SPOILED = (
    Spoiled(("TA-01",), public_subnet, "ec2-subnet-no-public-ip"),
    Spoiled(("TA-01",), beside_nat, "ec2-subnet-public-nat-only"),
    Spoiled(("TA-02",), backups, "rds-backups"),
    Spoiled(("TA-02",), passwords, "rds-iam-authentication"),
    Spoiled(("TA-02",), capacity, "rds-cluster-serverless"),
    Spoiled(("TA-03",), recovery, "dynamodb-table-recovery"),
    Spoiled(("TA-04",), versioning, "s3-bucket-versioning"),
    Spoiled(("TA-04",), tier, "s3-bucket-archive-tier"),
    Spoiled(("TA-05",), network, "lambda-function-vpc"),
    Spoiled(("TA-05",), anybody, "lambda-permission-source"),
    Spoiled(("TA-06",), payloads, "apigateway-stage-logging"),
    Spoiled(("TA-06",), log_role, "apigateway-account-role"),
    Spoiled(("TA-06",), origin, "apigateway-cors"),
    Spoiled(("TA-07",), export, "logs-group-exported"),
    Spoiled(("TA-05", "TA-07"), retention, "logs-group-retention"),
    Spoiled(("TA-08",), alias, "kms-key-alias"),
    Spoiled(("TA-10",), recorder, "config-recorder-on"),
    Spoiled(("TA-10",), recorder_role, "config-recorder-role"),
    Spoiled(("TA-10",), endpoint, "config-delivery-channel"),
    Spoiled(("TA-11",), tags, "tags-required"),
    Spoiled(("TA-12",), protection, "terraform-one-lifecycle"),
)


def test_what_was_deployed_passes(deployed: Deployed) -> None:
    assert not_passed(deployed.verify()) == []


def test_every_row_that_is_judged_live_is_spoiled() -> None:
    assert {row for one in (*SPOILED, LAST) for row in one.rows} == judged_live(NAME)


@pytest.mark.parametrize("one", SPOILED, ids=case_id)
def test_its_rows_notice(deployed: Deployed, one: Spoiled) -> None:
    require_noticed(deployed, one)


def test_all_is_as_it_was(deployed: Deployed) -> None:
    assert not_passed(deployed.verify()) == []


def test_an_output_names_what_is_gone(deployed: Deployed) -> None:
    require_noticed(deployed, LAST)
