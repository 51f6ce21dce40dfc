"""The real Terraform, on the embedded AWS where a provider is needed."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.target.overriding import write_backend_override

from revet.files import STATE_VARIABLE
from revet.model.errors import PrerequisiteError
from revet.model.finding import SourceLine
from revet.model.verdict import Provenance, Verdict
from revet.target.diagnostics import Place, TerraformError
from revet.target.embedded import EmbeddedTarget
from revet.target.events import Event
from revet.target.saved_plan import SavedPlan
from revet.target.terraform import Terraform

pytestmark = pytest.mark.embedded

POLICY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)


@pytest.fixture
def target(tmp_path: Path) -> Iterator[EmbeddedTarget]:
    target = EmbeddedTarget(tmp_path / "aws")
    target.start()
    yield target
    target.stop()


def written(folder: Path, configuration: dict[str, Any]) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "cdk.tf.json").write_text(json.dumps(configuration))
    return folder


def with_provider(resources: dict[str, Any], **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {
        "terraform": {
            "required_providers": {"aws": {"source": "hashicorp/aws", "version": ">= 5.100, < 7"}},
            "backend": {"s3": {"bucket": "absent", "key": "state", "region": "us-east-1"}},
        },
        "provider": {"aws": [{"region": "us-east-1"}]},
        "resource": resources,
        **more,
    }


def allowed(saved: SavedPlan) -> Verdict:
    return Verdict(Provenance("stack", "check", plan_hash=saved.sha256))


@pytest.mark.slow
def test_deploy_plan_again_and_destroy(target: EmbeddedTarget, tmp_path: Path) -> None:
    stack = written(
        tmp_path / "stack",
        with_provider(
            {
                "aws_iam_role": {"reader": {"name": "reader", "assume_role_policy": TRUST}},
                "aws_kms_alias": {
                    "data": {"name": "alias/data", "target_key_id": "${aws_kms_key.data.id}"}
                },
                "aws_kms_key": {"data": {"enable_key_rotation": True}},
            },
            output={"role": {"value": "${aws_iam_role.reader.arn}"}},
        ),
    )
    state = tmp_path / "state" / "tap.tfstate"
    write_backend_override(stack, target.backend_override(state))
    seen: list[Event] = []
    terraform = Terraform(stack, environment=target.environment(), observe=seen.append)
    terraform.init()
    saved = terraform.plan()
    assert str(saved.changes) == "3 to create, 1 outputs"
    terraform.apply(saved, allowed(saved))
    assert state.is_file(), "the state lies where the target wants it"
    created = [e.address for e in seen if e.kind == "resource_done" and e.action == "create"]
    assert sorted(created) == ["aws_iam_role.reader", "aws_kms_alias.data", "aws_kms_key.data"]
    outputs = terraform.state()["values"]["outputs"]
    assert outputs["role"]["value"] == "arn:aws:iam::123456789012:role/reader"
    assert len(terraform.state()["values"]["root_module"]["resources"]) == 3
    left = target.leftovers()
    assert left is not None
    assert {item.split("/")[0] for item in left} == {"iam", "kms"}
    again = terraform.plan()
    assert again.changes.empty, again.changes
    target.session("us-east-1").client("iam").update_role(
        RoleName="reader", Description="changed by hand"
    )
    drifted = terraform.plan()
    assert drifted.changes.update == ("aws_iam_role.reader",)
    terraform.destroy()
    assert "values" not in terraform.state()
    assert target.leftovers() == []
    assert target.daemon.internal_errors() == []


_APPLY = """
import json, os, signal, sys
from pathlib import Path
from revet.model.errors import RevetError
from revet.model.verdict import Provenance, Verdict
from tests.target.overriding import write_backend_override
from revet.target.terraform import Terraform

def observe(event):
    if (event.kind, event.address) == ("resource_start", sys.argv[2]):
        os.kill(os.getpid(), signal.SIGINT)

signal.signal(signal.SIGINT, signal.default_int_handler)
terraform = Terraform(Path(sys.argv[1]), observe=observe)
saved = terraform.plan()
try:
    terraform.apply(saved, Verdict(Provenance("s", "check", plan_hash=saved.sha256)))
except RevetError as error:
    print(error)
    sys.exit(error.exit_code)
"""


@pytest.mark.slow
def test_a_stopped_apply_leaves_a_state_to_go_on_from(
    target: EmbeddedTarget, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    wait = f"test -e '{tmp_path}/open' || read line < '{gate}'"
    stack = written(
        tmp_path / "stack",
        with_provider(
            {
                "aws_iam_role": {
                    "first": {"name": "first", "assume_role_policy": TRUST},
                    "last": {
                        "name": "last",
                        "assume_role_policy": TRUST,
                        "depends_on": ["terraform_data.between"],
                    },
                },
                "terraform_data": {
                    "between": {
                        "input": "${aws_iam_role.first.arn}",
                        "provisioner": [{"local-exec": {"command": wait}}],
                    }
                },
            }
        ),
    )
    write_backend_override(stack, target.backend_override(tmp_path / "tfstate"))
    terraform = Terraform(stack, environment=target.environment())
    terraform.init()
    stopped = subprocess.run(
        [sys.executable, "-c", _APPLY, str(stack), "terraform_data.between"],
        env={**target.environment(), STATE_VARIABLE: os.environ[STATE_VARIABLE]},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert stopped.returncode == 130, stopped.stdout + stopped.stderr
    assert "the state holds everything that has been made so far" in stopped.stdout
    made = {item["address"] for item in terraform.state()["values"]["root_module"]["resources"]}
    assert "aws_iam_role.first" in made
    assert "aws_iam_role.last" not in made
    (tmp_path / "open").touch()
    saved = terraform.plan()
    assert "aws_iam_role.first" not in saved.changes.create
    assert "aws_iam_role.last" in saved.changes.create
    terraform.apply(saved, allowed(saved))
    assert terraform.plan().changes.empty
    terraform.destroy()
    assert target.leftovers() == []


def test_an_error_of_aws_shows_the_user_s_line(target: EmbeddedTarget, tmp_path: Path) -> None:
    stack = written(
        tmp_path / "stack",
        with_provider(
            {"aws_iam_role_policy_attachment": {"x": {"role": "nobody", "policy_arn": POLICY}}}
        ),
    )
    write_backend_override(stack, target.backend_override(tmp_path / "tfstate"))
    places = {
        "aws_iam_role_policy_attachment.x": Place("tap/x", SourceLine("lib/tap_stack.py", 12))
    }
    terraform = Terraform(stack, environment=target.environment(), places=places)
    terraform.init()
    saved = terraform.plan()
    with pytest.raises(TerraformError) as caught:
        terraform.apply(saved, allowed(saved))
    where = "aws_iam_role_policy_attachment.x, tap/x, lib/tap_stack.py:12"
    assert caught.value.where == where
    assert "NoSuchEntity" in caught.value.what + caught.value.got


def test_a_provider_that_is_not_there(tmp_path: Path) -> None:
    stack = written(tmp_path / "stack", with_provider({"aws_kms_key": {"x": {}}}))
    write_backend_override(stack, {"local": {"path": str(tmp_path / "tfstate")}})
    (tmp_path / "plugins").mkdir()
    environment = {
        **os.environ,
        "TF_CLI_ARGS_init": f"-plugin-dir={tmp_path / 'plugins'}",
    }
    with pytest.raises(PrerequisiteError, match="AWS provider cannot be installed") as caught:
        Terraform(stack, environment=environment).init()
    assert "TF_CLI_ARGS_init" in caught.value.where


def test_a_protected_resource_is_not_destroyed(tmp_path: Path) -> None:
    stack = written(
        tmp_path / "stack",
        {"resource": {"terraform_data": {"kept": {"lifecycle": {"prevent_destroy": True}}}}},
    )
    terraform = Terraform(stack, places={"terraform_data.kept": Place("tap/kept")})
    terraform.init()
    saved = terraform.plan()
    terraform.apply(saved, allowed(saved))
    with pytest.raises(TerraformError, match="instance cannot be destroyed") as caught:
        terraform.destroy()
    assert caught.value.where.startswith("terraform_data.kept, tap/kept")
    assert "ephemeral lifecycle" in caught.value.do


def test_a_state_that_another_run_holds_is_named(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    command = {"local-exec": {"command": f"read line < '{gate}'"}}
    stack = written(
        tmp_path / "stack", {"resource": {"terraform_data": {"x": {"provisioner": [command]}}}}
    )
    terraform = Terraform(stack)
    terraform.init()
    saved = terraform.plan()
    other = subprocess.Popen(
        [terraform.binary.path, "apply", "-input=false", "-json", saved.path],
        cwd=stack,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdout is not None
    try:
        assert any('"apply_start"' in line for line in other.stdout)
        with pytest.raises(TerraformError, match="state lock") as caught:
            terraform.plan()
        assert caught.value.do.startswith("wait until the other run has ended")
    finally:
        other.send_signal(signal.SIGINT)
        other.communicate(timeout=60)
