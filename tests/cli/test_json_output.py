"""All that commands print as JSON has one shape, which a published schema describes."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import typer
from referencing import Registry, Resource

from revet.cli import aws
from revet.cli.app import app
from revet.cli.delivery import deliver_all
from revet.cli.output import Format
from revet.model.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.conftest import Caller

ROOT = Path(__file__).parents[2]
SCHEMAS = {path.name: json.loads(path.read_text()) for path in ROOT.glob("docs/schemas/*.json")}
TAP = ROOT / "src" / "revet" / "blueprints" / "tap"
GOLDEN = ROOT / "tests" / "golden" / "report" / "verdict.json"
ASK = ("--principal", "arn:aws:iam::111122223333:user/ann", "--action", "s3:GetObject")
CALLS: dict[tuple[str, ...], tuple[str, ...]] = {
    ("report",): ("verdict.json",),
    ("iam", "validate"): ("policy.json", "--type", "identity"),
    ("iam", "explain"): (*ASK, "--identity-policy", "policy.json"),
    ("iam", "check-no-new-access"): ("policy.json", "policy.json"),
    ("iam", "check-access-not-granted"): ("policy.json", "--actions", "s3:GetObject"),
    ("iam", "check-no-public-access"): ("resource.json", "--resource-type", "AWS::S3::Bucket"),
    ("iam", "prove"): ("plan.json", "--properties", "properties.toml"),
    ("iam", "who-can"): ("s3:PutObject", "*", "--plan", "plan.json"),
    ("iam", "attack"): ("plan.json", "--attacks", "attacks.toml"),
    ("controls", "list"): (),
    ("controls", "show"): ("s3-bucket-versioning",),
    ("doctor",): (),
    ("imports", "check"): ("app.py",),
    ("imports", "fix"): ("app.py",),
    ("aws", "env"): (),
}
DELIVERED = {("check",), ("verify",), ("audit",), ("rehearse",), ("deploy",), ("destroy",)}
"""They show their verdicts as `report` does, through `output.deliver` or `delivery.deliver_all`."""


def require_shape(data: Any, kind: str) -> None:  # noqa: ANN401 - whatever was printed
    resources = [(name, Resource.from_contents(item)) for name, item in SCHEMAS.items()]
    schema = SCHEMAS["output.schema.json"]
    registry: Registry[Any] = Registry().with_resources(resources)
    jsonschema.Draft202012Validator(schema, registry=registry).validate(data)
    assert data["kind"] == kind
    assert list(data)[:2] == ["schema", "kind"]


def printing(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:  # noqa: ANN401 - typer's own
    """The commands that have a `--format` with `json`."""
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        if hasattr(command, "list_commands"):
            yield from printing(command, (*path, name))
        for option in command.params:
            if "--format" in option.opts and "json" in getattr(option.type, "choices", ()):
                yield (*path, name)


def test_every_command_that_prints_json_is_here() -> None:
    assert set(printing(typer.main.get_command(app))) == DELIVERED | set(CALLS)


KINDS = {
    "report": "verdict", "iam validate": "policy-findings", "iam explain": "decision",
    "iam check-no-new-access": "policy-check", "iam check-access-not-granted": "policy-check",
    "iam check-no-public-access": "policy-check", "iam prove": "proofs",
    "iam who-can": "principals", "iam attack": "attacks", "controls list": "controls",
    "controls show": "control", "doctor": "doctor",
    "imports check": "imports", "imports fix": "imports", "aws env": "environment",
}  # fmt: skip


class Daemon:
    """What `aws env` asks an embedded AWS."""

    unset = ("AWS_PROFILE",)

    def environment(self) -> dict[str, str]:
        return {"AWS_ENDPOINT_URL": "https://127.0.0.1:1"}


@pytest.fixture
def files(call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Caller:
    shutil.copy(GOLDEN, tmp_path / "verdict.json")
    statement = {"Effect": "Allow", "Action": "s3:GetObjct", "Resource": "*"}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    (tmp_path / "policy.json").write_text(json.dumps(policy))
    bucket = {"Version": "2012-10-17", "Statement": [{**statement, "Principal": "*"}]}
    (tmp_path / "resource.json").write_text(json.dumps(bucket))
    for name in ("properties", "attacks"):
        shutil.copy(TAP / f"{name}.toml", tmp_path)
    stored = json.loads((ROOT / "tests/mutations/tap/plans/good.json").read_text())
    (tmp_path / "plan.json").write_text(json.dumps(stored["plan"]))
    (tmp_path / "app.py").write_text("from cdktf import App\nfrom cdktn import Apq\n")
    monkeypatch.setattr(aws, "_running", lambda _state: Daemon())
    return call


@pytest.mark.parametrize("command", list(CALLS), ids=" ".join)
def test_json_of_a_command_fits_the_schema(command: tuple[str, ...], files: Caller) -> None:
    ended = files(*command, *CALLS[command], "--format", "json")
    require_shape(json.loads(ended.out), KINDS[" ".join(command)])


def test_the_certificates_of_proofs_can_be_checked(files: Caller, tmp_path: Path) -> None:
    ended = files(
        *("iam", "prove", "plan.json", "--properties", "properties.toml"),
        *("--certificates", "proofs", "--format", "json"),
    )
    rows = json.loads(ended.out)["properties"]
    said = {row["certificate"] for row in rows if row["certificate"]}
    written = sorted((tmp_path / "proofs").glob("*.json"))
    assert {path.stem for path in written} == said
    assert said
    for path in written:
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.stem
        assert files("iam", "check-certificate", str(path)).code == 0


def test_each_line_of_decisions_fits_the_schema(call: Caller, tmp_path: Path) -> None:
    (tmp_path / "cases.jsonl").write_text('{"name": "a"}\nnot JSON\n')
    for line in call("iam", "authorize", "--cases", "cases.jsonl").out.splitlines():
        require_shape(json.loads(line), "decision")


def test_a_plan_is_judged_in_this_shape(call: Caller) -> None:
    ended = call("check", str(ROOT / "tests/plan/data/hcl.json"), "--format", "json")
    require_shape(json.loads(ended.out), "verdict")


def test_verdicts_of_several_stacks_are_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    verdict = Verdict.from_dict(json.loads(GOLDEN.read_text()))
    deliver_all([verdict, verdict], Format.JSON, None, every=True)
    data = json.loads(capsys.readouterr().out)
    require_shape(data, "verdicts")
    assert data["verdicts"] == [verdict.as_dict()] * 2


def test_a_verdict_without_a_kind_is_still_read(call: Caller, tmp_path: Path) -> None:
    """As revet wrote them before."""
    data = json.loads(GOLDEN.read_text())
    del data["kind"]
    for item in data["evidence"]:
        item.pop("certificate", None)
    data["digest"] = "sha256:8e8fa4f78a385009ffc042e992871d98e1a76ffc05db1833485ca08dbd279a7e"
    (tmp_path / "old.json").write_text(json.dumps(data))
    assert call("report", "old.json").code == 0
