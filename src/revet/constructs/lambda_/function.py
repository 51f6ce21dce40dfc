"""A function in private subnets, with a role and a log of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import cdktn
from cdktn_provider_aws.lambda_function import (
    LambdaFunction,
    LambdaFunctionDeadLetterConfig,
    LambdaFunctionEnvironment,
    LambdaFunctionLoggingConfig,
    LambdaFunctionTracingConfig,
    LambdaFunctionVpcConfig,
)
from cdktn_provider_aws.lambda_permission import LambdaPermission
from constructs import Construct

from revet.constructs.arguments import (
    check_choice,
    check_items,
    check_match,
    check_range,
    check_text,
    refuse,
)
from revet.constructs.context import Context
from revet.constructs.ec2.security_group import SecurityGroup
from revet.constructs.grant import Grant, Grantee
from revet.constructs.iam.boundary import Boundary
from revet.constructs.iam.role import Role
from revet.constructs.iam.trust import FunctionPrincipal
from revet.constructs.kms.key import Key
from revet.constructs.lambda_.archive import pack, write_archive
from revet.constructs.logs.group import RETENTION_DAYS, LogGroup
from revet.constructs.placement import check_construct, check_scope, place
from revet.constructs.policy import PolicyStatement, statement
from revet.constructs.record import make_record
from revet.plan.lambda_runtimes import is_supported, runtimes

_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_]*")
_HANDLER = re.compile(r"[^\s:]{1,128}")
_ARN = re.compile(r"arn:.+|\$\{.+", re.DOTALL)
_SERVICE = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
# Source: Lambda developer guide, "Required IAM permissions" of functions in a VPC. Only what EC2
# cannot limit to resources is given on all of them.
_INTERFACES = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:UnassignPrivateIpAddresses",
)
# Version 5 of the provider refuses what came after it; the stack is for both.
_ONLY_IN_6 = (
    *("dotnet10", "java8.al2023", "java11.al2023", "java17.al2023", "java25"),
    *("nodejs24.x", "python3.14", "ruby4.0"),
)
RUNTIMES = tuple(one for one in runtimes() if is_supported(one) and one not in _ONLY_IN_6)
_ACCOUNT = re.compile(r"[0-9]{12}|\$\{.+", re.DOTALL)
_DESCRIBE = ("ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets")


class Function(Construct):
    """A function on arm64 in private subnets, with a role, a log and a key of its own.

    Makes `aws_lambda_function`, for each service that may call it `aws_lambda_permission`, its role
    (`iam.Role`) and its log group (`logs.LogGroup`). The sources are packed when the stack is
    synthesized, into `assets/` beside the configuration.

    Defaults, each with the control that asks for it:
        - a runtime that AWS patches (`lambda-function-runtime`);
        - the environment is encrypted with `key` (`lambda-function-environment-encryption`);
        - in the private subnets of the security group's VPC (`lambda-function-vpc`);
        - a role of its own (`lambda-function-own-role`), which writes this log, has network
          interfaces made by Lambda but not by its own code, and can do no more until something is
          granted;
        - only a service that is named with the resource it acts for may call it
          (`lambda-permission-source`);
        - a log group that is encrypted and ends (`logs-group-encryption`, `logs-group-retention`),
          made before the function, which could make no other;
        - no tracing: X-Ray would keep what is not asked for;
        - the stack's tags (`tags-required`).

    Args:
        scope: the stack, or a construct in it.
        construct_id: id in the scope, and middle part of the names.
        description: what it does.
        source: folder of its code.
        security_group: says whom it may connect to; its VPC is where the function is.
        key: encrypts the environment and the log; its policy must admit CloudWatch Logs for the
            log group, `kms.cloudwatch_logs(…)` of `{prefix}-{id}-log-{suffix}`.
        handler: module and function in it.
        runtime: of Lambda, one that both versions of the provider take.
        environment: variables; no secrets, which belong to Secrets Manager.
        subnet_ids: other subnets of that VPC; by default its private ones.
        memory_size: MB, 128 to 10240.
        timeout: seconds, 1 to 900.
        reserved_concurrent_executions: how many run at once, and are kept for it; None for what the
            account has left.
        dead_letter_queue_arn: SQS queue for events that failed when nobody waits for the answer.
        retention_in_days: of the log.
        boundary: limits the role.

    Raises:
        ArgumentError: a folder without sources, a runtime that AWS does not patch, or another
            argument that Lambda does not take.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        description: str,
        source: Path,
        security_group: SecurityGroup,
        key: Key,
        handler: str = "index.handler",
        runtime: str = "python3.13",
        environment: Mapping[str, str] | None = None,
        subnet_ids: Sequence[str] | None = None,
        memory_size: int = 256,
        timeout: int = 30,
        reserved_concurrent_executions: int | None = None,
        dead_letter_queue_arn: str = "",
        retention_in_days: int = 90,
        boundary: Boundary | None = None,
    ) -> None:
        context = place(scope, construct_id)
        name = context.name(construct_id, limit=64)
        check_text("description", description, 1, 256, "say what it does")
        check_construct("security_group", security_group, SecurityGroup, context)
        check_construct("key", key, Key, context)
        _check_source(source)
        check_match("handler", handler, _HANDLER, "`module.function`", "name the function")
        check_choice("runtime", runtime, RUNTIMES)
        variables = _check_environment(environment)
        if subnet_ids is not None:
            check_items("subnet_ids", subnet_ids, str, "name the ids of subnets")
        check_range("memory_size", memory_size, 128, 10240, "MB")
        check_range("timeout", timeout, 1, 900, "seconds")
        if reserved_concurrent_executions is not None:
            reserved = reserved_concurrent_executions
            check_range("reserved_concurrent_executions", reserved, 1, 1000, "executions")
        _check_queue(dead_letter_queue_arn)
        check_choice("retention_in_days", retention_in_days, RETENTION_DAYS)
        if boundary is not None:
            check_construct("boundary", boundary, Boundary, context)
        super().__init__(scope, construct_id)
        self.name = name
        self.log_group = LogGroup(
            self, f"{construct_id}-log", key=key, retention_in_days=retention_in_days
        )
        self.role = Role(
            self,
            f"{construct_id}-role",
            description=f"Function {name}",
            assumed_by=FunctionPrincipal(),
            boundary=boundary,
        )
        granted = self._grant(context, key, dead_letter_queue_arn)
        self.resource = LambdaFunction(
            self,
            "function",
            function_name=name,
            description=description,
            role=self.role.arn,
            runtime=runtime,
            architectures=["arm64"],
            handler=handler,
            package_type="Zip",
            memory_size=memory_size,
            timeout=timeout,
            reserved_concurrent_executions=reserved_concurrent_executions,
            kms_key_arn=key.arn,
            environment=LambdaFunctionEnvironment(variables=variables) if variables else None,
            vpc_config=LambdaFunctionVpcConfig(
                subnet_ids=security_group.vpc.private_subnet_ids
                if subnet_ids is None
                else list(subnet_ids),
                security_group_ids=[security_group.resource.id],
            ),
            tracing_config=LambdaFunctionTracingConfig(mode="PassThrough"),
            logging_config=LambdaFunctionLoggingConfig(
                log_format="JSON", log_group=self.log_group.resource.name
            ),
            dead_letter_config=LambdaFunctionDeadLetterConfig(target_arn=dead_letter_queue_arn)
            if dead_letter_queue_arn
            else None,
            depends_on=list(granted.policies),  # Lambda looks at once whether the role may
            tags=context.tags_for(name),
        )
        self._add_code(source)
        self.arn: str = self.resource.arn
        self.invoke_arn: str = self.resource.invoke_arn
        self._made: list[cdktn.TerraformResource] = [self.resource]
        context.records.append(make_record(self, "lambda_.Function", self._made))

    def _grant(self, context: Context, key: Key, queue: str) -> Grant:
        """What it needs before it exists."""
        function = {
            "ArnEquals": {
                "lambda:SourceFunctionArn": context.arn("lambda", f"function:{self.name}")
            }
        }
        granted = self.log_group.grant_write(self.role) + self.role.allow(
            f"{self.node.id}-run",
            statement("DecryptEnvironment", actions="kms:Decrypt", resources=key.arn),
            statement(
                "NetworkInterfaces", actions=_INTERFACES, resources=context.arn("ec2", "*/*")
            ),
            statement("SeeNetworkInterfaces", actions=_DESCRIBE),
            statement(
                "NoNetworkInterfacesByItsCode",
                effect="Deny",
                actions=(*_INTERFACES, *_DESCRIBE),
                conditions=function,
            ),
        )
        if queue:
            granted += self.role.allow(
                f"{self.node.id}-dead-letters",
                statement("SendDeadLetters", actions="sqs:SendMessage", resources=queue),
            )
        return granted

    def _add_code(self, source: Path) -> None:
        """Pack the code beside the configuration, under a name that says whose it is."""
        stack = cdktn.TerraformStack.of(self)
        app = cdktn.App.of(self)
        file = f"assets/{self.node.path.partition('/')[2]}.zip"
        target = Path(app.outdir, "stacks", stack.node.id, file)
        self.resource.source_code_hash = write_archive(source, target)
        self.resource.filename = file

    def allow(self, policy_name: str, *statements: PolicyStatement) -> Grant:
        """Let the function do something; what is granted to it is granted to its role.

        Args:
            policy_name: unique in the role, and middle part of the policy's name.
            statements: what is allowed.

        Raises:
            ArgumentError: a name that is taken.
        """
        return self.role.allow(policy_name, *statements)

    def grant_invoke(self, grantee: Grantee) -> Grant:
        """Let a role call the function.

        Args:
            grantee: the role, or another function.
        """
        return grantee.allow(
            f"{self.node.id}-invoke",
            statement("Invoke", actions="lambda:InvokeFunction", resources=self.arn),
        )

    def allow_invoke_from(
        self, name: str, *, service: str, source_arn: str, source_account: str = ""
    ) -> LambdaPermission:
        """Let a service call the function on behalf of one resource.

        Args:
            name: of the permission, unique in the function.
            service: the principal, `apigateway.amazonaws.com`.
            source_arn: ARN, or pattern of it, of the resource that the service acts for.
            source_account: that owns it, where the ARN does not say it: of a bucket.

        Returns:
            The permission, to depend on.

        Raises:
            ArgumentError: no service, no ARN, or a name that is taken.
        """
        check_scope(self, name)
        check_match("service", service, _SERVICE, "a service principal", "name the service")
        check_match("source_arn", source_arn, _ARN, "a source ARN", "name what it acts for")
        if source_account != "":
            check_match(
                "source_account",
                source_account,
                _ACCOUNT,
                "twelve digits",
                "name the account, `context.account_id`",
            )
        made = LambdaPermission(
            self,
            name,
            statement_id=name,
            action="lambda:InvokeFunction",
            function_name=self.resource.function_name,
            principal=service,
            source_arn=source_arn,
            source_account=source_account or None,
        )
        self._made.append(made)
        return made


def _check_source(source: object) -> None:
    if not isinstance(source, Path) or not source.is_dir():
        refuse("source", source, "the `Path` of a folder", "name the folder of the code")
    pack(source)


def _check_environment(environment: object) -> dict[str, str]:
    if environment is None:
        return {}
    if not isinstance(environment, Mapping):
        refuse("environment", environment, "names and texts", "write a dictionary")
    for name, value in environment.items():
        check_match("environment", name, _NAME, "letters, digits and `_`", "rename it")
        check_text(f"environment[{name!r}]", value, 1, 4096, "give it a value")
    return dict(environment)


def _check_queue(queue: object) -> None:
    if queue != "":
        check_match("dead_letter_queue_arn", queue, _ARN, "an ARN", "pass the queue's ARN")
