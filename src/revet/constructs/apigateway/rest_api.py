"""A REST API of a region: keys, a plan, a firewall, and logs without payloads."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

import cdktn
from cdktn_provider_aws.api_gateway_api_key import ApiGatewayApiKey
from cdktn_provider_aws.api_gateway_base_path_mapping import ApiGatewayBasePathMapping
from cdktn_provider_aws.api_gateway_deployment import ApiGatewayDeployment
from cdktn_provider_aws.api_gateway_domain_name import (
    ApiGatewayDomainName,
    ApiGatewayDomainNameEndpointConfiguration,
)
from cdktn_provider_aws.api_gateway_method_settings import (
    ApiGatewayMethodSettings,
    ApiGatewayMethodSettingsSettings,
)
from cdktn_provider_aws.api_gateway_rest_api import (
    ApiGatewayRestApi,
    ApiGatewayRestApiEndpointConfiguration,
)
from cdktn_provider_aws.api_gateway_stage import ApiGatewayStage, ApiGatewayStageAccessLogSettings
from cdktn_provider_aws.api_gateway_usage_plan import (
    ApiGatewayUsagePlan,
    ApiGatewayUsagePlanApiStages,
    ApiGatewayUsagePlanThrottleSettings,
)
from cdktn_provider_aws.api_gateway_usage_plan_key import ApiGatewayUsagePlanKey
from cdktn_provider_aws.wafv2_web_acl_association import Wafv2WebAclAssociation
from constructs import Construct

from revet.constructs.apigateway.account import Account
from revet.constructs.apigateway.declaration import (
    MOST_REQUESTS,
    Cors,
    Domain,
    Method,
    Plan,
    check_clients,
)
from revet.constructs.apigateway.methods import add_methods, check_methods
from revet.constructs.arguments import (
    check_choice,
    check_items,
    check_match,
    check_range,
    check_text,
    refuse,
)
from revet.constructs.blocks import blocks
from revet.constructs.context import Context
from revet.constructs.grant import Grant, Grantee
from revet.constructs.kms.key import Key
from revet.constructs.logs.group import RETENTION_DAYS, LogGroup
from revet.constructs.placement import check_construct, place
from revet.constructs.policy import statement
from revet.constructs.record import make_record
from revet.constructs.wafv2.web_acl import WebAcl

_STAGE = re.compile(r"[A-Za-z0-9_]{1,128}")
# What the access log says of a request: neither its body, nor its query or path as sent, which may
# hold card data, nor the key itself. The caller can choose `requestId`, not `extendedRequestId`.
# Source: API Gateway developer guide, "$context Variables for data models, authorizers, mapping
# templates, and CloudWatch access logging".
ACCESS_LOG = {
    "requestId": "$context.requestId",
    "extendedRequestId": "$context.extendedRequestId",
    "time": "$context.requestTime",
    "ip": "$context.identity.sourceIp",
    "apiKeyId": "$context.identity.apiKeyId",
    "principal": "$context.authorizer.principalId",
    "httpMethod": "$context.httpMethod",
    "resourcePath": "$context.resourcePath",
    "protocol": "$context.protocol",
    "status": "$context.status",
    "error": "$context.error.responseType",
    "waf": "$context.wafResponseCode",
    "responseLength": "$context.responseLength",
    "responseLatency": "$context.responseLatency",
    "integrationLatency": "$context.integrationLatency",
}


class RestApi(Construct):
    """A regional REST API whose methods functions answer.

    Makes `aws_api_gateway_rest_api`, for the paths `aws_api_gateway_resource`, for the methods
    `aws_api_gateway_method`, `aws_api_gateway_integration`, `aws_api_gateway_method_response` and
    `aws_api_gateway_integration_response`, `aws_api_gateway_model`,
    `aws_api_gateway_request_validator`, `aws_api_gateway_authorizer`,
    `aws_api_gateway_gateway_response`, `aws_api_gateway_deployment`, `aws_api_gateway_stage`,
    `aws_api_gateway_method_settings`, `aws_wafv2_web_acl_association`, `aws_api_gateway_api_key`,
    `aws_api_gateway_usage_plan`, `aws_api_gateway_usage_plan_key`, with a domain
    `aws_api_gateway_domain_name` and `aws_api_gateway_base_path_mapping`, the log groups
    (`logs.LogGroup`), and at the functions the permission to call them.

    Defaults, each with the control that asks for it:
        - no method is open but `OPTIONS`: an authorizer decides, or IAM
          (`apigateway-method-authorization`);
        - every method asks for a key, which identifies and authenticates nobody, and a plan limits
          each key (`apigateway-usage-plan`). AWS makes the keys; they are in Terraform's state, and
          in no output;
        - bodies and parameters are validated before a function is called;
        - a deployment that is replaced whenever anything in it changes;
        - access and execution logs without payloads, in encrypted log groups that end
          (`apigateway-stage-logging`), and metrics;
        - a firewall (`apigateway-stage-waf`);
        - with a domain TLS 1.2 (`apigateway-domain-tls`) and no other name;
        - the stack's tags (`tags-required`).

    Args:
        scope: the stack, or a construct in it.
        construct_id: id in the scope, and middle part of the names.
        description: what the API is for.
        methods: what it offers.
        account: the role by which its logs are written.
        web_acl: the firewall before it.
        key: encrypts the logs; its policy must admit CloudWatch Logs for
            `{prefix}-{id}-access-{suffix}` (`kms.cloudwatch_logs`) and for the execution logs of
            the stage (`kms.api_gateway_execution_logs`).
        stage_name: of the one stage, the first part of every path.
        clients: who gets a key each; words of `a-z`, `0-9` and inner hyphens.
        rate_limit: requests each second for each key, 1 to 10000, the account's own limit.
        burst_limit: requests at once for each key, 1 to 10000.
        plans: further clients, with limits of their own.
        cors: pages that may call it from a browser.
        domain: a name of one's own.
        logging_level: of the execution log, `INFO` or `ERROR`.
        retention_in_days: of the logs.

    Raises:
        ArgumentError: an argument that API Gateway does not take, or a construct of another stack.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        description: str,
        methods: Sequence[Method],
        account: Account,
        web_acl: WebAcl,
        key: Key,
        stage_name: str = "v1",
        clients: Sequence[str] = ("client",),
        rate_limit: int = 1000,
        burst_limit: int = 1000,
        plans: Sequence[Plan] = (),
        cors: Cors | None = None,
        domain: Domain | None = None,
        logging_level: str = "INFO",
        retention_in_days: int = 90,
    ) -> None:
        context = place(scope, construct_id)
        name = context.name(construct_id, limit=255)
        check_text("description", description, 1, 1024, "say what the API is for")
        check_methods(methods, context)
        check_construct("account", account, Account, context)
        check_construct("web_acl", web_acl, WebAcl, context)
        check_construct("key", key, Key, context)
        check_match("stage_name", stage_name, _STAGE, "letters, digits and `_`", "rename the stage")
        check_clients("clients", clients)
        check_range("rate_limit", rate_limit, 1, MOST_REQUESTS, "requests each second")
        check_range("burst_limit", burst_limit, 1, MOST_REQUESTS, "requests")
        _check_plans(plans, clients)
        if cors is not None:
            if not isinstance(cors, Cors):
                refuse("cors", cors, "an `apigateway.Cors`", "name the origin")
            cors.check()
        if domain is not None:
            if not isinstance(domain, Domain):
                refuse("domain", domain, "an `apigateway.Domain`", "name it and its certificate")
            domain.check()
        check_choice("logging_level", logging_level, ("INFO", "ERROR"))
        check_choice("retention_in_days", retention_in_days, RETENTION_DAYS)
        super().__init__(scope, construct_id)
        self.name = name
        self.stage_name = stage_name
        self._made: list[cdktn.TerraformResource] = []
        self.resource = ApiGatewayRestApi(
            self,
            "api",
            name=name,
            description=description,
            api_key_source="HEADER",
            disable_execute_api_endpoint=domain is not None,
            endpoint_configuration=ApiGatewayRestApiEndpointConfiguration(types=["REGIONAL"]),
            tags=context.tags_for(name),
        )
        deployed = add_methods(self, self.resource, methods, stage_name, cors)
        self._add_logs(key, retention_in_days)
        self._add_stage(context, account, deployed, logging_level)
        self.association = Wafv2WebAclAssociation(
            self, "firewall", resource_arn=self.stage.arn, web_acl_arn=web_acl.arn
        )
        self.usage_plan = self._add_plan(context, Plan("", clients, rate_limit, burst_limit))
        for plan in plans:
            self._add_plan(context, plan)
        self._add_domain(context, domain)
        self._made += [self.resource, *deployed, self.association]
        context.records.append(make_record(self, "apigateway.RestApi", self._made))

    def _add_logs(self, key: Key, days: int) -> None:
        self.access_log_group = LogGroup(
            self, f"{self.node.id}-access", key=key, retention_in_days=days
        )
        self.execution_log_group = LogGroup(
            self,
            f"{self.node.id}-execution",
            key=key,
            retention_in_days=days,
            name=f"API-Gateway-Execution-Logs_{self.resource.id}/{self.stage_name}",
        )

    def _add_stage(
        self,
        context: Context,
        account: Account,
        deployed: Sequence[cdktn.TerraformResource],
        level: str,
    ) -> None:
        """Deploy, make the stage, and have it log; its group exists first, encrypted."""
        # Without what is empty: the provider says null of it after an apply, and `{}` or `[]` when
        # it has read it again, which would replace the deployment.
        items = ", ".join(item.fqn for item in deployed)
        kept = "for name, one in item : name => one if one != null && try(length(one), 1) > 0"
        everything = f"jsonencode([for item in [{items}] : {{{kept}}}])"
        self.deployment = ApiGatewayDeployment(
            self,
            "deployment",
            rest_api_id=self.resource.id,
            description="Replaced when anything that it holds changes",
            triggers={"everything": f"${{sha1({everything})}}"},
            depends_on=list(deployed),
            lifecycle=cdktn.TerraformResourceLifecycle(create_before_destroy=True),
        )
        self.stage = ApiGatewayStage(
            self,
            "stage",
            rest_api_id=self.resource.id,
            deployment_id=self.deployment.id,
            stage_name=self.stage_name,
            description=f"The stage of {self.name}",
            access_log_settings=ApiGatewayStageAccessLogSettings(
                destination_arn=self.access_log_group.arn,
                format=json.dumps(ACCESS_LOG, separators=(",", ":")),
            ),
            xray_tracing_enabled=False,
            depends_on=[account.resource, self.execution_log_group.resource],
            tags=context.tags_for(self.name),
        )
        self.arn: str = self.stage.arn
        self.settings = ApiGatewayMethodSettings(
            self,
            "settings",
            rest_api_id=self.resource.id,
            stage_name=self.stage.stage_name,
            method_path="*/*",
            settings=ApiGatewayMethodSettingsSettings(
                metrics_enabled=True, logging_level=level, data_trace_enabled=False
            ),
        )
        self._made += [self.deployment, self.stage, self.settings]

    def _add_plan(self, context: Context, plan: Plan) -> ApiGatewayUsagePlan:
        """A plan and a key for each of its clients; the API's own has no name of its own."""
        own = f"{self.node.id}-{plan.name}" if plan.name else self.node.id
        name = context.name(own, limit=255)
        made = ApiGatewayUsagePlan(
            self,
            f"plan-of-{plan.name}" if plan.name else "plan",
            name=name,
            description=f"{plan.rate_limit} requests each second for each key",
            api_stages=blocks(
                ApiGatewayUsagePlanApiStages(api_id=self.resource.id, stage=self.stage.stage_name)
            ),
            throttle_settings=ApiGatewayUsagePlanThrottleSettings(
                rate_limit=plan.rate_limit, burst_limit=plan.burst_limit
            ),
            tags=context.tags_for(name),
        )
        self._made.append(made)
        for client in plan.clients:
            key_name = context.name(f"{self.node.id}-{client}", limit=255)
            key = ApiGatewayApiKey(
                self,
                f"key-{client}",
                name=key_name,
                description=f"Identifies {client}; AWS made the value",
                enabled=True,
                tags=context.tags_for(key_name),
            )
            member = ApiGatewayUsagePlanKey(
                self,
                f"plan-{client}",
                key_id=key.id,
                key_type="API_KEY",
                usage_plan_id=made.id,
            )
            self._made += [key, member]
        return made

    def _add_domain(self, context: Context, domain: Domain | None) -> None:
        self.domain: ApiGatewayDomainName | None = None
        if domain is None:
            self.url: str = self.stage.invoke_url
            return
        self.url = f"https://{domain.name}"
        self.domain = ApiGatewayDomainName(
            self,
            "domain",
            domain_name=domain.name,
            regional_certificate_arn=domain.certificate_arn,
            security_policy="TLS_1_2",
            endpoint_configuration=ApiGatewayDomainNameEndpointConfiguration(types=["REGIONAL"]),
            tags=context.tags_for(self.name),
        )
        mapping = ApiGatewayBasePathMapping(
            self,
            "mapping",
            api_id=self.resource.id,
            stage_name=self.stage.stage_name,
            domain_name=self.domain.domain_name,
        )
        self._made += [self.domain, mapping]

    def grant_invoke(self, grantee: Grantee) -> Grant:
        """Let a role call the methods for which IAM decides.

        Args:
            grantee: the role.
        """
        return grantee.allow(
            f"{self.node.id}-invoke",
            statement(
                "InvokeApi",
                actions="execute-api:Invoke",
                resources=f"{self.resource.execution_arn}/{self.stage_name}/*",
            ),
        )


def _check_plans(plans: Sequence[Plan], clients: Sequence[str]) -> None:
    check_items("plans", plans, Plan, "`apigateway.Plan(…)` is one")
    for plan in plans:
        plan.check()
    everybody = [*clients, *(client for plan in plans for client in plan.clients)]
    names = [plan.name for plan in plans]
    if len(set(everybody)) < len(everybody) or len(set(names)) < len(names):
        refuse("plans", names, "names and clients that no other plan has", "rename them")
