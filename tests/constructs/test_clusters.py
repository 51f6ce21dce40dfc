from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from revet.constructs import ec2, iam, kms, logs, rds
from revet.constructs.context import Lifecycle

if TYPE_CHECKING:
    import cdktn  # at run time only after `revet.constructs`, which chooses Node
    from tests.constructs.conftest import MakeStack, Synthesize

ACCOUNT = "${data.aws_caller_identity.revet_account_5228BAC8.account_id}"
LOG = "/aws/rds/cluster/app-db-test/postgresql"


def cluster(stack: cdktn.TerraformStack, **arguments: Any) -> rds.Cluster:  # noqa: ANN401 - as Cluster
    of_logs = kms.Key(
        stack, "logs-key", description="x", service_access=[kms.cloudwatch_logs("flow", LOG)]
    )
    group = logs.LogGroup(stack, "flow", key=of_logs)
    vpc = ec2.Vpc(stack, "vpc", flow_log_group=group, zones=3)
    data = kms.Key(stack, "data-key", description="x")
    secrets = kms.Key(stack, "secrets-key", description="x")
    return rds.Cluster(
        stack, "db", vpc=vpc, key=data, secret_key=secrets, log_key=of_logs, **arguments
    )


@pytest.mark.parametrize("lifecycle", list(Lifecycle))
def test_a_cluster_is_private_encrypted_and_its_password_unknown(
    make_stack: MakeStack, synthesized: Synthesize, lifecycle: Lifecycle
) -> None:
    stack = make_stack(lifecycle)
    cluster(stack)
    made = synthesized(stack)
    body = made.one("aws_rds_cluster")
    assert (body["engine"], body["engine_mode"]) == ("aurora-postgresql", "provisioned")
    assert body["storage_encrypted"] is True
    assert "data-key" in body["kms_key_id"]
    assert body["manage_master_user_password"] is True
    assert "secrets-key" in body["master_user_secret_kms_key_id"]
    assert not {"master_password", "master_password_wo"} & set(body)
    assert body["iam_database_authentication_enabled"] is True
    assert body["backup_retention_period"] == 35
    assert body["copy_tags_to_snapshot"] is True
    protected = lifecycle is Lifecycle.PROTECTED
    assert body["deletion_protection"] is protected
    assert body["skip_final_snapshot"] is not protected
    assert body["delete_automated_backups"] is not protected
    assert body.get("final_snapshot_identifier") == ("app-db-final-test" if protected else None)
    assert ("lifecycle" in body) is protected
    parameters = made.one("aws_rds_cluster_parameter_group")
    assert parameters["family"] == "aurora-postgresql16"
    assert parameters["parameter"] == [{"name": "rds.force_ssl", "value": "1"}]
    subnets = made.one("aws_db_subnet_group")["subnet_ids"]
    assert len(subnets) == 3
    assert all("private-subnet" in item for item in subnets)


@pytest.mark.parametrize("count", [2, 4])
def test_instances_take_the_zones_in_turn(
    stack: cdktn.TerraformStack, synthesized: Synthesize, count: int
) -> None:
    cluster(stack, instances=count)
    made = synthesized(stack)
    bodies = made.all("aws_rds_cluster_instance")
    assert [item["identifier"] for item in bodies] == [
        f"app-db-{number}-test" for number in range(1, count + 1)
    ]
    zones = [item["availability_zone"] for item in bodies]
    assert len(set(zones)) == min(count, 3)
    for body in bodies:
        assert body["instance_class"] == "db.serverless"
        assert body["publicly_accessible"] is False
        assert body["auto_minor_version_upgrade"] is True
        assert body["copy_tags_to_snapshot"] is True
        assert body["performance_insights_enabled"] is True
        assert "data-key" in body["performance_insights_kms_key_id"]
        assert body["monitoring_interval"] == 60
        assert "ca_cert_identifier" not in body


def test_the_log_of_the_database_has_a_group_before_it_is_written(
    stack: cdktn.TerraformStack, synthesized: Synthesize
) -> None:
    cluster(stack, log_retention_in_days=30)
    made = synthesized(stack)
    groups = made.json["resource"]["aws_cloudwatch_log_group"]
    (name,) = [name for name, body in groups.items() if body["name"] == LOG]
    assert groups[name]["retention_in_days"] == 30
    body = made.one("aws_rds_cluster")
    assert body["enabled_cloudwatch_logs_exports"] == ["postgresql"]
    assert body["depends_on"] == [f"aws_cloudwatch_log_group.{name}"]


def test_monitoring_writes_metrics_of_this_database_alone(
    stack: cdktn.TerraformStack, synthesized: Synthesize
) -> None:
    cluster(stack)
    made = synthesized(stack)
    roles = made.json["resource"]["aws_iam_role"]
    (body,) = [body for body in roles.values() if "monitoring" in body["name"]]
    (trust,) = json.loads(body["assume_role_policy"])["Statement"]
    assert trust["Principal"] == {"Service": "monitoring.rds.amazonaws.com"}
    assert trust["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": f"arn:aws:rds:us-west-2:{ACCOUNT}:db:app-db-*-test"},
    }
    (policy,) = [
        json.loads(item["policy"])["Statement"]
        for item in made.all("aws_iam_role_policy")
        if "monitoring" in item["name"]
    ]
    start = f"arn:aws:logs:us-west-2:{ACCOUNT}:log-group:RDS*"
    assert {item["Resource"] for item in policy} == {start, f"{start}:log-stream:*"}
    assert all(item["depends_on"] for item in made.all("aws_rds_cluster_instance"))


def test_a_role_connects_as_one_user(stack: cdktn.TerraformStack, synthesized: Synthesize) -> None:
    made_here = cluster(stack)
    role = iam.Role(
        stack,
        "app",
        description="x",
        assumed_by=iam.ServicePrincipal("lambda.amazonaws.com", "arn:aws:lambda:*:*:function:x"),
    )
    made_here.grant_connect(role, user="app_user")
    made = synthesized(stack)
    (policy,) = [
        json.loads(item["policy"])["Statement"]
        for item in made.all("aws_iam_role_policy")
        if "connect" in item["name"]
    ]
    assert [item["Action"] for item in policy] == ["rds-db:connect"]
    assert policy[0]["Resource"].startswith(f"arn:aws:rds-db:us-west-2:{ACCOUNT}:dbuser:${{aws_rds")
    assert policy[0]["Resource"].endswith("cluster_resource_id}/app_user")


def test_an_instance_exports_its_log_where_a_key_is_given(
    stack: cdktn.TerraformStack, synthesized: Synthesize
) -> None:
    log = "/aws/rds/instance/app-single-test/postgresql"
    assert rds.postgresql_log_group("app-single-test", instance=True) == log
    key = kms.Key(stack, "key", description="x", service_access=[kms.cloudwatch_logs(log)])
    vpc = ec2.Vpc(stack, "vpc", flow_log_group=logs.LogGroup(stack, "flow", key=key))
    rds.Instance(stack, "single", vpc=vpc, key=key, secret_key=key, log_key=key)
    made = synthesized(stack)
    groups = made.json["resource"]["aws_cloudwatch_log_group"]
    (name,) = [name for name, body in groups.items() if body["name"] == log]
    body = made.one("aws_db_instance")
    assert body["enabled_cloudwatch_logs_exports"] == ["postgresql"]
    assert body["depends_on"] == [f"aws_cloudwatch_log_group.{name}"]
