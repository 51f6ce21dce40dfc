"""Whatever a reader reads is found again by the identity that a state gives it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from revet.gate.catalog import load_catalog
from revet.model.finding import Origin, Status
from revet.model.verdict import Verdict
from revet.plan.observed import EVERY
from revet.plan.state import load_state
from revet.verify import matching
from revet.verify.api import Api
from revet.verify.audit import AuditInput
from revet.verify.deployed import judge_deployed
from revet.verify.identity import identities_observed, identities_of
from revet.verify.read_only import Reader

Audit = Any  # of conftest.py
Recording = Any
Denying = Callable[[Reader, str], Reader]


def test_identities_tell_resources_apart(whole: Audit) -> None:
    found = Counter(
        (item.region, identity)
        for item in {(o.type, o.region, o.id): o for o in whole.seen.observed}.values()
        if item.mode == "managed" and item.id != EVERY
        for identity in identities_observed(item)
    )
    assert [one for one, times in found.items() if times > 1] == []


def test_identities_do_not_rest_on_the_readers_ids(whole: Audit) -> None:
    for item in whole.seen.observed:
        if item.mode == "managed" and item.id != EVERY:
            assert identities_of(item.type, item.values.get), item.address


def _judge(reader: Reader, whole: Audit) -> Verdict:
    """The verdict on a state that has all that an account has."""
    resources = [
        {
            "address": f"{item.type}.x{number}",
            "mode": "managed",
            "type": item.type,
            "name": f"x{number}",
            "provider_name": "registry.terraform.io/hashicorp/aws",
            "values": dict(item.values) | ({"region": item.region} if item.region else {}),
        }
        for number, item in enumerate(
            {(o.type, o.region, o.id): o for o in whole.seen.observed}.values()
        )
        if item.mode == "managed" and item.id != EVERY
    ]
    state = {
        "format_version": "1.0",
        "terraform_version": "1.11.4",
        "values": {"root_module": {"resources": resources}},
    }
    return judge_deployed(
        Api(reader, "123456789012", "us-west-2"),
        load_state(state),
        AuditInput(load_catalog()),
        stack="all",
        regions={},
        origin=Origin.EMULATED,
    )


def test_a_state_of_everything_is_found(whole: Audit, everything: Recording) -> None:
    verdict = _judge(everything, whole)
    assert verdict.problems == ()
    gone = [f for f in verdict.findings if "does not exist in the account" in f.implemented]
    assert gone == []
    assert [f.address for f in verdict.findings if ".account[" in f.address] == []


@pytest.mark.parametrize(
    "action",
    [
        "s3:ListAllMyBuckets",
        "kms:ListKeys",
        "kms:DescribeKey",
        "ec2:DescribeSecurityGroupRules",
        "iam:GetAccountAuthorizationDetails",
        "rds:DescribeDBInstances",
    ],
)
def test_what_could_not_be_looked_for_is_unknown(
    whole: Audit, everything: Recording, denying: Denying, action: str
) -> None:
    before = {(f.control, f.address): f.status for f in _judge(everything, whole).findings}
    verdict = _judge(denying(everything, action), whole)
    assert verdict.problems == ()
    after = {(f.control, f.address): f for f in verdict.findings}
    assert before.keys() <= after.keys()
    changed = [f for key, f in after.items() if before.get(key) is not f.status]
    assert {f.status for f in changed} == {Status.UNKNOWN}
    assert [f for f in changed if action.lower() not in f.implemented.lower()] == []


@pytest.mark.parametrize("arn", ["", "nonsense", "arn:nonsense"])
def test_an_arn_that_is_none_tells_no_region(arn: str) -> None:
    values = {"id": "k", "key_id": "k", "arn": arn}
    resource = {
        "address": "aws_kms_key.k",
        "mode": "managed",
        "type": "aws_kms_key",
        "name": "k",
        "provider_name": "registry.terraform.io/hashicorp/aws",
        "values": values,
    }
    state = load_state(
        {"format_version": "1.0", "values": {"root_module": {"resources": [resource]}}}
    )
    [key] = state.resources.values()
    named = matching.named_in(key, {"aws_kms_key.k": "us-west-2"})
    assert (named.region, named.account) == ("us-west-2", "")
