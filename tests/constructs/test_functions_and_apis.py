from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cdktn
import pytest

from revet.constructs import apigateway, ec2, kms, lambda_, logs, wafv2
from revet.constructs.lambda_.archive import pack
from revet.model.errors import ArgumentError
from revet.plan.lambda_runtimes import is_supported, runtimes

if TYPE_CHECKING:
    from tests.constructs.conftest import Made, Synthesize

SOURCE = Path(__file__).parent / "programs" / "function"


def sources(folder: Path) -> Path:
    folder.mkdir()
    (folder / "index.py").write_text("def handler(event, context):\n    return {}\n")
    (folder / "part").mkdir()
    (folder / "part" / "__init__.py").write_text("")
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "index.pyc").write_bytes(b"x")
    return folder


def test_an_archive_is_the_same_on_every_machine(tmp_path: Path) -> None:
    first, second = sources(tmp_path / "a"), sources(tmp_path / "b")
    (second / "part" / "__init__.py").chmod(0o700)
    os.utime(second / "index.py", (1, 1))
    content = pack(first)
    assert content == pack(second)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == ["index.py", "part/__init__.py"]
        for entry in archive.infolist():
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
            assert (entry.compress_type, entry.create_system) == (zipfile.ZIP_STORED, 3)
            assert entry.external_attr >> 16 == 0o100644
    (first / "index.py").write_text("changed")
    assert pack(first) != content


def test_what_lambda_cannot_take_is_not_packed(tmp_path: Path) -> None:
    folder = sources(tmp_path / "a")
    (folder / "large").write_bytes(b"\0" * (50 * 1024 * 1024))
    with pytest.raises(ArgumentError, match="source"):
        pack(folder)


def test_runtimes_have_a_day_and_new_ones_are_not_known() -> None:
    assert is_supported("python3.13")
    assert is_supported("python3.9") is False
    assert is_supported("python3.15") is False
    assert is_supported("python9.9") is None
    assert all(re.fullmatch(r"[a-z0-9.]+(-edge)?", name) for name in runtimes())


class Parts:
    """What an API needs."""

    def __init__(self, stack: cdktn.TerraformStack) -> None:
        self.key = kms.Key(stack, "key", description="x")
        group = logs.LogGroup(stack, "flow", key=self.key)
        vpc = ec2.Vpc(stack, "vpc", flow_log_group=group)
        self.security_group = ec2.SecurityGroup(stack, "functions", vpc=vpc, description="x")
        self.stack = stack

    def function(self, name: str, **arguments: Any) -> lambda_.Function:  # noqa: ANN401 - as Function
        return lambda_.Function(
            self.stack,
            name,
            description="x",
            source=SOURCE,
            security_group=self.security_group,
            key=self.key,
            **arguments,
        )

    def api(self, *methods: apigateway.Method, **arguments: Any) -> apigateway.RestApi:  # noqa: ANN401 - as RestApi
        return apigateway.RestApi(
            self.stack,
            "api",
            description="x",
            methods=methods,
            account=apigateway.Account(self.stack, "account"),
            web_acl=wafv2.WebAcl(self.stack, "firewall", key=self.key),
            key=self.key,
            **arguments,
        )


def test_a_function_is_private_and_can_do_what_it_needs_alone(
    stack: cdktn.TerraformStack, synthesized: Synthesize
) -> None:
    queue = "arn:aws:sqs:us-west-2:123456789012:failed"
    function = Parts(stack).function(
        "answer", environment={"TABLE": "orders"}, dead_letter_queue_arn=queue
    )
    function.allow("look", {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"})
    made = synthesized(stack)
    body = made.one("aws_lambda_function")
    assert (body["architectures"], body["runtime"]) == (["arm64"], "python3.13")
    assert "aws_kms_key" in body["kms_key_arn"]
    assert body["environment"] == {"variables": {"TABLE": "orders"}}
    assert all("private-subnet" in item for item in body["vpc_config"]["subnet_ids"])
    assert body["tracing_config"] == {"mode": "PassThrough"}
    assert body["dead_letter_config"] == {"target_arn": queue}
    group = body["logging_config"]["log_group"].removesuffix(".name}").removeprefix("${")
    (log,) = [item for item in made.all("aws_cloudwatch_log_group") if "answer" in item["name"]]
    assert (log["name"], log["retention_in_days"]) == ("app-answer-log-test", 90)
    assert group.startswith("aws_cloudwatch_log_group.answer")
    roles = made.json["resource"]["aws_iam_role"]
    (role,) = [name for name in roles if name.startswith("answer")]
    assert body["role"] == f"${{aws_iam_role.{role}.arn}}"
    (trust,) = json.loads(roles[role]["assume_role_policy"])["Statement"]
    assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}
    assert "aws:SourceAccount" in trust["Condition"]["StringEquals"]
    allowed = statements_of(made, role)
    assert {sid for sid in allowed if sid} == {
        "WriteLogEvents",
        "DecryptEnvironment",
        "NetworkInterfaces",
        "SeeNetworkInterfaces",
        "NoNetworkInterfacesByItsCode",
        "SendDeadLetters",
    }
    assert all("*" not in action for item in allowed.values() for action in item["Action"])
    assert allowed["SeeNetworkInterfaces"]["Resource"] == "*"
    of_code = allowed["NoNetworkInterfacesByItsCode"]
    assert of_code["Effect"] == "Deny"
    assert of_code["Condition"]["ArnEquals"]["lambda:SourceFunctionArn"].endswith(
        ":function:app-answer-test"
    )
    waits = {item.partition(".")[0] for item in body["depends_on"]}
    assert waits == {"aws_iam_role_policy"}
    assert len(body["depends_on"]) == 3


def statements_of(made: Made, role: str) -> dict[str, dict[str, Any]]:
    return {
        item.get("Sid", ""): item
        for policy in made.all("aws_iam_role_policy")
        if role in policy["role"]
        for item in json.loads(policy["policy"])["Statement"]
    }


def test_the_code_lies_beside_the_configuration(
    stack: cdktn.TerraformStack, synthesized: Synthesize
) -> None:
    Parts(stack).function("answer")
    body = synthesized(stack).one("aws_lambda_function")
    outdir = Path(cdktn.App.of(stack).outdir)
    content = (outdir / "stacks" / "stack" / body["filename"]).read_bytes()
    assert content == pack(SOURCE)
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    assert body["source_code_hash"] == digest


def test_every_method_asks_who_calls(stack: cdktn.TerraformStack, synthesized: Synthesize) -> None:
    parts = Parts(stack)
    answer, check = parts.function("answer"), parts.function("check")
    authorizer = apigateway.Authorizer("Clients", check)
    order = apigateway.Model("Order", {"type": "object", "required": ["symbol"]})
    parts.api(
        apigateway.Method("/orders", "POST", answer, authorizer, order),
        apigateway.Method("/orders/{id}", "GET", answer, authorizer, required=["header.X-Trace"]),
        apigateway.Method("/health", "GET", answer),
        cors=apigateway.Cors("https://app.example.com"),
    )
    made = synthesized(stack)
    methods = made.all("aws_api_gateway_method")
    asked = {"CUSTOM": 2, "AWS_IAM": 1, "NONE": 3}
    assert {kind: sum(item["authorization"] == kind for item in methods) for kind in asked} == asked
    for item in methods:
        preflight = item["http_method"] == "OPTIONS"
        assert (item["authorization"] == "NONE") is preflight
        assert item.get("api_key_required", False) is not preflight
    assert len(made.all("aws_api_gateway_resource")) == 3
    assert (
        len(made.all("aws_api_gateway_model")) == len(made.all("aws_api_gateway_authorizer")) == 1
    )
    assert made.one("aws_api_gateway_authorizer")["authorizer_result_ttl_in_seconds"] == 0
    sources = sorted(item["source_arn"] for item in made.all("aws_lambda_permission"))
    assert [item.partition("}/")[2] for item in sources] == [
        "authorizers/${aws_api_gateway_authorizer.api_authorizer-Clients_BCC2ABFC.id}",
        "v1/GET/health",
        "v1/GET/orders/*",
        "v1/POST/orders",
    ]
    assert {item["principal"] for item in made.all("aws_lambda_permission")} == {
        "apigateway.amazonaws.com"
    }
    deployed = made.one("aws_api_gateway_deployment")
    held = set(re.findall(r"aws_api_gateway_\w+\.[\w-]+", deployed["triggers"]["everything"]))
    assert held == set(deployed["depends_on"])
    parts_of_api = {
        "method",
        "integration",
        "integration_response",
        "method_response",
        "gateway_response",
        "model",
        "authorizer",
        "request_validator",
        "resource",
    }
    assert held == {
        address
        for address in made.addresses()
        if address.partition(".")[0].removeprefix("aws_api_gateway_") in parts_of_api
    }
    origins = {
        value
        for item in made.all("aws_api_gateway_integration_response")
        for name, value in item["response_parameters"].items()
        if name.endswith("Origin")
    }
    assert origins == {"'https://app.example.com'"}


def test_logs_hold_no_payload_and_keys_are_limited(
    stack: cdktn.TerraformStack, synthesized: Synthesize
) -> None:
    parts = Parts(stack)
    parts.api(
        apigateway.Method("/orders", "GET", parts.function("answer")), clients=["desk", "web"]
    )
    made = synthesized(stack)
    stage = made.one("aws_api_gateway_stage")
    written = json.loads(stage["access_log_settings"]["format"])
    assert {"$context.requestId", "$context.extendedRequestId"} < set(written.values())
    payload = r"path$|querystring|body|identity\.apiKey$|authorizer\.claims|requestOverride"
    assert not [item for item in written.values() if re.search(payload, item)]
    settings = made.one("aws_api_gateway_method_settings")
    assert settings["method_path"] == "*/*"
    assert settings["settings"] == {
        "metrics_enabled": True,
        "logging_level": "INFO",
        "data_trace_enabled": False,
    }
    (execution,) = [
        name
        for name, item in made.json["resource"]["aws_cloudwatch_log_group"].items()
        if item["name"].startswith("API-Gateway-Execution-Logs_${")
    ]
    assert f"aws_cloudwatch_log_group.{execution}" in stage["depends_on"]
    assert any(item.startswith("aws_api_gateway_account.") for item in stage["depends_on"])
    plan = made.one("aws_api_gateway_usage_plan")
    assert plan["throttle_settings"] == {"rate_limit": 1000, "burst_limit": 1000}
    assert len(made.all("aws_api_gateway_usage_plan_key")) == 2
    keys = made.all("aws_api_gateway_api_key")
    assert [item["name"] for item in keys] == ["app-api-desk-test", "app-api-web-test"]
    assert all("value" not in item for item in keys)
    assert "output" not in made.json
    assert made.one("aws_api_gateway_rest_api")["disable_execute_api_endpoint"] is False


def test_a_domain_takes_tls_1_2_and_is_the_only_name(
    stack: cdktn.TerraformStack, synthesized: Synthesize
) -> None:
    parts = Parts(stack)
    domain = apigateway.Domain(
        "api.example.com", "arn:aws:acm:us-west-2:123456789012:certificate/1"
    )
    api = parts.api(apigateway.Method("/orders", "GET", parts.function("answer")), domain=domain)
    assert api.url == "https://api.example.com"
    made = synthesized(stack)
    assert made.one("aws_api_gateway_domain_name")["security_policy"] == "TLS_1_2"
    assert made.one("aws_api_gateway_rest_api")["disable_execute_api_endpoint"] is True
    assert made.one("aws_api_gateway_base_path_mapping")["domain_name"]


@pytest.mark.parametrize(("rate", "burst"), [(1000, 1000), (1, 0), (5_000_000, 5_000_000)])
def test_the_firewall_admits_whoever_stays_within_the_plan(
    stack: cdktn.TerraformStack, synthesized: Synthesize, rate: int, burst: int
) -> None:
    key = kms.Key(stack, "key", description="x")
    acl = wafv2.WebAcl(stack, "firewall", key=key, requests_per_second=rate, burst=burst)
    made = synthesized(stack)
    rules = made.one("aws_wafv2_web_acl")["rule"]
    assert [item["priority"] for item in rules] == [0, 1, 2, 3]
    (limited,) = [item for item in rules if "rate_based_statement" in item["statement"]]
    rate_based = limited["statement"]["rate_based_statement"]
    assert rate_based["limit"] == acl.limit
    assert rate * 300 + burst <= acl.limit <= 2_000_000_000
    assert acl.limit >= 10
    assert rate_based["evaluation_window_sec"] == 300
    assert all(("override_action" in item) is ("action" not in item) for item in rules)
    logging = made.one("aws_wafv2_web_acl_logging_configuration")
    headers = [item["single_header"]["name"] for item in logging["redacted_fields"]]
    assert headers == ["authorization", "cookie", "x-api-key"]
    assert made.one("aws_cloudwatch_log_group")["name"] == "aws-waf-logs-app-firewall-test"
