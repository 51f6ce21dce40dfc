"""What one call lists: one of each with tags, and one that never had any."""

from __future__ import annotations

import io
import zipfile
from typing import Any

Boto = Any  # boto3 knows services only as literals

OWNER = [{"Key": "Owner", "Value": "security"}]
TRUST = '{"Version": "2012-10-17", "Statement": []}'
DONE = '{"StartAt": "done", "States": {"done": {"Type": "Succeed"}}}'


def make(session: Boto) -> None:
    subnets = session.client("ec2").describe_subnets()["Subnets"]
    iam = session.client("iam")
    role = iam.create_role(RoleName="listed", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    for name in ("full", "bare"):
        tags: dict[str, Any] = {"Tags": OWNER} if name == "full" else {}
        _rds(session, name, tags)
        _alarm(session, name, tags)
        balancer = session.client("elbv2")
        balancer.create_load_balancer(
            Name=name, Subnets=[subnet["SubnetId"] for subnet in subnets[:2]], **tags
        )
        balancer.create_target_group(
            Name=name, Protocol="HTTP", Port=80, VpcId=subnets[0]["VpcId"], **tags
        )
        session.client("stepfunctions").create_state_machine(
            name=name,
            definition=DONE,
            roleArn=role,
            tags=[{"key": "Owner", "value": "security"}] if tags else [],
        )
        session.client("lambda").create_function(
            FunctionName=name,
            Runtime="python3.13",
            Role=role,
            Handler="index.handler",
            Code={"ZipFile": _code()},
            **({"Tags": {"Owner": "security"}} if tags else {}),
        )


def _rds(session: Boto, name: str, tags: dict[str, Any]) -> None:
    rds = session.client("rds")
    rds.create_db_parameter_group(
        DBParameterGroupName=name, DBParameterGroupFamily="postgres16", Description=name, **tags
    )
    rds.create_db_cluster_parameter_group(
        DBClusterParameterGroupName=name,
        DBParameterGroupFamily="aurora-postgresql16",
        Description=name,
        **tags,
    )


def _alarm(session: Boto, name: str, tags: dict[str, Any]) -> None:
    session.client("cloudwatch").put_metric_alarm(
        AlarmName=name,
        MetricName="Errors",
        Namespace="Tests",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
        **tags,
    )


def _code() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("index.py", "def handler(event, context): return event")
    return written.getvalue()
