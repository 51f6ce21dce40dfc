"""Every construct with its required arguments only, as one stack."""

from __future__ import annotations

from pathlib import Path

from revet.constructs import (
    apigateway,
    cloudtrail,
    cloudwatch,
    config,
    dynamodb,
    ec2,
    firehose,
    iam,
    kms,
    lambda_,
    logs,
    rds,
    s3,
    sns,
    sqs,
    ssm,
    wafv2,
)
from revet.constructs.context import Context, Lifecycle
from revet.constructs.outputs import Outputs
from revet.constructs.state_backend import StateBackend
from revet.synth import new_app

import cdktn  # isort: skip - after the choice of Node
from constructs import Construct  # isort: skip


def with_only_required_arguments(stack: cdktn.TerraformStack) -> dict[str, Construct]:
    """Make them; kind of construct to one of that kind."""
    name = Context.of(stack).name
    key = kms.Key(stack, "key", description="Data and secrets")
    tables_key = kms.Key(stack, "tables-key", description="Tables")
    # Logs and trails need a key whose policy admits the service, which no default can know.
    access = [
        kms.cloudwatch_logs(
            name("group", limit=512),
            name("answer-log", limit=512),
            name("api-access", limit=512),
            f"aws-waf-logs-{name('firewall', limit=128)}",
            rds.postgresql_log_group(name("cluster", limit=63)),
        ),
        kms.api_gateway_execution_logs("v1"),
        kms.cloudtrail(name("trail", limit=128)),
        kms.config(),
        kms.cloudwatch_alarms(),
    ]
    logs_key = kms.Key(stack, "logs-key", description="Logs", service_access=access)
    group = logs.LogGroup(stack, "group", key=logs_key)
    vpc = ec2.Vpc(stack, "vpc", flow_log_group=group)
    guard = iam.MfaGuard(stack, "mfa-guard")
    service = iam.ServicePrincipal("ec2.amazonaws.com", "arn:aws:ec2:us-west-2:123456789012:*")
    closed = ec2.SecurityGroup(stack, "closed", vpc=vpc, description="Nothing")
    other = ec2.SecurityGroup(stack, "other", vpc=vpc, description="Whoever connects")
    closed.allow_from(other, port=443, description="TLS from the other group")
    role = iam.Role(stack, "role", description="Nothing", assumed_by=service)
    correcting = iam.Role(
        stack,
        "correcting",
        description="Corrects",
        assumed_by=iam.ServicePrincipal(
            "ssm.amazonaws.com", "arn:aws:ssm:us-west-2:123456789012:automation-execution/*"
        ),
    )
    delivered = s3.Bucket(stack, "config", key=logs_key, service_access=[s3.config()])
    recorder = config.Recorder(stack, "recorder", bucket=delivered)
    managed = config.ManagedRule(
        stack, "encrypted", recorder=recorder, identifier="S3_DEFAULT_ENCRYPTION_KMS"
    )
    stream = firehose.DeliveryStream(
        stack, "archive", bucket=delivered, key=logs_key, log_group=group
    )
    firehose.SubscriptionFilter(
        stack, "critical-only", log_group=group, stream=stream, pattern="?ERROR ?CRITICAL"
    )
    counted = logs.MetricFilter(stack, "critical", log_group=group, pattern="?ERROR ?CRITICAL")
    told = sns.Topic(stack, "alarms", key=logs_key, service_access=[sns.cloudwatch_alarms()])
    automation = ssm.Automation(
        stack,
        "block",
        description="Looks at a bucket",
        parameters={"BucketName": "The bucket"},
        steps=[ssm.ApiCall("Look", "s3", "HeadBucket", {"Bucket": "{{ BucketName }}"})],
    )
    answer = lambda_.Function(
        stack,
        "answer",
        description="Answers",
        source=Path(__file__).parent / "function",
        security_group=other,
        key=logs_key,
    )
    account = apigateway.Account(stack, "api-logs")
    firewall = wafv2.WebAcl(stack, "firewall", key=logs_key)
    return {
        "lambda_.Function": answer,
        "apigateway.Account": account,
        "wafv2.WebAcl": firewall,
        "apigateway.RestApi": apigateway.RestApi(
            stack,
            "api",
            description="Says that it is there",
            methods=[apigateway.Method("/answers", "GET", answer)],
            account=account,
            web_acl=firewall,
            key=logs_key,
        ),
        "ec2.GatewayEndpoint": ec2.GatewayEndpoint(stack, "s3", vpc=vpc, service="s3"),
        "ec2.InterfaceEndpoint": ec2.InterfaceEndpoint(
            stack, "kms", vpc=vpc, service="kms", security_group=closed
        ),
        "ec2.NetworkAcl": ec2.NetworkAcl(stack, "private", vpc=vpc),
        "iam.Boundary": iam.Boundary(stack, "boundary", services=["s3"]),
        "config.Recorder": recorder,
        "config.ManagedRule": managed,
        "config.Remediation": config.Remediation(
            stack,
            "correct",
            rule=managed,
            automation=automation,
            role=correcting,
            resource_type="AWS::S3::Bucket",
            resource_parameter="BucketName",
        ),
        "ssm.Automation": automation,
        "firehose.DeliveryStream": stream,
        "firehose.SubscriptionFilter": firehose.SubscriptionFilter(
            stack, "all-events", log_group=group, stream=stream
        ),
        "logs.MetricFilter": counted,
        "sns.Topic": told,
        "sqs.Queue": sqs.Queue(stack, "letters", key=key),
        "s3.Notification": s3.Notification(
            stack, "news", bucket=delivered, function=answer, prefix="raw/"
        ),
        "cloudwatch.Alarm": cloudwatch.Alarm(
            stack,
            "critical-events",
            metric=counted.metric,
            topic=told,
            description="Look into the log",
        ),
        "kms.Key": key,
        "s3.Bucket": s3.Bucket(stack, "bucket", key=key),
        "logs.LogGroup": group,
        "ec2.Vpc": vpc,
        "ec2.SecurityGroup": closed,
        "cloudtrail.Trail": cloudtrail.Trail(stack, "trail", key=logs_key),
        "rds.Instance": rds.Instance(stack, "database", vpc=vpc, key=key, secret_key=key),
        "rds.Cluster": rds.Cluster(
            stack, "cluster", vpc=vpc, key=key, secret_key=key, log_key=logs_key
        ),
        "iam.Role": role,
        "iam.Group": iam.Group(stack, "people", mfa_guard=guard),
        "iam.MfaGuard": guard,
        "dynamodb.Table": dynamodb.Table(stack, "table", key=tables_key, hash_key="Id"),
        "revet.StateBackend": StateBackend(
            stack,
            "state",
            bucket="states",
            bucket_region="us-west-2",
            environment_suffix="test",
        ),
        "revet.Outputs": Outputs(stack, "outputs", values={"key_arn": key.arn}),
        "revet.Context": Context.of(stack),
    }


def main() -> None:
    """Synthesize them as a stack of their own."""
    app = new_app()
    stack = cdktn.TerraformStack(app, "every")
    Context(
        stack,
        prefix="app",
        environment_suffix="test",
        region="us-west-2",
        lifecycle=Lifecycle.EPHEMERAL,
        tags={"Environment": "test", "Owner": "tests", "Purpose": "testing"},
    )
    with_only_required_arguments(stack)
    app.synth()


if __name__ == "__main__":
    main()
