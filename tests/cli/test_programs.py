"""Programs as `revet.toml` names them: how, which of their stacks, what is said when they fail."""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Caller

from revet.model.errors import ProgramError
from revet.synth import run_program

CASES: dict[str, list[dict[str, Any]]] = tomllib.loads(
    (Path(__file__).parent / "programs.toml").read_text("utf-8")
)
MAKES = """\
import json, os, pathlib, sys
out = pathlib.Path(os.environ["CDKTF_OUTDIR"])
stacks = {}
for name in %s:
    path = out / "stacks" / name / "cdk.tf.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"output": {"said": {"value": name}}, "resource": {}}))
    stacks[name] = {"synthesizedStackPath": f"stacks/{name}/cdk.tf.json", "dependencies": []}
(out / "manifest.json").write_text(json.dumps({"stacks": stacks}))
(pathlib.Path("ran")).write_text(f"{os.getcwd()} {len(stacks)}")
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Programs that write a synthesis, without CDK Terrain, to be quick."""
    (tmp_path / "pay").mkdir()
    for name in ("two.py", "two words.py", "pay/__main__.py"):
        (tmp_path / name).write_text(MAKES % "sys.argv[1:] or ['app']", encoding="utf-8")
    (tmp_path / "one.py").write_text(MAKES % "['only']", encoding="utf-8")
    run = tmp_path / "run"
    run.write_text(f'#!/bin/sh\nexec "{sys.executable}" two.py "$@"\n', encoding="utf-8")
    run.chmod(0o755)
    return tmp_path


def settings(project: Path, text: str) -> None:
    (project / "revet.toml").write_text(text + "\n", encoding="utf-8")


@pytest.mark.parametrize("case", CASES["form"], ids=lambda case: case["program"])
def test_forms_of_a_program(case: dict[str, Any], call: Caller, project: Path) -> None:
    settings(project, f"[stacks.app]\nprogram = {case['program']}")
    (project / "deep").mkdir()
    ended = call("synth", "app", "--config", str(project / "revet.toml"))
    assert ended.code == 0, ended.err
    made = json.loads((project / ".revet/app/synth/stacks/app/cdk.tf.json").read_text())
    assert made["output"]["said"]["value"] == "app"
    assert ended.err.startswith("runs `"), "it is said before it runs"
    assert ended.err.index("runs `") < ended.err.index("synth")


def test_a_program_runs_in_the_folder_of_the_settings(
    call: Caller, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings(project, "[stacks.app]\nprogram = 'python two.py app'")
    (project / "deep").mkdir()
    monkeypatch.chdir(project / "deep")
    assert call("synth", "app").code == 0
    assert (project / "ran").read_text() == f"{project} 1"


def test_what_a_program_gets_is_said(call: Caller, project: Path) -> None:
    settings(project, "[stacks.app]\nprogram = 'two.py app'\nregion = 'eu-west-1'")
    said = call("synth", "app").err.splitlines()[0]
    assert said.endswith("names for `app`, with `AWS_REGION=eu-west-1`")
    settings(project, "[stacks.app]\nprogram = 'two.py app'")
    assert call("synth", "app").err.splitlines()[0].endswith("names for `app`")


@pytest.mark.parametrize("case", CASES["choice"], ids=lambda case: case["table"])
def test_which_stack_a_table_means(case: dict[str, Any], call: Caller, project: Path) -> None:
    settings(project, case["table"])
    [name] = tomllib.loads(case["table"])["stacks"]
    ended = call("synth", name)
    assert ended.code == 0, ended.err
    assert f"/stacks/{case['chosen']}/cdk.tf.json" in ended.out


@pytest.mark.parametrize("case", CASES["wrong"], ids=lambda case: case["table"])
def test_what_is_said_of_a_table(case: dict[str, Any], call: Caller, project: Path) -> None:
    settings(project, case["table"])
    ended = call("synth", "app")
    assert ended.code == 3, ended.err
    for part in ("what", "got", "expected", "do"):
        assert case.get(part, "") in ended.err
    assert "revet.toml" in ended.err


@pytest.mark.parametrize("case", CASES["failing"], ids=lambda case: case["program"])
def test_what_is_said_of_a_program(case: dict[str, Any], start: Caller, project: Path) -> None:
    (project / case["program"]).write_text(case["text"], encoding="utf-8")
    settings(project, f"[stacks.app]\nprogram = 'python {case['program']}'")
    ended = start("synth", "app")
    assert ended.code == 3, ended.err
    for part in ("what", "got", "do", "where"):
        assert case.get(part, "") in ended.err
    assert case["program"] in ended.err
    assert "Traceback" not in ended.err
    assert "revet/synth" not in ended.err


def test_a_program_that_does_not_end(tmp_path: Path) -> None:
    program = tmp_path / "waits.py"
    program.write_text("import threading\n\nthreading.Event().wait()\n", encoding="utf-8")
    with pytest.raises(ProgramError, match="did not end within 2 seconds") as caught:
        run_program([str(program)], tmp_path / "out", time_limit=2)
    assert caught.value.where == f"{program}:3"


def test_another_command_that_does_not_end(tmp_path: Path) -> None:
    words = ["sh", "-c", "echo waits; exec cat /dev/zero > /dev/null"]
    with pytest.raises(ProgramError, match="did not end within 1 seconds") as caught:
        run_program(words, tmp_path / "out", time_limit=1)
    assert caught.value.got == "waits"


def test_all_stacks_of_one_program(call: Caller, project: Path) -> None:
    settings(
        project,
        "[stacks.pay]\nprogram = 'two.py net pay'\n"
        "[stacks.network]\nprogram = 'two.py net pay'\nstack = 'net'\n"
        "[stacks.other]\nprogram = 'one.py'\n"
        "[stacks.by_hand]\nterraform = 'pay'\n",
    )
    ended = call("synth", "--all")
    assert ended.code == 0, ended.err
    assert [line.split("/")[-2] for line in ended.out.splitlines()] == ["pay", "net", "only"]
    assert ended.err.count("runs `") == 2, "a program runs once, however many tables name it"
    assert "`by_hand` is a Terraform folder" in ended.err


@pytest.mark.parametrize("command", ["synth", "check", "rehearse", "deploy", "verify", "destroy"])
@pytest.mark.parametrize("arguments", [("app", "--all"), ()])
def test_a_stack_or_all(
    command: str, arguments: tuple[str, ...], call: Caller, project: Path
) -> None:
    settings(project, "[stacks.app]\nprogram = 'one.py'")
    assert call(command, *arguments).code == 3


@pytest.mark.parametrize("command", ["synth", "check", "rehearse", "deploy", "verify", "destroy"])
def test_all_of_nothing(command: str, call: Caller) -> None:
    ended = call(command, "--all")
    assert ended.code == 3
    assert "no `revet.toml` here" in ended.err


@pytest.mark.parametrize(
    "options",
    [("--format", "html"), ("--format", "sarif"), ("--format", "junit"), ("-o", "one.py")],
)
def test_reports_of_several_stacks_need_a_folder(
    options: tuple[str, ...], call: Caller, project: Path
) -> None:
    settings(project, "[stacks.app]\nprogram = 'one.py'")
    ended = call("check", "--all", *options)
    assert ended.code == 3
    assert "folder" in ended.err.lower()
