"""A really deployed stack, judged in its account: the provider's state, the embedded AWS's answers.

The same table of corruptions as in tests/verify, the first of each control; those that need the
database or the bucket lifecycle are tried there only.
"""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from tests.target.overriding import write_backend_override

from revet.gate.baseline import Baseline
from revet.gate.catalog import load_catalog
from revet.model.finding import Finding, Status
from revet.model.verdict import Provenance, Verdict
from revet.plan.state import load_state
from revet.target.embedded import EmbeddedTarget
from revet.target.terraform import Terraform
from revet.verify.api import SIDE_BY_SIDE, Api
from revet.verify.audit import AuditInput
from revet.verify.boto import BotoReader
from revet.verify.deployed import judge_deployed

pytestmark = pytest.mark.embedded

HERE = Path(__file__).parent
REGION = "us-west-2"
ELSEWHERE = ("rds-", "s3-bucket-lifecycle")
NETWORK = (
    "ec2-default-network-acl-closed",
    "ec2-default-security-group-closed",
    "ec2-security-group-ports",
    "ec2-vpc-endpoint-policy",
    "ec2-vpc-no-internet",
)
"""Controls that run on request; the network of this stack is closed."""
SETTINGS: dict[str, dict[str, object]] = {
    "ec2-security-group-ports": {"ports": (443, 5432)},
    "iam-role-session": {"seconds": 3600},
    "s3-bucket-encryption": {"customer_managed_key": True},
    "terraform-outputs": {"names": ("bucket_name", "vpc_id")},
    "tags-required": {"keys": ("Environment", "Owner", "Purpose")},
}
Client = Any  # boto3 makes client classes at run time


def _corrupting() -> ModuleType:
    path = HERE.parent / "verify" / "corrupting.py"
    spec = importlib.util.spec_from_file_location("revet_tests_corrupting", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TABLE = _corrupting()
BASELINE = Baseline(
    "tests", controls=("*", *NETWORK), without=("s3-bucket-lifecycle",), settings=SETTINGS
)
CONTROLS = {
    name
    for case in TABLE.corruptions()
    for name in case.get("fails", [case["control"]])
    if not name.startswith(ELSEWHERE)
}


def _cases() -> list[dict[str, Any]]:
    first: dict[str, dict[str, Any]] = {}
    for case in TABLE.corruptions():
        if case["control"] in CONTROLS and not case.get("rebuild"):
            first.setdefault(case["control"], case)
    return list(first.values())


@dataclass
class Deployed:
    """The deployed stack: its state, and how to reach it."""

    target: EmbeddedTarget
    state: Mapping[str, Any]
    clients: dict[str, Client] = field(default_factory=dict)

    def client(self, service: str) -> Client:
        if service not in self.clients:
            session: Client = self.target.session(REGION)
            self.clients[service] = session.client(service)
        return self.clients[service]

    def verify(self) -> tuple[Finding, ...]:
        origin = self.target.origin
        verdict = judge_deployed(
            Api(
                BotoReader(self.target.session(REGION)),
                self.target.account(),
                REGION,
                SIDE_BY_SIDE[origin],
            ),
            load_state(self.state),
            AuditInput(load_catalog(), baseline=BASELINE),
            stack="small",
            regions={},
            origin=origin,
        )
        assert verdict.problems == ()
        idle = {f.control for f in verdict.findings if f.status is Status.NOT_EXERCISED}
        assert not idle & CONTROLS
        return tuple(f for f in verdict.findings if f.status is not Status.NOT_EXERCISED)


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    folder = tmp_path_factory.mktemp("live")
    stack = folder / "stack"
    shutil.copytree(HERE / "verified", stack)
    target = EmbeddedTarget(folder / "aws", region=REGION)
    target.start()
    try:
        write_backend_override(stack, target.backend_override(folder / "terraform.tfstate"))
        terraform = Terraform(stack, environment=target.environment())
        terraform.init()
        saved = terraform.plan()
        terraform.apply(saved, Verdict(Provenance("small", "check", plan_hash=saved.sha256)))
        yield Deployed(target, terraform.state())
        assert target.daemon.internal_errors() == []
    finally:
        target.stop()


def test_what_was_deployed_passes(deployed: Deployed) -> None:
    findings = deployed.verify()
    assert [f for f in findings if f.status is not Status.PASS] == []
    assert {finding.control for finding in findings} >= CONTROLS


def test_every_control_but_those_for_elsewhere_is_tripped() -> None:
    by_rebuild = {"ec2-vpc-flow-logs", "terraform-outputs"}
    assert {case["control"] for case in _cases()} == CONTROLS - by_rebuild


@pytest.mark.parametrize("case", _cases(), ids=TABLE.case_id)
def test_exactly_the_right_controls_fail(deployed: Deployed, case: Mapping[str, Any]) -> None:
    """And every control on what the state of this stack names and the account lacks then."""
    marks = TABLE.known(deployed.state, deployed.client)
    TABLE.send(case["break"], deployed.client, marks)
    try:
        findings = deployed.verify()
    finally:
        TABLE.send(case["restore"], deployed.client, marks)
    expected = {name for name in case.get("fails", [case["control"]]) if name in CONTROLS}
    failed = [f for f in findings if f.status is Status.FAIL]
    assert {f.control for f in failed} >= expected
    other = [f for f in failed if f.control not in expected]
    assert {f.implemented for f in other} <= {"it does not exist in the account"}
    assert [f for f in findings if f.status is Status.UNKNOWN] == []


def test_all_is_as_it_was(deployed: Deployed) -> None:
    assert [f for f in deployed.verify() if f.status is not Status.PASS] == []
