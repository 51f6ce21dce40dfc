"""APIs, functions, web ACLs and queues keep what they are told."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError
from cryptography import x509

from revet.embedded.patch_operations import Field, flag, number, patch

Client = Callable[..., Any]
FIELDS = {
    "name": Field("name"),
    "on": Field("on", flag),
    "size": Field("size", number),
    "kinds": Field("kinds", listed=True),
    "limits": Field("limits", inside={"rate": float, "": str}),
}


@pytest.mark.parametrize(
    ("operation", "path", "value", "attribute", "expected"),
    [
        ("replace", "/name", "new", "name", "new"),
        ("remove", "/name", None, "name", None),
        ("replace", "/on", "false", "on", False),
        ("replace", "/size", "", "size", None),
        ("add", "/kinds/image~1png", "", "kinds", ["a", "image/png"]),
        ("replace", "/kinds/a", "b", "kinds", ["b"]),
        ("remove", "/kinds/a", "", "kinds", []),
        ("add", "/kinds", "b", "kinds", ["a", "b"]),
        ("replace", "/limits/rate", "5", "limits", {"rate": 5.0, "of": "x"}),
        ("add", "/limits/a~1b~0c", "y", "limits", {"rate": 1.0, "of": "x", "a/b~c": "y"}),
        ("remove", "/limits/of", None, "limits", {"rate": 1.0}),
        ("remove", "/limits", None, "limits", {}),
    ],
)
def test_a_patch_does_what_it_says(
    operation: str, path: str, value: str | None, attribute: str, expected: object
) -> None:
    target = SimpleNamespace(
        name="old", on=True, size=1, kinds=["a"], limits={"rate": 1.0, "of": "x"}
    )
    asked = {"op": operation, "path": path} | ({} if value is None else {"value": value})
    patch(target, FIELDS, [asked])
    assert getattr(target, attribute) == expected


@pytest.mark.parametrize(
    ("operation", "path"),
    [("replace", "/other"), ("copy", "/name"), ("replace", "/name/x"), ("replace", "/limits")],
)
def test_what_a_patch_cannot_say_is_named(operation: str, path: str) -> None:
    with pytest.raises(NotImplementedError, match=path):
        patch(SimpleNamespace(name=""), FIELDS, [{"op": operation, "path": path, "value": "x"}])


@pytest.fixture(scope="module")
def api(client: Client) -> dict[str, str]:
    gateway = client("apigateway")
    made = gateway.create_rest_api(name="orders", tags={"Owner": "a"})["id"]
    root = gateway.get_resources(restApiId=made)["items"][0]["id"]
    path = gateway.create_resource(restApiId=made, parentId=root, pathPart="orders")["id"]
    place = {"restApiId": made, "resourceId": path, "httpMethod": "GET"}
    gateway.put_method(**place, authorizationType="NONE", apiKeyRequired=True)
    gateway.put_integration(**place, type="MOCK", requestTemplates={"a": "b"})
    gateway.put_integration_response(**place, statusCode="200", responseTemplates={})
    deployed = gateway.create_deployment(restApiId=made)["id"]
    gateway.create_stage(restApiId=made, stageName="v1", deploymentId=deployed)
    return place


def change(path: str, value: str) -> list[dict[str, str]]:
    return [{"op": "replace", "path": path, "value": value}]


def test_updates_of_an_api(client: Client, api: dict[str, str]) -> None:
    gateway = client("apigateway")
    whole = {"restApiId": api["restApiId"]}
    for value in ("true", "false"):
        said = gateway.update_rest_api(
            **whole, patchOperations=change("/disableExecuteApiEndpoint", value)
        )
        assert said["disableExecuteApiEndpoint"] is (value == "true")
    policy = json.dumps({"Statement": [], "Id": 'a "quoted" \\ one'})
    gateway.update_rest_api(**whole, patchOperations=change("/policy", policy))
    shown = gateway.get_rest_api(**whole)["policy"]
    assert json.loads(f'"{shown}"') == policy
    said = gateway.update_method(**api, patchOperations=change("/authorizationType", "AWS_IAM"))
    assert (said["authorizationType"], said["apiKeyRequired"]) == ("AWS_IAM", True)
    said = gateway.update_integration(
        **api, patchOperations=change("/requestTemplates/application~1json", "c")
    )
    assert said["requestTemplates"] == {"a": "b", "application/json": "c"}


def test_settings_of_methods(client: Client, api: dict[str, str]) -> None:
    gateway = client("apigateway")
    stage = {"restApiId": api["restApiId"], "stageName": "v1"}
    for path in ("*/*", "orders/GET"):
        gateway.update_stage(**stage, patchOperations=change(f"/{path}/logging/loglevel", "INFO"))
    settings = gateway.get_stage(**stage)["methodSettings"]
    assert {path: one["loggingLevel"] for path, one in settings.items()} == {
        "*/*": "INFO",
        "orders/GET": "INFO",
    }
    gateway.update_stage(**stage, patchOperations=[{"op": "remove", "path": "/*/*"}])
    assert list(gateway.get_stage(**stage)["methodSettings"]) == ["orders/GET"]


def test_client_certificates_and_tags(client: Client, api: dict[str, str]) -> None:
    gateway = client("apigateway")
    made = gateway.generate_client_certificate(description="a", tags={"Owner": "a"})
    x509.load_pem_x509_certificate(made["pemEncodedCertificate"].encode())
    name = {"clientCertificateId": made["clientCertificateId"]}
    gateway.update_client_certificate(**name, patchOperations=change("/description", "b"))
    assert gateway.get_client_certificate(**name)["description"] == "b"
    arns = [
        f"arn:aws:apigateway:us-east-1::/{rest}"
        for rest in (
            f"clientcertificates/{name['clientCertificateId']}",
            f"restapis/{api['restApiId']}",
            f"restapis/{api['restApiId']}/stages/v1",
        )
    ]
    for arn in arns:
        gateway.tag_resource(resourceArn=arn, tags={"Purpose": "x", "Step": "1"})
        gateway.untag_resource(resourceArn=arn, tagKeys=["Step"])
        assert gateway.get_tags(resourceArn=arn)["tags"]["Purpose"] == "x"
        assert "Step" not in gateway.get_tags(resourceArn=arn)["tags"]
    gateway.delete_client_certificate(**name)
    with pytest.raises(ClientError, match="NotFoundException"):
        gateway.get_client_certificate(**name)


def test_an_openapi_document_is_named_as_not_modelled(client: Client) -> None:
    document = json.dumps({"openapi": "3.0.1", "info": {"title": "x", "version": "1"}, "paths": {}})
    with pytest.raises(ClientError, match="EmbeddedAwsNotImplemented"):
        client("apigateway").import_rest_api(body=document.encode())


def test_a_function_keeps_its_configuration(client: Client) -> None:
    ec2, functions, iam = client("ec2"), client("lambda"), client("iam")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="f", Description="f", VpcId=vpc)["GroupId"]
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"Service": "lambda.amazonaws.com"},
            }
        ],
    }
    role = iam.create_role(RoleName="kept", AssumeRolePolicyDocument=json.dumps(trust))
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.py", "")
    functions.create_function(
        FunctionName="kept",
        Runtime="python3.13",
        Role=role["Role"]["Arn"],
        Handler="index.handler",
        Code={"ZipFile": code.getvalue()},
        LoggingConfig={"LogFormat": "JSON", "LogGroup": "of-kept"},
    )
    assert functions.list_function_url_configs(FunctionName="kept")["FunctionUrlConfigs"] == []
    made = functions.create_function_url_config(FunctionName="kept", AuthType="AWS_IAM")
    [url] = functions.list_function_url_configs(FunctionName="kept")["FunctionUrlConfigs"]
    assert url["FunctionUrl"] == made["FunctionUrl"]
    queue = "arn:aws:sqs:us-east-1:123456789012:failed"
    key = "arn:aws:kms:us-east-1:123456789012:key/1"
    functions.update_function_configuration(
        FunctionName="kept",
        KMSKeyArn=key,
        TracingConfig={"Mode": "Active"},
        DeadLetterConfig={"TargetArn": queue},
        EphemeralStorage={"Size": 1024},
        VpcConfig={"SubnetIds": [subnet], "SecurityGroupIds": [group]},
    )
    said = functions.get_function_configuration(FunctionName="kept")
    assert said["KMSKeyArn"] == key
    assert said["TracingConfig"] == {"Mode": "Active"}
    assert said["DeadLetterConfig"] == {"TargetArn": queue}
    assert said["EphemeralStorage"] == {"Size": 1024}
    assert said["LoggingConfig"] == {"LogFormat": "JSON", "LogGroup": "of-kept"}
    assert said["VpcConfig"]["VpcId"] == vpc
    with pytest.raises(ClientError, match="SnapStart"):
        functions.update_function_configuration(
            FunctionName="kept", SnapStart={"ApplyOn": "PublishedVersions"}
        )
    for age in (60, 120):
        functions.put_function_event_invoke_config(
            FunctionName="kept", MaximumEventAgeInSeconds=age
        )
    kept = functions.get_function_event_invoke_config(FunctionName="kept")
    assert kept["MaximumEventAgeInSeconds"] == 120


def test_a_queue_keeps_its_policy(client: Client) -> None:
    sqs = client("sqs")
    url = sqs.create_queue(QueueName="kept")["QueueUrl"]
    statement = {"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": "5"})
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert (attributes["Policy"], attributes["DelaySeconds"]) == (policy, "5")


def test_what_a_web_acl_stands_before(client: Client, api: dict[str, str]) -> None:
    waf = client("wafv2")
    seen = {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": True, "MetricName": "x"}
    acl = waf.create_web_acl(
        Name="before", Scope="REGIONAL", DefaultAction={"Allow": {}}, VisibilityConfig=seen
    )["Summary"]["ARN"]
    stage = f"arn:aws:apigateway:us-east-1::/restapis/{api['restApiId']}/stages/v1"
    waf.associate_web_acl(WebACLArn=acl, ResourceArn=stage)
    found = waf.list_resources_for_web_acl(WebACLArn=acl, ResourceType="API_GATEWAY")
    assert found["ResourceArns"] == [stage]
    assert waf.list_resources_for_web_acl(WebACLArn=acl)["ResourceArns"] == []
    with pytest.raises(ClientError, match="WAFNonexistentItemException"):
        waf.list_resources_for_web_acl(WebACLArn=f"{acl}x")


def test_a_certificate_is_validated_by_dns(client: Client) -> None:
    acm = client("acm")
    arn = acm.request_certificate(DomainName="example.com", ValidationMethod="DNS")[
        "CertificateArn"
    ]
    [told] = acm.describe_certificate(CertificateArn=arn)["Certificate"]["DomainValidationOptions"]
    assert told["ValidationMethod"] == "DNS"
    with pytest.raises(ClientError, match="EMAIL"):
        acm.request_certificate(DomainName="example.com", ValidationMethod="EMAIL")
