from __future__ import annotations

import pytest

from revet.iam.reference.conditions import condition_key
from revet.iam.reference.global_keys import global_keys
from revet.iam.reference.principals import known_service_principals, service_principal


# Source of all rows: IAM User Guide, "AWS JSON policy elements: Principal", service principals.
@pytest.mark.parametrize(
    ("text", "service", "region", "suffix"),
    [
        ("lambda.amazonaws.com", "lambda", "", "amazonaws.com"),
        ("delivery.logs.amazonaws.com", "delivery.logs", "", "amazonaws.com"),
        ("logs.eu-west-1.amazonaws.com", "logs", "eu-west-1", "amazonaws.com"),
        ("ec2.amazonaws.com.cn", "ec2", "", "amazonaws.com.cn"),
        ("codedeploy.cn-north-1.amazonaws.com.cn", "codedeploy", "cn-north-1", "amazonaws.com.cn"),
        ("alexa-appkit.amazon.com", "alexa-appkit", "", "amazon.com"),
    ],
)
def test_service_principal(text: str, service: str, region: str, suffix: str) -> None:
    found = service_principal(text)
    assert found is not None
    assert (found.service, found.region, found.suffix) == (service, region, suffix)
    assert found.is_known


@pytest.mark.parametrize(
    "text",
    [
        "",
        "lambda",
        "amazonaws.com",
        ".amazonaws.com",
        "lambda..amazonaws.com",
        "Lambda.amazonaws.com",
        "lambda.amazonaws.org",
        "lambda*.amazonaws.com",
        "eu-west-1.amazonaws.com",
        "arn:aws:iam::111122223333:root",
    ],
)
def test_what_is_no_service_principal(text: str) -> None:
    assert service_principal(text) is None


def test_an_unknown_service_has_the_form_all_the_same() -> None:
    found = service_principal("nosuchservice.amazonaws.com")
    assert found is not None
    assert not found.is_known


def test_all_known_principals_have_the_form() -> None:
    for text in known_service_principals():
        found = service_principal(text)
        assert found is not None, text
        assert not found.region, text
        assert found.is_known


def test_pairs_of_keys_exist() -> None:
    paired = {facts.key.name: facts.paired_with for facts in global_keys().values()}
    assert paired["aws:VpcSourceIp"] == ("aws:SourceVpc", "aws:SourceVpce", "aws:SourceVpcArn")
    for partners in paired.values():
        assert all(condition_key(name) is not None for name in partners)


def test_keys_that_services_never_send() -> None:
    never = {facts.key.name for facts in global_keys().values() if facts.not_from_services}
    assert {"aws:PrincipalOrgID", "aws:MultiFactorAuthPresent", "aws:PrincipalArn"} <= never
    assert not {"aws:SourceArn", "aws:SourceAccount", "aws:PrincipalIsAWSService"} & never
