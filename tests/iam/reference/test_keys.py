from __future__ import annotations

import pytest

from revet.iam.reference.actions import match_actions
from revet.iam.reference.conditions import condition_key, global_condition_keys
from revet.iam.reference.global_keys import global_key, global_keys
from revet.iam.reference.records import Action
from revet.iam.reference.services import all_services, services
from revet.iam.reference.support import (
    carries_resource_tag,
    service_supports_key,
    supports_key,
)

TYPES = {"String", "ARN", "Bool", "Numeric", "Date", "IPAddress", "Binary"}


def action(name: str) -> Action:
    (found,) = match_actions(name)
    return found


def test_every_global_key_has_its_facts() -> None:
    assert set(global_keys()) == set(global_condition_keys())
    for name, facts in global_keys().items():
        assert facts.key.name.lower() == name
        assert facts.about in {"principal", "session", "network", "resource", "request"}
        assert facts.present
        assert set(facts.key.types) <= TYPES
        assert facts.services <= services()
        for each in facts.not_actions:
            assert match_actions(each), each


def test_every_type_is_known() -> None:
    for owner in all_services().values():
        for key in owner.condition_keys.values():
            assert key.type in TYPES, key


# Source of all rows: IAM User Guide, "AWS global condition context keys".
@pytest.mark.parametrize(
    ("name", "types", "multivalued"),
    [
        ("aws:PrincipalOrgPaths", ("String",), True),
        ("aws:PrincipalServiceNamesList", ("String",), True),
        ("aws:CalledVia", ("String",), True),
        ("aws:CalledViaFirst", ("String",), False),
        ("aws:EpochTime", ("Date", "Numeric"), False),
        ("aws:AssumedRoot", ("Bool",), False),
        ("aws:SourceVpcArn", ("ARN",), False),
        ("aws:VpcSourceIp", ("IPAddress",), False),
        ("aws:MultiFactorAuthAge", ("Numeric",), False),
        ("aws:PrincipalTag/team", ("String",), False),
    ],
)
def test_types_of_global_keys(name: str, types: tuple[str, ...], multivalued: bool) -> None:  # noqa: FBT001 - a row of the table
    facts = global_key(name)
    assert facts is not None
    assert (facts.key.types, facts.key.multivalued) == (types, multivalued)


def test_what_is_no_global_key() -> None:
    assert global_key("s3:prefix") is None
    assert global_key("aws:NoSuchKey") is None
    assert global_key("aws:ResourceTag") is None


def test_presence_of_global_keys() -> None:
    always = {
        facts.key.name
        for facts in global_keys().values()
        if facts.present == "always" and not facts.services and not facts.not_actions
    }
    assert {"aws:SecureTransport", "aws:RequestedRegion", "aws:CurrentTime"} <= always
    assert not {"aws:SourceIp", "aws:MultiFactorAuthPresent", "aws:ResourceAccount"} & always
    spoofable = {facts.key.name for facts in global_keys().values() if facts.spoofable}
    assert spoofable == {"aws:referer", "aws:UserAgent"}
    vpce = global_key("aws:VpceOrgID")
    assert vpce is not None
    assert vpce.sensitive
    assert "s3" in vpce.services
    assert "ec2" not in vpce.services


# Source of all rows: IAM User Guide, "IAM and AWS STS condition context keys".
@pytest.mark.parametrize(
    ("key", "multivalued"),
    [
        ("token.actions.githubusercontent.com:sub", False),
        ("token.actions.githubusercontent.com:aud", False),
        ("token.actions.githubusercontent.com:repository", False),
        ("oidc.eks.eu-west-1.amazonaws.com/id/ABC:sub", False),
        ("accounts.google.com:aud", False),
        ("cognito-identity.amazonaws.com:amr", None),
        ("graph.facebook.com:app_id", False),
        ("www.amazon.com:user_id", False),
        ("saml:sub_type", False),
        ("sts:ExternalId", False),
        ("sts:TransitiveTagKeys", True),
        ("iam:PassedToService", False),
    ],
)
def test_keys_of_federation(key: str, multivalued: bool | None) -> None:  # noqa: FBT001 - a row of the table
    found = condition_key(key)
    assert found is not None
    assert multivalued is None or found.multivalued is multivalued


@pytest.mark.parametrize(
    "key", ["nosuchservice:sub", "oidc.example.com:custom_claim", "kms:a.b:sub", "example.com:"]
)
def test_keys_of_no_identity_provider(key: str) -> None:
    assert condition_key(key) is None


def test_supports_key() -> None:
    assert supports_key(action("ec2:RunInstances"), "aws:RequestTag/team")
    assert supports_key(action("s3:GetObject"), "s3:ExistingObjectTag/class")
    assert not supports_key(action("s3:GetObject"), "s3:prefix")
    assert service_supports_key("s3", "s3:prefix")
    assert not service_supports_key("s3", "kms:ViaService")
    assert not service_supports_key("nosuchservice", "aws:ResourceTag/team")


def test_carries_resource_tag() -> None:
    assert carries_resource_tag(action("ec2:TerminateInstances"))
    assert carries_resource_tag(action("wisdom:CreateAssistant"))
    assert not carries_resource_tag(action("wisdom:ListAIAgents"))
