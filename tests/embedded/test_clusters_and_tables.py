"""Clusters of RDS and tables of DynamoDB keep what they were given, and leave nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from revet.embedded import Daemon
from revet.embedded.services.rds_clusters import family

Client = Callable[..., Any]
LIMITS = {"MaxReadRequestUnits": 100, "MaxWriteRequestUnits": 50}
FAMILIES = [
    ("aurora-postgresql", "16", "aurora-postgresql16"),
    ("aurora-postgresql", "16.4", "aurora-postgresql16"),
    ("postgres", "9.6.24", "postgres9.6"),
    ("postgres", "17", "postgres17"),
    ("aurora-mysql", "8.0.mysql_aurora.3.05.2", "aurora-mysql8.0"),
    ("mariadb", "10.11.6", "mariadb10.11"),
    ("mysql", "8", ""),
    ("oracle-se2", "19", ""),
    ("postgres", "", ""),
]


@pytest.mark.parametrize(("engine", "version", "expected"), FAMILIES)
def test_a_family_is_of_engine_and_version(engine: str, version: str, expected: str) -> None:
    assert family(engine, version) == expected


def make_cluster(rds: Any, name: str = "trading", **more: object) -> str:  # noqa: ANN401 - a client
    made = rds.create_db_cluster(
        DBClusterIdentifier=name,
        Engine="aurora-postgresql",
        EngineVersion="16",
        MasterUsername="trader",
        ManageMasterUserPassword=True,
        **more,
    )
    return str(made["DBCluster"]["DBClusterArn"])


def shown(rds: Any, name: str = "trading") -> dict[str, Any]:  # noqa: ANN401 - a client
    [found] = rds.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"]
    return dict(found)


def test_the_data_api_is_on_where_it_was_asked_for(client: Client) -> None:
    rds = client("rds")
    arn = make_cluster(rds, EnableHttpEndpoint=True)
    assert shown(rds)["HttpEndpointEnabled"] is True
    assert rds.disable_http_endpoint(ResourceArn=arn)["HttpEndpointEnabled"] is False
    assert shown(rds)["HttpEndpointEnabled"] is False
    rds.enable_http_endpoint(ResourceArn=arn)
    assert shown(rds)["HttpEndpointEnabled"] is True
    rds.delete_db_cluster(DBClusterIdentifier="trading", SkipFinalSnapshot=True)


def of_rds(daemon: Daemon) -> list[str]:
    """What there is of RDS, other tests' things included."""
    return [path for path in daemon.inventory() if path.startswith("rds/")]


def test_authentication_by_iam_is_switched_on_and_off(client: Client) -> None:
    rds = client("rds")
    make_cluster(rds, EnableIAMDatabaseAuthentication=True)
    for on in (False, True):
        rds.modify_db_cluster(
            DBClusterIdentifier="trading",
            EnableIAMDatabaseAuthentication=on,
            ApplyImmediately=True,
        )
        assert shown(rds)["IAMDatabaseAuthenticationEnabled"] is on
    rds.modify_db_cluster(
        DBClusterIdentifier="trading", BackupRetentionPeriod=5, ApplyImmediately=True
    )
    assert shown(rds)["IAMDatabaseAuthenticationEnabled"] is True
    rds.delete_db_cluster(DBClusterIdentifier="trading", SkipFinalSnapshot=True)


@pytest.mark.parametrize("kept", [False, True])
def test_automated_snapshots_go_with_their_cluster(
    client: Client, daemon: Daemon, *, kept: bool
) -> None:
    rds = client("rds")
    name = f"kept-{kept}"
    before = of_rds(daemon)
    make_cluster(rds, name)
    assert shown(rds, name)["DBClusterParameterGroup"] == "default.aurora-postgresql16"
    rds.create_db_cluster_snapshot(DBClusterSnapshotIdentifier="by-hand", DBClusterIdentifier=name)
    rds.delete_db_cluster(
        DBClusterIdentifier=name, SkipFinalSnapshot=True, DeleteAutomatedBackups=not kept
    )
    left = [
        item["SnapshotType"] for item in rds.describe_db_cluster_snapshots()["DBClusterSnapshots"]
    ]
    assert sorted(left) == (["automated", "manual"] if kept else ["manual"])
    rds.delete_db_cluster_snapshot(DBClusterSnapshotIdentifier="by-hand")
    if not kept:
        assert of_rds(daemon) == before


def test_a_cluster_is_deleted_with_or_without_a_last_snapshot(client: Client) -> None:
    rds = client("rds")
    make_cluster(rds)
    for wrong in ({}, {"SkipFinalSnapshot": True, "FinalDBSnapshotIdentifier": "last"}):
        with pytest.raises(ClientError, match="FinalDBSnapshotIdentifier"):
            rds.delete_db_cluster(DBClusterIdentifier="trading", **wrong)
    rds.delete_db_cluster(DBClusterIdentifier="trading", FinalDBSnapshotIdentifier="last")
    rds.delete_db_cluster_snapshot(DBClusterSnapshotIdentifier="last")


def test_parameters_are_answered_by_their_source(client: Client) -> None:
    rds = client("rds")
    name = "forced"
    rds.create_db_cluster_parameter_group(
        DBClusterParameterGroupName=name,
        DBParameterGroupFamily="aurora-postgresql16",
        Description="TLS",
    )
    forced = {"ParameterName": "rds.force_ssl", "ParameterValue": "1", "ApplyMethod": "immediate"}
    rds.modify_db_cluster_parameter_group(DBClusterParameterGroupName=name, Parameters=[forced])
    for source, count in (("user", 1), ("system", 0)):
        found = rds.describe_db_cluster_parameters(DBClusterParameterGroupName=name, Source=source)
        assert len(found["Parameters"]) == count
    rds.delete_db_cluster_parameter_group(DBClusterParameterGroupName=name)


def test_global_databases_are_found_by_their_members(client: Client) -> None:
    rds = client("rds")
    arn = make_cluster(rds)
    rds.create_global_cluster(GlobalClusterIdentifier="worldwide", SourceDBClusterIdentifier=arn)
    for name, count in (("trading", 1), (arn, 1), ("another", 0)):
        by = [{"Name": "db-cluster-id", "Values": [name]}]
        assert len(rds.describe_global_clusters(Filters=by)["GlobalClusters"]) == count
    found = rds.describe_global_clusters(GlobalClusterIdentifier="worldwide")["GlobalClusters"]
    assert [one["GlobalClusterIdentifier"] for one in found] == ["worldwide"]
    rds.remove_from_global_cluster(GlobalClusterIdentifier="worldwide", DbClusterIdentifier=arn)
    rds.delete_global_cluster(GlobalClusterIdentifier="worldwide")
    with pytest.raises(ClientError, match="GlobalClusterNotFoundFault"):
        rds.describe_global_clusters(GlobalClusterIdentifier="worldwide")
    rds.delete_db_cluster(DBClusterIdentifier="trading", SkipFinalSnapshot=True)


def test_tables_keep_the_most_that_they_take(client: Client) -> None:
    dynamodb = client("dynamodb")
    index = {
        "IndexName": "by-user",
        "KeySchema": [{"AttributeName": "User", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "ALL"},
    }
    names = [{"AttributeName": name, "AttributeType": "S"} for name in ("Id", "User")]
    made = dynamodb.create_table(
        TableName="sessions",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "Id", "KeyType": "HASH"}],
        AttributeDefinitions=names,
        GlobalSecondaryIndexes=[{**index, "OnDemandThroughput": LIMITS}],
        OnDemandThroughput=LIMITS,
    )["TableDescription"]
    assert made["OnDemandThroughput"] == LIMITS

    def described() -> dict[str, Any]:
        return dict(dynamodb.describe_table(TableName="sessions")["Table"])

    assert described()["GlobalSecondaryIndexes"][0]["OnDemandThroughput"] == LIMITS
    dynamodb.update_table(TableName="sessions", OnDemandThroughput={"MaxReadRequestUnits": 200})
    assert described()["OnDemandThroughput"] == {**LIMITS, "MaxReadRequestUnits": 200}
    change = {"IndexName": "by-user", "OnDemandThroughput": {"MaxWriteRequestUnits": 10}}
    dynamodb.update_table(TableName="sessions", GlobalSecondaryIndexUpdates=[{"Update": change}])
    [changed] = described()["GlobalSecondaryIndexes"]
    assert changed["OnDemandThroughput"] == {**LIMITS, "MaxWriteRequestUnits": 10}
    none = dict.fromkeys(LIMITS, -1)
    dynamodb.update_table(TableName="sessions", OnDemandThroughput=none)
    assert "OnDemandThroughput" not in described()
    dynamodb.delete_table(TableName="sessions")


def test_a_table_without_limits_shows_none(client: Client) -> None:
    dynamodb = client("dynamodb")
    made = dynamodb.create_table(
        TableName="open",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "Id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "Id", "AttributeType": "S"}],
    )["TableDescription"]
    assert "OnDemandThroughput" not in made
    dynamodb.delete_table(TableName="open")
