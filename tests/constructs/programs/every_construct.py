"""Every construct with its required arguments only, as one stack."""

from __future__ import annotations

from revet.constructs import cloudtrail, ec2, iam, kms, logs, rds, s3
from revet.constructs.context import Context, Lifecycle
from revet.constructs.outputs import Outputs
from revet.synth import new_app

import cdktn  # isort: skip - after the choice of Node
from constructs import Construct  # isort: skip


def with_only_required_arguments(stack: cdktn.TerraformStack) -> dict[str, Construct]:
    """Make them; kind of construct to one of that kind."""
    name = Context.of(stack).name
    key = kms.Key(stack, "key", description="Data and secrets")
    # Logs and trails need a key whose policy admits the service, which no default can know.
    access = [
        kms.cloudwatch_logs(name("group", limit=512)),
        kms.cloudtrail(name("trail", limit=128)),
    ]
    logs_key = kms.Key(stack, "logs-key", description="Logs", service_access=access)
    group = logs.LogGroup(stack, "group", key=logs_key)
    vpc = ec2.Vpc(stack, "vpc", flow_log_group=group)
    service = iam.ServicePrincipal("ec2.amazonaws.com", "arn:aws:ec2:us-west-2:123456789012:*")
    return {
        "kms.Key": key,
        "s3.Bucket": s3.Bucket(stack, "bucket", key=key),
        "logs.LogGroup": group,
        "ec2.Vpc": vpc,
        "ec2.SecurityGroup": ec2.SecurityGroup(stack, "closed", vpc=vpc, description="Nothing"),
        "cloudtrail.Trail": cloudtrail.Trail(stack, "trail", key=logs_key),
        "rds.Instance": rds.Instance(stack, "database", vpc=vpc, key=key, secret_key=key),
        "iam.Role": iam.Role(stack, "role", description="Nothing", assumed_by=service),
        "revet.Outputs": Outputs(stack, "outputs", values={"key_arn": key.arn}),
        "revet.Context": Context.of(stack),
    }


def main() -> None:
    """Synthesize them as a stack of their own."""
    app = new_app()
    stack = cdktn.TerraformStack(app, "every")
    cdktn.S3Backend(stack, bucket="states", key="every.tfstate", region="us-west-2", encrypt=True)
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
