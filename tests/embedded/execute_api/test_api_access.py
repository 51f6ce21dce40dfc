"""Resource policies, IAM and the firewall decide about requests."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from tests.embedded.execute_api.conftest import ACCOUNT, Api, Got, send

from revet.embedded.execute_api.firewall import Firewall

New = Callable[..., Api]
INVOKE = "execute-api:Invoke"


def policy(*statements: Mapping[str, Any]) -> str:
    whole = [{"Principal": "*", "Action": INVOKE, **statement} for statement in statements]
    return json.dumps({"Version": "2012-10-17", "Statement": whole})


ALLOW = {"Effect": "Allow", "Resource": "execute-api:/*"}
DENY = {"Effect": "Deny", "Resource": "execute-api:/*"}
HERE = {"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}}
ELSEWHERE = {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
POLICIES: list[tuple[str, str, int, str]] = [
    ("everybody", policy(ALLOW), 200, ""),
    ("the stage", policy({**ALLOW, "Resource": "execute-api:/v1/*"}), 200, ""),
    ("the method", policy({**ALLOW, "Resource": "execute-api:/v1/GET/a"}), 200, ""),
    ("another stage", policy({**ALLOW, "Resource": "execute-api:/v2/*"}), 403, "not authorized"),
    ("another method", policy({**ALLOW, "Resource": "execute-api:/*/POST/*"}), 403, "not auth"),
    ("these addresses", policy({**ALLOW, "Condition": HERE}), 200, ""),
    ("other addresses", policy({**ALLOW, "Condition": ELSEWHERE}), 403, "not authorized"),
    ("not these", policy(ALLOW, {**DENY, "Condition": HERE}), 403, "with an explicit deny"),
    ("not others", policy(ALLOW, {**DENY, "Condition": ELSEWHERE}), 200, ""),
    (
        "from a VPC alone",
        policy(ALLOW, {**DENY, "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}}),
        403,
        "with an explicit deny",
    ),
    (
        "an account",
        policy({**ALLOW, "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}}),
        403,
        "not authorized",
    ),
]


@pytest.mark.parametrize("case", POLICIES, ids=lambda case: case[0])
def test_a_resource_policy_decides(new_api: New, case: tuple[str, str, int, str]) -> None:
    _, text, status, message = case
    api = new_api(policy=text)
    api.mock("/a")
    api.deploy()
    got = api.get("/a")
    assert got.status == status
    assert message in got.json.get("message", "")


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (policy({**DENY, "Condition": HERE}), 403),
        (policy({**DENY, "Condition": ELSEWHERE}), 200),
        (policy({**ALLOW, "Condition": ELSEWHERE}), 200),  # either of both may allow
    ],
)
def test_a_resource_policy_and_an_authorizer(new_api: New, text: str, status: int) -> None:
    api = new_api(policy=text)
    code = """
def handler(event, context):
    return {"principalId": "ann", "policyDocument": {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}]}}
"""
    api.mock("/a", **api.authorizer(api.function("who", code)))
    api.deploy()
    assert api.get("/a", Authorization="x").status == status


class Signer:
    """Sends requests that somebody signed."""

    def __init__(self, api: Api, key: str, secret: str, token: str | None = None) -> None:
        self.api = api
        self.credentials = Credentials(key, secret, token)

    def get(self, path: str, service: str = "execute-api", **change: str) -> Got:
        request = AWSRequest("GET", self.api.url(path))
        SigV4Auth(self.credentials, service, "us-east-1").add_auth(request)
        headers = {str(name): str(value) for name, value in request.headers.items()}
        return send(self.api.daemon, self.api.url(path), headers={**headers, **change})


def session(api: Api, *statements: Mapping[str, Any]) -> Signer:
    """A session of a role with these statements."""
    iam, name = api.client("iam"), f"{api.name}-caller"
    trust = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"AWS": ACCOUNT},
            "Action": "sts:AssumeRole",
        },
    }
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]
    listed = [{"Effect": "Allow", "Action": INVOKE, **one} for one in statements]
    if listed:
        document = json.dumps({"Version": "2012-10-17", "Statement": listed})
        iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=document)
    made = api.client("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="called")[
        "Credentials"
    ]
    return Signer(api, made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"])


def test_iam_decides_about_signed_requests(api: Api) -> None:
    text = '{"who": "$context.identity.userArn", "key": "$context.identity.accessKey"}'
    api.mock("/a", authorizationType="AWS_IAM", text=text)
    api.mock("/b", authorizationType="AWS_IAM")
    api.deploy()
    caller = session(api, {"Resource": f"{api.arn}/v1/GET/a"})
    got = caller.get("/a")
    assert got.json == {
        "who": f"arn:aws:sts::{ACCOUNT}:assumed-role/{api.name}-caller/called",
        "key": caller.credentials.access_key,
    }
    got = caller.get("/b")
    assert (got.status, got.error) == (403, "AccessDeniedException")
    assert f"{api.name}-caller/called is not authorized to perform: {INVOKE}" in got.message
    got = api.get("/a")
    assert (got.status, got.message) == (403, "Missing Authentication Token")
    got = caller.get("/a", service="s3")
    assert (got.status, got.error) == (403, "InvalidSignatureException")
    wrong = Signer(api, caller.credentials.access_key, "wrong", caller.credentials.token)
    assert (wrong.get("/a").status, wrong.get("/a").error) == (403, "InvalidSignatureException")
    unknown = Signer(api, "AKIAIOSFODNN7EXAMPLE", "x").get("/a")
    assert (unknown.status, "invalid" in unknown.message) == (403, True)
    assert caller.get("/a", Authorization="Bearer x").status == 403


@pytest.mark.parametrize(
    ("effect", "principal", "role_allows", "status"),
    [
        ("Deny", f"arn:aws:iam::{ACCOUNT}:root", True, 403),
        ("Allow", f"arn:aws:iam::{ACCOUNT}:root", True, 200),
        ("Allow", f"arn:aws:iam::{ACCOUNT}:root", False, 403),  # it is left to the account
        ("Allow", "caller", False, 200),
    ],
)
def test_iam_and_a_resource_policy(
    new_api: New,
    effect: str,
    principal: str,
    role_allows: bool,  # noqa: FBT001 - a case
    status: int,
) -> None:
    api = new_api()
    api.mock("/a", authorizationType="AWS_IAM")
    caller = session(api, *([{"Resource": "*"}] if role_allows else []))
    if principal == "caller":
        principal = f"arn:aws:iam::{ACCOUNT}:role/{api.name}-caller"
    statement = {"Effect": effect, "Principal": {"AWS": principal}, "Resource": "execute-api:/*"}
    change = {"op": "replace", "path": "/policy", "value": policy(statement)}
    api.gateway.update_rest_api(restApiId=api.id, patchOperations=[change])
    api.deploy()
    assert caller.get("/a").status == status


def rule(number: int, action: str, **statement: Any) -> dict[str, Any]:  # noqa: ANN401 - of CreateWebACL
    return {
        "Name": f"rule-{number}",
        "Priority": number,
        "Action": {action: {}},
        "Statement": statement,
        "VisibilityConfig": {
            "SampledRequestsEnabled": False,
            "CloudWatchMetricsEnabled": False,
            "MetricName": f"rule-{number}",
        },
    }


def protect(api: Api, *rules: dict[str, Any], default: str = "Allow") -> None:
    waf = api.client("wafv2")
    made = waf.create_web_acl(
        Name=api.name,
        Scope="REGIONAL",
        DefaultAction={default: {}},
        Rules=list(rules),
        VisibilityConfig=rule(0, "Block")["VisibilityConfig"],
    )["Summary"]["ARN"]
    waf.associate_web_acl(WebACLArn=made, ResourceArn=api.stage_arn)


def addresses(api: Api, *ranges: str) -> dict[str, Any]:
    made = api.client("wafv2").create_ip_set(
        Name=api.name, Scope="REGIONAL", IPAddressVersion="IPV4", Addresses=list(ranges)
    )
    return {"IPSetReferenceStatement": {"ARN": made["Summary"]["ARN"]}}


MANAGED = {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesCommon"}}


@pytest.mark.parametrize(
    ("ranges", "action", "default", "status"),
    [
        (("127.0.0.0/8",), "Block", "Allow", 403),
        (("203.0.113.0/24",), "Block", "Allow", 200),
        (("127.0.0.0/8",), "Allow", "Block", 200),
        (("203.0.113.0/24",), "Allow", "Block", 403),
        (("127.0.0.0/8",), "Count", "Allow", 200),
    ],
)
def test_addresses_are_blocked(
    api: Api, ranges: tuple[str, ...], action: str, default: str, status: int
) -> None:
    api.mock("/a", text='{"waf": "$context.wafResponseCode"}')
    api.deploy()
    protect(api, rule(1, action, **addresses(api, *ranges)), default=default)
    got = api.get("/a")
    assert got.status == status
    if status == 403:
        assert (got.error, got.message) == ("ForbiddenException", "Forbidden")
    else:
        assert got.json == {"waf": "WAF_ALLOW"}


def test_what_was_not_looked_at_is_not_called_allowed(api: Api) -> None:
    api.mock("/a", text='{"waf": "$context.wafResponseCode"}')
    api.deploy()
    protect(api, rule(1, "Block", **MANAGED), rule(2, "Block", **addresses(api, "203.0.113.0/24")))
    assert api.get("/a").json == {"waf": ""}


def test_too_many_requests_of_an_address_are_blocked(api: Api) -> None:
    api.mock("/a")
    api.deploy()
    rate = {"RateBasedStatement": {"Limit": 10, "AggregateKeyType": "IP"}}
    protect(api, rule(1, "Block", **rate))
    assert [api.get("/a").status for _ in range(11)] == [200] * 10 + [403]


def test_a_rate_is_of_its_window() -> None:
    now = [0.0]
    firewall = Firewall(lambda: now[0])
    counted = ("acl", "rule", "127.0.0.1")
    asked = {"Limit": 2, "EvaluationWindowSec": 60}
    assert [firewall._too_many(counted, asked) for _ in range(3)] == [False, False, True]
    now[0] = 59.0
    assert firewall._too_many(counted, asked)
    now[0] = 200.0
    assert not firewall._too_many(counted, asked)
