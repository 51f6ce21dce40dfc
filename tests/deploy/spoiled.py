"""A blueprint that is deployed on the embedded AWS, and spoiled through AWS's API."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from tests.target.overriding import write_backend_override

from revet.cli.stack import blueprints
from revet.gate.catalog import load_catalog
from revet.gate.requirements import load_requirements
from revet.model.finding import Finding, Status
from revet.model.requirement import Judged, RequirementSet
from revet.model.verdict import Provenance, Verdict
from revet.plan.state import load_state
from revet.synth import run_program
from revet.target.embedded import EmbeddedTarget
from revet.target.terraform import Terraform
from revet.verify.api import SIDE_BY_SIDE, Api
from revet.verify.audit import AuditInput
from revet.verify.boto import BotoReader
from revet.verify.deployed import judge_deployed

Client = Any  # boto3 makes client classes at run time
Undo = Callable[[], object]


@dataclass
class Deployed:
    """A deployed stack, its outputs and its account."""

    name: str
    region: str
    rows: RequirementSet
    target: EmbeddedTarget
    state: dict[str, Any]

    def __post_init__(self) -> None:
        outputs = self.state["values"]["outputs"]
        self.of = {name: one["value"] for name, one in outputs.items()}

    def client(self, service: str) -> Client:
        session: Client = self.target.session(self.region)
        return session.client(service)

    def verify(self) -> Verdict:
        origin = self.target.origin
        reader = BotoReader(self.target.session(self.region))
        return judge_deployed(
            Api(reader, self.target.account(), self.region, SIDE_BY_SIDE[origin]),
            load_state(self.state),
            AuditInput(load_catalog(), requirements=self.rows),
            stack=self.name,
            regions={},
            origin=origin,
        )


@contextmanager
def deployed_blueprint(name: str, region: str, folder: Path) -> Iterator[Deployed]:
    """Deploy a blueprint; at the end the embedded AWS is gone, and had no fault inside."""
    own = blueprints()[name]
    environment = {**os.environ, "LIFECYCLE": "EPHEMERAL", "AWS_REGION": region}
    [made] = run_program([str(own / "program.py")], folder / "out", environment).stacks.values()
    target = EmbeddedTarget(folder / "aws", region=region)
    target.start()
    try:
        state = folder / "terraform.tfstate"
        write_backend_override(made.directory, target.backend_override(state))
        terraform = Terraform(made.directory, environment=target.environment())
        terraform.init()
        saved = terraform.plan()
        terraform.apply(saved, Verdict(Provenance(name, "check", plan_hash=saved.sha256)))
        rows = load_requirements(own / "requirements.toml")
        yield Deployed(name, region, rows, target, dict(terraform.state()))
        assert target.daemon.internal_errors() == []
    finally:
        target.stop()


class Spoiled(NamedTuple):
    """What spoils a row, and what must fail then."""

    rows: tuple[str, ...]
    spoil: Callable[[Deployed], Undo]
    control: str


def case_id(one: Spoiled) -> str:
    """The control that must fail, and what spoils it."""
    return f"{one.control}-{one.spoil.__name__}"


def judged_live(name: str) -> set[str]:
    """The rows of a blueprint that are judged live."""
    rows = load_requirements(blueprints()[name] / "requirements.toml").rows
    return {row.id for row in rows if Judged.LIVE in row.judged}


def not_passed(verdict: Verdict) -> list[Finding]:
    """What was found and is not in order."""
    fine = (Status.PASS, Status.NOT_EXERCISED)
    return [finding for finding in verdict.findings if finding.status not in fine]


def require_noticed(deployed: Deployed, one: Spoiled) -> None:
    """Spoil a row, and require that its control and the row fail; it is put back."""
    undo = one.spoil(deployed)
    try:
        verdict = deployed.verify()
    finally:
        undo()
    failed = {f.control for f in verdict.findings if f.status is Status.FAIL}
    assert one.control in failed
    rows = {
        evidence.requirement
        for evidence in verdict.evidence
        if evidence.judged is Judged.LIVE and evidence.status is Status.FAIL
    }
    assert rows >= set(one.rows)
