"""A network in a region with too few Availability Zones is refused before anything is made."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.target.overriding import write_backend_override

from revet.model.errors import RevetError
from revet.synth import run_program
from revet.target.embedded import EmbeddedTarget
from revet.target.terraform import Terraform

pytestmark = [pytest.mark.embedded, pytest.mark.slow]

PROGRAM = """
from revet.constructs import ec2, kms, logs
from revet.constructs.context import Context
from revet.synth import new_app

import cdktn

app = new_app()
stack = cdktn.TerraformStack(app, "zones")
Context(stack, prefix="app", environment_suffix="test", region="REGION", tags={"Owner": "tests"})
access = [kms.cloudwatch_logs("app-flows-test")]
key = kms.Key(stack, "key", description="Logs", service_access=access)
flows = logs.LogGroup(stack, "flows", key=key)
vpc = ec2.Vpc(
    stack, "vpc", flow_log_group=flows, zones=3, nat="each", allow_internet="it is a test"
)
ec2.NetworkAcl(stack, "private", vpc=vpc)
app.synth()
"""


@pytest.mark.parametrize(("region", "refused"), [("us-west-1", True), ("us-west-2", False)])
def test_the_plan_says_that_there_are_too_few_zones(
    tmp_path: Path, region: str, *, refused: bool
) -> None:
    program = tmp_path / "main.py"
    program.write_text(PROGRAM.replace("REGION", region))
    made = run_program([str(program)], tmp_path / "out").stacks["zones"]
    target = EmbeddedTarget(tmp_path / "aws", region=region)
    target.start()
    try:
        write_backend_override(made.directory, target.backend_override(tmp_path / "state"))
        terraform = Terraform(made.directory, environment=target.environment())
        terraform.init()
        if refused:
            with pytest.raises(RevetError, match="fewer than 3 zones"):
                terraform.plan()
        else:
            assert terraform.plan().json_bytes
    finally:
        target.stop()
