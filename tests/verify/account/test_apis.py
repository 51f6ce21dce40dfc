"""Functions, APIs and web ACLs as an account has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from revet.model.finding import Status
from revet.verify.read_only import ReadDeniedError

Audit = Any  # of conftest.py, which the test folders cannot import
PASS, FAIL = Status.PASS, Status.FAIL
_4XX, _5XX = "DEFAULT_4XX", "DEFAULT_5XX"
CORS = "apigateway-cors"


def named(whole: Audit, kind: str, attribute: str, value: str) -> Any:  # noqa: ANN401 - an observed resource
    (found,) = [item for item in whole.all(kind).values() if item.values[attribute] == value]
    return found


@pytest.mark.parametrize(
    ("control", "kind", "attribute", "value", "status"),
    [
        ("lambda-permission-source", "aws_lambda_permission", "statement_id", "api", PASS),
        ("lambda-permission-source", "aws_lambda_permission", "statement_id", "anybody", FAIL),
        ("lambda-function-runtime", "aws_lambda_function", "function_name", "full", PASS),
        ("lambda-function-own-role", "aws_lambda_function", "function_name", "full", FAIL),
        ("lambda-function-vpc", "aws_lambda_function", "function_name", "full", FAIL),
        ("apigateway-account-role", "aws_api_gateway_stage", "stage_name", "v1", PASS),
        ("apigateway-cors", "aws_api_gateway_integration_response", "status_code", "204", PASS),
        ("apigateway-cors", "aws_api_gateway_gateway_response", "response_type", _4XX, PASS),
        ("apigateway-cors", "aws_api_gateway_gateway_response", "response_type", _5XX, FAIL),
        ("apigateway-cors", "aws_apigatewayv2_api", "name", "site", PASS),
        ("apigateway-cors", "aws_lambda_function_url", "function_name", "full", FAIL),
        ("apigateway-cors", "aws_apigatewayv2_api", "name", "everybody", FAIL),
        ("apigateway-domain-tls", "aws_api_gateway_domain_name", "id", "new.example.com", PASS),
        ("apigateway-domain-tls", "aws_api_gateway_domain_name", "id", "old.example.com", FAIL),
        ("apigateway-method-authorization", "aws_api_gateway_method", "http_method", "POST", PASS),
        ("apigateway-method-authorization", "aws_api_gateway_method", "http_method", "GET", FAIL),
        ("apigateway-stage-logging", "aws_api_gateway_stage", "stage_name", "v1", PASS),
        ("apigateway-stage-logging", "aws_api_gateway_stage", "stage_name", "v2", FAIL),
        ("apigateway-stage-waf", "aws_api_gateway_stage", "stage_name", "v1", PASS),
        ("apigateway-stage-waf", "aws_api_gateway_stage", "stage_name", "v2", FAIL),
        ("apigateway-usage-plan", "aws_api_gateway_usage_plan", "name", "orders", FAIL),
        ("wafv2-rate-limit", "aws_wafv2_web_acl", "name", "limited", PASS),
        ("wafv2-rate-limit", "aws_wafv2_web_acl", "name", "open", FAIL),
        ("wafv2-web-acl-logging", "aws_wafv2_web_acl", "name", "limited", PASS),
        ("wafv2-web-acl-logging", "aws_wafv2_web_acl", "name", "open", FAIL),
    ],
)
def test_what_is_judged(
    whole: Audit, control: str, kind: str, attribute: str, value: str, status: Status
) -> None:
    assert whole.says(control, kind, named(whole, kind, attribute, value).id) is status


@pytest.mark.parametrize(
    ("role", "status"),
    [("", FAIL), ("arn:aws:iam::123456789012:role/listed", FAIL)],
    ids=["none", "one that API Gateway may not assume"],
)
def test_a_role_that_writes_no_logs(
    answering: Callable[..., Audit], whole: Audit, role: str, status: Status
) -> None:
    audit = answering({("apigateway", "get_account"): {"cloudwatchRoleArn": role}})
    stage = named(whole, "aws_api_gateway_stage", "stage_name", "v1").id
    assert audit.says("apigateway-account-role", "aws_api_gateway_stage", stage) is status


def test_answers_that_are_aws_defaults_are_nobodys(
    answering: Callable[..., Audit], whole: Audit
) -> None:
    kind = "aws_api_gateway_gateway_response"
    items = [{"responseType": name, "defaultResponse": name == _4XX} for name in (_4XX, _5XX)]
    audit = answering({("apigateway", "get_gateway_responses"): {"items": items}})
    assert {one.values["response_type"] for one in audit.all(kind).values()} == {_5XX}
    assert audit.says(CORS, kind, named(audit, kind, "response_type", _5XX).id) is PASS
    assert len(whole.all(kind)) > 1


def test_answers_that_could_not_be_listed_are_not_fine(answering: Callable[..., Audit]) -> None:
    kind = "aws_api_gateway_gateway_response"
    said = ReadDeniedError("apigateway:GET", where="apigateway", got="AccessDenied")
    audit = answering({("apigateway", "get_gateway_responses"): said})
    assert {one.status for (control, _), one in audit.findings.items() if control == CORS} >= {
        Status.UNKNOWN
    }
    assert [one.id for one in audit.all(kind).values()] == ["*"]


@pytest.mark.parametrize(("groups", "status"), [([], PASS), (["baseline"], Status.UNKNOWN)])
def test_what_firewall_manager_puts_before_a_limit_is_not_read(
    answering: Callable[..., Audit], whole: Audit, groups: list[str], status: Status
) -> None:
    kind = "aws_wafv2_web_acl"
    limit = {
        "Name": "rate",
        "Priority": 1,
        "Action": {"Block": {}},
        "Statement": {"RateBasedStatement": {"Limit": 331100, "AggregateKeyType": "IP"}},
    }
    acl = {
        "Rules": [limit],
        "PreProcessFirewallManagerRuleGroups": [{"Name": name, "Priority": 0} for name in groups],
    }
    audit = answering({("wafv2", "get_web_acl"): {"WebACL": acl}})
    assert audit.says("wafv2-rate-limit", kind, named(whole, kind, "name", "limited").id) is status


def test_the_url_of_an_alias_is_one_of_its_own(answering: Callable[..., Audit]) -> None:
    kind = "aws_lambda_function_url"
    arn = "arn:aws:lambda:us-west-2:123456789012:function:full"
    said = {"AuthType": "AWS_IAM", "FunctionUrl": "https://a.lambda-url.us-west-2.on.aws/"}
    sites = {"Cors": {"AllowOrigins": ["https://app.example.com"]}}
    urls = [{**said, "FunctionArn": f"{arn}:live", **sites}, {**said, "FunctionArn": arn}]
    audit = answering({("lambda", "list_function_url_configs"): {"FunctionUrlConfigs": urls}})
    assert {"full", "full/live"} <= audit.all(kind).keys()
    assert audit.says(CORS, kind, "full/live") is PASS
    assert audit.all(kind)["full/live"].values["qualifier"] == "live"
