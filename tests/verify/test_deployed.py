"""What was changed by hand is found on what the state names, and on what is attached to it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.verify import administrator

from revet.model.finding import Finding, Status
from revet.model.verdict import Verdict

Account = Any  # of conftest.py
Judge = Callable[..., Verdict]
ADMINISTRATOR = "iam-no-administrator"
FLOW_ROLE = "aws_iam_role.flow"
_ALL = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
    }
)


@pytest.fixture
def changed(account: Account) -> Iterator[Account]:
    yield account
    account.rebuild()


def failed(verdict: Verdict) -> dict[tuple[str, str], Finding]:
    assert verdict.problems == ()
    return {
        (finding.control, finding.address): finding
        for finding in verdict.findings
        if finding.status is Status.FAIL
    }


def test_an_inline_policy_by_hand(changed: Account, deployed: Judge) -> None:
    changed.client("iam").put_role_policy(
        RoleName="tap-flow-dev", PolicyName="hand", PolicyDocument=_ALL
    )
    found = failed(deployed())
    assert ("iam-policy-valid", 'aws_iam_role_policy.account["tap-flow-dev:hand"]') in found
    assert (ADMINISTRATOR, FLOW_ROLE) in found
    assert ("ec2-flow-log-role", "aws_flow_log.main") in found


def test_an_admin_policy_by_hand(changed: Account, deployed: Judge) -> None:
    iam = changed.client("iam")
    admin = iam.create_policy(PolicyName="hand", PolicyDocument=_ALL)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="tap-flow-dev", PolicyArn=admin)
    verdict = deployed()
    assert [address for control, address in failed(verdict) if control == "ec2-flow-log-role"]
    assert (ADMINISTRATOR, FLOW_ROLE) in failed(verdict)
    attached = f'aws_iam_role_policy_attachment.account["tap-flow-dev/{admin}"]'
    judged = {finding.address for finding in verdict.findings}
    looked = {a for names in (verdict.not_looked_at or {}).values() for a in names}
    assert attached in judged | looked


def test_administrator_access_by_hand(changed: Account, deployed: Judge) -> None:
    assert not [name for name, _ in failed(deployed()) if name == ADMINISTRATOR]
    administrator.make("123456789012")
    changed.client("iam").attach_role_policy(RoleName="tap-flow-dev", PolicyArn=administrator.ARN)
    found = failed(deployed())
    assert administrator.ARN in found[ADMINISTRATOR, FLOW_ROLE].implemented


def test_an_open_rule_by_hand(changed: Account, deployed: Judge) -> None:
    group = next(
        r["values"]["id"]
        for r in changed.state["values"]["root_module"]["resources"]
        if r["type"] == "aws_security_group"
    )
    made = changed.client("ec2").authorize_security_group_ingress(
        GroupId=group, IpProtocol="tcp", FromPort=22, ToPort=22, CidrIp="0.0.0.0/0"
    )["SecurityGroupRules"][0]["SecurityGroupRuleId"]
    rule = f'aws_vpc_security_group_ingress_rule.account["us-west-2/{made}"]'
    found = failed(deployed())
    assert ("ec2-security-group-rule-description", rule) in found
    assert "ec2-security-group-open" in {control for control, _ in found}


@pytest.mark.parametrize("form", ["aws_security_group_rule", "ingress"])
def test_a_rule_of_a_form_without_tags_needs_none(
    changed: Account, deployed: Judge, form: str
) -> None:
    resources = changed.state["values"]["root_module"]["resources"]
    group = next(r["values"] for r in resources if r["type"] == "aws_security_group")
    from_group = [{"CidrIp": "10.0.0.0/16", "Description": "the office"}]
    changed.client("ec2").authorize_security_group_ingress(
        GroupId=group["id"],
        IpPermissions=[
            {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "IpRanges": from_group}
        ],
    )
    rule = {
        "from_port": 5432,
        "to_port": 5432,
        "protocol": "tcp",
        "cidr_blocks": ["10.0.0.0/16"],
        "description": "the office",
        "ipv6_cidr_blocks": [],
        "prefix_list_ids": [],
        "security_groups": [],
        "self": False,
    }
    if form == "ingress":
        group["ingress"] = [rule]
    else:
        resources.append(
            {
                "address": f"{form}.office",
                "mode": "managed",
                "type": form,
                "name": "office",
                "provider_name": "registry.terraform.io/hashicorp/aws",
                "values": {
                    **{k: v for k, v in rule.items() if k != "security_groups"},
                    "source_security_group_id": None,
                    "id": "sgrule-1",
                    "type": "ingress",
                    "security_group_id": group["id"],
                },
            }
        )
    verdict = deployed()
    assert failed(verdict) == {}
    if form == "aws_security_group_rule":
        assert f"{form}.office" in {finding.address for finding in verdict.findings}


def test_a_bucket_policy_that_is_gone(changed: Account, deployed: Judge) -> None:
    changed.client("s3").delete_bucket_policy(Bucket="tap-data-dev")
    changed.state["values"]["root_module"]["resources"].append(
        {
            "address": "aws_s3_bucket_policy.data",
            "mode": "managed",
            "type": "aws_s3_bucket_policy",
            "name": "data",
            "provider_name": "registry.terraform.io/hashicorp/aws",
            "values": {"id": "tap-data-dev", "bucket": "tap-data-dev", "policy": _ALL},
        }
    )
    found = failed(deployed())
    assert ("s3-bucket-tls-only", "aws_s3_bucket.data") in found
    gone = found["iam-policy-valid", "aws_s3_bucket_policy.data"]
    assert gone.implemented == "it does not exist in the account"


def test_a_bucket_that_is_gone_fails_every_control(changed: Account, deployed: Judge) -> None:
    before = {f.control for f in deployed().findings if f.address == "aws_s3_bucket.data"}
    changed.client("s3").delete_bucket(Bucket="tap-data-dev")
    found = {control for control, address in failed(deployed()) if address == "aws_s3_bucket.data"}
    assert found >= before


def test_a_key_that_is_scheduled_for_deletion(changed: Account, deployed: Judge) -> None:
    key = changed.state["values"]["root_module"]["resources"][0]["values"]["id"]
    changed.client("kms").schedule_key_deletion(KeyId=key)
    found = {control for control, _ in failed(deployed())}
    assert {"s3-bucket-encryption", "logs-group-encryption", "rds-instance-encryption"} <= found


def test_what_is_beside_is_judged_when_asked_for(changed: Account, deployed: Judge) -> None:
    s3 = changed.client("s3")
    s3.create_bucket(
        Bucket="beside-dev", CreateBucketConfiguration={"LocationConstraint": "us-west-2"}
    )
    beside = 'aws_s3_bucket.account["beside-dev"]'
    assert beside not in {finding.address for finding in deployed().findings}
    assert ("s3-bucket-tls-only", beside) in failed(deployed(beside=True))
    s3.delete_bucket(Bucket="beside-dev")
