"""What was changed by hand is found on what the state names, and on what is attached to it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
from tests.verify import administrator

from revet.gate.catalog import load_catalog
from revet.gate.frameworks import load_frameworks
from revet.model.errors import RevetError
from revet.model.finding import Finding, Origin, Status
from revet.model.framework import RowStatus, framework_results
from revet.model.requirement import Judged, Requirement, RequirementSet
from revet.model.verdict import Decision, Verdict, Waiver
from revet.verify.operations import iam_action
from revet.verify.read_only import ReadDeniedError, Reader, UnreachableError
from revet.verify.readers import load_readers

Account = Any  # of conftest.py
Judge = Callable[..., Verdict]
SETTINGS: dict[str, dict[str, Any]] = {
    "rds-instance-encryption": {"customer_managed_key": True},
    "s3-bucket-encryption": {"customer_managed_key": True},
    "terraform-outputs": {"names": ("bucket_name", "key_arn")},
    "tags-required": {"keys": ("Environment", "Owner", "Purpose")},
}
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
    assert ("iam-policy-valid", f'aws_iam_policy.account["{admin}"]') in failed(verdict)
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


def test_a_bucket_that_is_gone_fails_the_rows_of_every_control(
    changed: Account, deployed: Judge
) -> None:
    changed.client("s3").delete_bucket(Bucket="tap-data-dev")
    verdict = deployed(frameworks=load_frameworks())
    failing = {control for control, _ in failed(verdict)}
    seen = 0
    for item in framework_results(verdict):
        for row in item.rows:
            assert (row.status is RowStatus.FAILED) == bool(failing & {*row.row.controls})
            seen += row.status is RowStatus.FAILED
    assert seen


def test_a_key_that_is_scheduled_for_deletion(changed: Account, deployed: Judge) -> None:
    key = changed.state["values"]["root_module"]["resources"][0]["values"]["id"]
    changed.client("kms").schedule_key_deletion(KeyId=key)
    verdict = deployed()
    found = {control for control, _ in failed(verdict)}
    assert {"s3-bucket-encryption", "logs-group-encryption", "rds-instance-encryption"} <= found
    assert {"kms-key-rotation", "terraform-outputs"} <= found


def test_what_is_beside_is_judged_when_asked_for(changed: Account, deployed: Judge) -> None:
    s3 = changed.client("s3")
    s3.create_bucket(
        Bucket="beside-dev", CreateBucketConfiguration={"LocationConstraint": "us-west-2"}
    )
    beside = 'aws_s3_bucket.account["beside-dev"]'
    assert beside not in {finding.address for finding in deployed().findings}
    assert ("s3-bucket-tls-only", beside) in failed(deployed(beside=True))
    s3.delete_bucket(Bucket="beside-dev")


class Denying:
    """Denies one action."""

    def __init__(self, reader: Reader, action: str) -> None:
        self.reader, self.action = reader, action

    def call(self, service: str, operation: str, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401
        action = iam_action(service, operation)
        if action == self.action.lower():
            raise ReadDeniedError(action, where=f"{service}.{operation}", got="AccessDenied")
        return self.reader.call(service, operation, **parameters)


@dataclass
class Remembering:
    """Asks once, and keeps what is asked and answered."""

    asked: set[str] = field(default_factory=set)
    answers: dict[str, dict[str, Any] | Exception] = field(default_factory=dict)
    reader: Reader | None = None

    def over(self, reader: Reader) -> Reader:
        self.reader = self.reader or reader
        return self

    def call(self, service: str, operation: str, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401
        self.asked.add(iam_action(service, operation))
        key = repr((service, operation, sorted(parameters.items())))
        if key not in self.answers:
            assert self.reader is not None
            try:
                self.answers[key] = self.reader.call(service, operation, **parameters)
            except RevetError as error:
                self.answers[key] = error
        found = self.answers[key]
        if isinstance(found, Exception):
            raise found
        return found


@pytest.fixture(scope="module")
def remembering() -> Remembering:
    return Remembering()


def is_every_of(address: str, other: str) -> bool:
    kind, _, rest = other.partition(".account[")
    return address.startswith(f"{kind}.account[") and rest.endswith('*"]')


@pytest.mark.parametrize("service", sorted({one.service for one in load_readers()}))
def test_whatever_a_denial_changes_is_unknown_and_names_the_action(
    deployed: Judge, remembering: Remembering, service: str
) -> None:
    untouched = deployed(reader=remembering.over).findings
    before = {(f.control, f.address): f for f in untouched}
    for action in sorted({one for reader in load_readers() for one in reader.actions}):
        if not action.startswith(f"{service}:") or action.lower() not in remembering.asked:
            continue
        denying = partial(Denying, action=action)
        verdict = deployed(reader=lambda one, deny=denying: deny(remembering.over(one)))
        changed = False
        for finding in verdict.findings:
            was = before.get((finding.control, finding.address))
            if was is None or was.status is not finding.status:
                changed = True
                assert finding.status is Status.UNKNOWN, (action, finding)
                assert action.lower() in f"{finding.implemented} {finding.resolve}".lower()
        assert verdict.problems == ()
        assert action.lower() in verdict.provenance.notes["denied"]
        found = {(f.control, f.address) for f in verdict.findings}
        for control, address in before.keys() - found:  # one stands for all that are not listed
            stands = [f for c, f in found if c == control and is_every_of(address, f)]
            assert stands, (action, control, address)
        assert verdict.decision is (Decision.BLOCKED if changed else Decision.ALLOWED)


def test_an_account_that_cannot_be_asked_ends_it(deployed: Judge) -> None:
    class Away:
        def call(self, *_args: object, **_parameters: object) -> dict[str, Any]:
            raise UnreachableError("no network")

    with pytest.raises(UnreachableError):
        deployed(reader=lambda _one: Away())


def test_what_no_reader_reads_is_not_looked_at(changed: Account, deployed: Judge) -> None:
    changed.state["values"]["root_module"]["resources"].append(
        {
            "address": "aws_ssm_parameter.flow",
            "mode": "managed",
            "type": "aws_ssm_parameter",
            "name": "flow",
            "provider_name": "registry.terraform.io/hashicorp/aws",
            "values": {"id": "/flow"},
        }
    )
    looked = deployed().not_looked_at
    assert looked is not None
    assert looked["aws_ssm_parameter"] == ("aws_ssm_parameter.flow",)


def test_a_resource_of_another_account_is_unknown(changed: Account, deployed: Judge) -> None:
    key = changed.state["values"]["root_module"]["resources"][0]["values"]
    key["arn"] = key["arn"].replace("123456789012", "210987654321")
    found = {f.status for f in deployed().findings if f.address == "aws_kms_key.data"}
    assert found == {Status.UNKNOWN}


ROWS = RequirementSet(
    "rows",
    (
        Requirement("R-1", "text", (Judged.PLAN, Judged.LIVE), (), ("s3-bucket-versioning",)),
        Requirement("R-2", "text", (Judged.LIVE,), (), ("terraform-state-backend",)),
        Requirement("R-3", "text", (Judged.PLAN,), (), ("s3-bucket-versioning",)),
    ),
)


def test_requirements_get_live_evidence(account: Account, deployed: Judge) -> None:
    del account
    verdict = deployed(requirements=ROWS)
    said = {(e.requirement, e.judged, e.subject, e.status, e.origin) for e in verdict.evidence}
    assert said == {
        ("R-1", Judged.LIVE, "aws_s3_bucket.data", Status.PASS, Origin.EMULATED),
        ("R-1", Judged.LIVE, "aws_s3_bucket.trail", Status.PASS, Origin.EMULATED),
        ("R-2", Judged.LIVE, "tap", Status.NOT_EXERCISED, Origin.EMULATED),
    }
    assert verdict.expects == (Judged.LIVE,)
    assert verdict.decision is Decision.BLOCKED


def test_waivers_and_settings_hold_for_the_account(changed: Account, deployed: Judge) -> None:
    changed.client("s3").delete_bucket_policy(Bucket="tap-data-dev")
    until = dt.date(2030, 1, 1)
    waiver = Waiver("s3-bucket-tls-only", "aws_s3_bucket.data", "ticket 7", "me", until)
    idle = Waiver("s3-bucket-versioning", "*", "ticket 8", "me", until)
    strict = {**SETTINGS, "logs-group-retention": {"days": 400}}
    verdict = deployed(waivers=(waiver, idle), today=dt.date(2029, 1, 1), settings=strict)
    waived = [f.address for f in verdict.findings if f.status is Status.WAIVED]
    assert waived == ["aws_s3_bucket.data"]
    assert verdict.unused == (idle,)
    assert {control for control, _ in failed(verdict)} == {"logs-group-retention"}


def test_every_control_but_that_of_the_backend_is_judged(account: Account, deployed: Judge) -> None:
    del account
    everything = {name for name in load_catalog() if name != "terraform-state-backend"}
    idle = {f.control for f in deployed().findings if f.status is Status.NOT_EXERCISED}
    on_request = {"lambda-function-architecture", "terraform-names"}  # they need a setting
    assert idle & everything == on_request


@pytest.mark.parametrize(
    ("outputs", "status"),
    [
        ({}, None),
        ({"key": {"value": "x", "sensitive": True}}, Status.PASS),
        ({"key": {"value": "", "sensitive": True}}, Status.FAIL),
        ({"size": {"value": 3}}, Status.PASS),
        ({"size": {"value": 3}, "none": {"value": None}}, Status.FAIL),
        ({"bucket": {"value": "tap-data-dev"}}, Status.PASS),
        ({"groups": {"value": {"all": ["sg-0123456789abcdef0"]}}}, Status.FAIL),
        ({"role": {"value": "arn:aws:iam::123456789012:role/gone"}}, Status.FAIL),
        ({"role": {"value": "arn:aws:iam::210987654321:role/theirs"}}, Status.PASS),
        ({"topic": {"value": "arn:aws:sns:us-west-2:123456789012:gone"}}, Status.FAIL),
        ({"far": {"value": "arn:aws:sns:eu-west-1:123456789012:gone"}}, Status.FAIL),
    ],
)
def test_outputs_without_settings(
    account: Account,
    deployed: Judge,
    outputs: dict[str, Any],
    status: Status | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What they name is looked for, also where the stack has nothing of its type or region."""
    monkeypatch.setitem(account.state["values"], "outputs", outputs)
    without = {name: table for name, table in SETTINGS.items() if name != "terraform-outputs"}
    verdict = deployed(settings=without)
    found = [f.status for f in verdict.findings if f.control == "terraform-outputs"]
    assert found == ([] if status is None else [status])


def test_an_output_that_names_a_bucket_that_is_gone(changed: Account, deployed: Judge) -> None:
    changed.client("s3").delete_bucket(Bucket="tap-data-dev")
    assert ("terraform-outputs", "tap") in failed(deployed())
