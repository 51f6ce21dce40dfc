"""The live checks over a really deployed stack: the provider's state, the embedded AWS's answers.

The same table of corruptions as in tests/verify, the first of each check; those that need the
database or the bucket lifecycle are tried there only.
"""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from revet.gate.catalog import load_catalog
from revet.model.finding import Finding, Status
from revet.model.verdict import Provenance, Verdict
from revet.target.backend import write_backend_override
from revet.target.embedded import EmbeddedTarget
from revet.target.terraform import Terraform
from revet.verify.boto import BotoReader
from revet.verify.catalog import load_checks
from revet.verify.run import verify_live
from revet.verify.subject import Deployment, read_outputs, read_subjects

pytestmark = pytest.mark.embedded

HERE = Path(__file__).parent
REGION = "us-west-2"
ELSEWHERE = ("rds-", "s3-bucket-lifecycle")
SETTINGS: dict[str, dict[str, object]] = {
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
CHECKS = {name: check for name, check in load_checks().items() if not name.startswith(ELSEWHERE)}


def _cases() -> list[dict[str, Any]]:
    first: dict[str, dict[str, Any]] = {}
    for case in TABLE.corruptions():
        if case["check"] in CHECKS and not case.get("rebuild"):
            first.setdefault(case["check"], case)
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
        catalog = load_catalog()
        controls = {
            name: replace(
                catalog[name].meta, settings=catalog[name].meta.settings | SETTINGS.get(name, {})
            )
            for name in CHECKS
        }
        result = verify_live(
            Deployment(
                "small", read_subjects(self.state, default_region=REGION), read_outputs(self.state)
            ),
            BotoReader(self.target.session(REGION)),
            checks=CHECKS,
            controls=controls,
            origin=self.target.origin,
        )
        assert result.problems == ()
        assert result.not_exercised == ()
        return result.findings


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    folder = tmp_path_factory.mktemp("live")
    stack = folder / "stack"
    shutil.copytree(HERE / "live_checks", stack)
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
    assert {finding.control for finding in findings} == set(CHECKS)


def test_every_check_but_those_for_elsewhere_is_tripped() -> None:
    by_rebuild = {"ec2-vpc-flow-logs", "terraform-outputs"}
    assert {case["check"] for case in _cases()} == set(CHECKS) - by_rebuild


@pytest.mark.parametrize("case", _cases(), ids=TABLE.case_id)
def test_exactly_the_right_checks_fail(deployed: Deployed, case: Mapping[str, Any]) -> None:
    marks = TABLE.known(deployed.state, deployed.client)
    TABLE.send(case["break"], deployed.client, marks)
    try:
        findings = deployed.verify()
    finally:
        TABLE.send(case["restore"], deployed.client, marks)
    expected = {name for name in case.get("fails", [case["check"]]) if name in CHECKS}
    assert {f.control for f in findings if f.status is Status.FAIL} == expected
    assert [f for f in findings if f.status is Status.UNKNOWN] == []


def test_all_is_as_it_was(deployed: Deployed) -> None:
    assert [f for f in deployed.verify() if f.status is not Status.PASS] == []
