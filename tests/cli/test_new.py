"""A project that `revet new` has begun: what is in it, what is refused, and that it synthesizes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from scripts.fetch_terraform import PINNED, VERSION, archive_name
from tests.cli.conftest import Caller
from tests.docs.test_pages import COMMAND
from typer import Context
from typer.core import TyperGroup
from typer.main import get_command

import revet
from revet.cli import scaffold
from revet.cli.app import app
from revet.cli.machine_refusals import OutputError
from revet.cli.output import save
from revet.cli.project import find_project, load_project
from revet.cli.scaffold import PROGRAM, project_files, starters
from revet.cli.stack import blueprints, find_stack
from revet.model.errors import UsageError

BLUEPRINTS = sorted(blueprints())
WORKFLOW = ".github/workflows/revet.yml"
BIN = Path(sys.executable).parent


def begun(folder: Path, blueprint: str) -> Path:
    """A project, as the command writes it."""
    made = folder / blueprint
    scaffold.begin_project(made, project_files(blueprint))
    return made


def add_to(folder: Path, lines: str) -> None:
    """Let the program keep its stack, and do something with it before it is synthesized."""
    program = folder / PROGRAM
    text = program.read_text("utf-8")
    text = re.sub(r"^    (\w+\()$", r"    stack = \1", text, flags=re.MULTILINE)
    text = text.replace("    app.synth()", f"{lines}\n    app.synth()")
    text = text.replace(
        "\nfrom revet.synth", "\nfrom revet.constructs import kms, s3\nfrom revet.synth"
    )
    program.write_text(text, "utf-8")


def run(folder: Path, *command: str, code: int = 0) -> str:
    ended = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"},
    )  # fmt: skip
    assert ended.returncode == code, ended.stdout + ended.stderr
    return ended.stdout


def steps(blueprint: str) -> list[dict[str, Any]]:
    workflow = yaml.safe_load(project_files(blueprint)[WORKFLOW])
    [job] = workflow["jobs"].values()
    found: list[dict[str, Any]] = job["steps"]
    return found


def commands(blueprint: str) -> list[list[str]]:
    """The calls of revet in the workflow, without what a shell does with their output."""
    lines = [line for step in steps(blueprint) for line in step.get("run", "").splitlines()]
    return [line.partition(" >")[0].split()[1:] for line in lines if line.startswith("revet ")]


def test_a_project_can_begin_with_every_blueprint() -> None:
    assert sorted(starters()) == BLUEPRINTS


def test_a_blueprint_is_taken_by_its_own_files_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, without = tmp_path / "own", tmp_path / "without"
    texts = {
        scaffold.STARTER: '"""A program."""\n',
        "requirements.toml": "# rows\n",
        "waivers.toml": "# what the rows need waived\n",
    }
    without.mkdir()
    own.mkdir()
    for name, text in texts.items():
        (own / name).write_text(text, "utf-8")
    monkeypatch.setattr(scaffold, "blueprints", lambda: {"own": own, "without": without})
    files = project_files("own")
    assert files[PROGRAM] == texts.pop(scaffold.STARTER)
    assert {name: files[name] for name in texts} == texts
    assert not files.keys() & {"properties.toml", "attacks.toml", "baseline.toml"}
    settings = tomllib.loads(files["revet.toml"])["stacks"]["own"]
    assert settings == {
        "program": f"python {PROGRAM}",
        "requirements": "requirements.toml",
        "waivers": "waivers.toml",
    }
    assert "STATE_ACCOUNT" not in files["README.md"]
    with pytest.raises(UsageError, match="no such blueprint"):
        project_files("without")


@pytest.mark.parametrize("blueprint", BLUEPRINTS)
def test_the_call_writes_a_project_and_says_what_is_next(
    blueprint: str, call: Caller, tmp_path: Path
) -> None:
    ended = call("new", blueprint, "a b/project")
    assert (ended.code, ended.err) == (0, "")
    files = project_files(blueprint)
    folder = tmp_path / "a b" / "project"
    made = [path for path in folder.rglob("*") if path.is_file()]
    assert sorted(str(path.relative_to(folder)) for path in made) == sorted(files)
    for name, text in files.items():
        assert f"written: a b/project/{name}" in ended.out
        assert (folder / name).read_text("utf-8") == text
    assert "cd 'a b/project'" in ended.out
    assert f"revet check {blueprint}" in ended.out


@pytest.mark.parametrize("blueprint", BLUEPRINTS)
def test_it_is_judged_against_what_the_blueprint_is_judged_against(
    blueprint: str, tmp_path: Path
) -> None:
    folder = begun(tmp_path, blueprint)
    theirs = find_stack(blueprint, load_project(folder / "revet.toml"))
    ours = find_stack(blueprint, find_project(start=tmp_path))
    assert (theirs.program, theirs.blueprint) == (("python", PROGRAM), False)
    for name in ("requirements", "properties", "attacks", "baseline"):
        own, other = getattr(ours.judging, name), getattr(theirs.judging, name)
        if not own:
            assert not other
        else:
            assert Path(other) == folder / f"{name}.toml"
            assert Path(other).read_text("utf-8") == Path(own).read_text("utf-8")
    assert theirs.judging.waivers == folder / "waivers.toml"
    theirs.judging.load()


@pytest.mark.parametrize("blueprint", BLUEPRINTS)
def test_it_is_in_the_region_that_its_requirements_are_about(blueprint: str) -> None:
    files = project_files(blueprint)
    region = tomllib.loads(files["revet.toml"])["region"]
    assert f'"AWS_REGION", "{region}"' in files[PROGRAM]
    settings = tomllib.loads(files["requirements.toml"]).get("settings", {})
    for control, given in settings.items():
        assert given.get("regions", [region]) == [region], control
        says = f"`regions` of `[settings.{control}]` in `requirements.toml`" in files["README.md"]
        assert says == ("regions" in given)


@pytest.mark.parametrize("blueprint", BLUEPRINTS)
def test_what_is_commented_out_is_right_too(blueprint: str, tmp_path: Path) -> None:
    folder = begun(tmp_path, blueprint)
    for name in ("revet.toml", "waivers.toml"):
        lines = (folder / name).read_text("utf-8").splitlines()
        bare = [re.sub(r"^# (?=\[|\w+ = )", "", line) for line in lines]
        assert bare != lines
        (folder / name).write_text("\n".join(bare), "utf-8")
    stack = find_stack(blueprint, load_project(folder / "revet.toml"))
    assert stack.account == "123456789012"
    assert stack.judging.time_limit == 300
    stack.judging.load()
    assert len(tomllib.loads((folder / "waivers.toml").read_text("utf-8"))["waiver"]) == 1


def test_an_unknown_blueprint_names_those_there_are(call: Caller, tmp_path: Path) -> None:
    ended = call("new", "nothing", "project")
    assert ended.code == 3
    assert "no such blueprint" in ended.err
    assert all(f"`{name}`" in ended.err for name in BLUEPRINTS)
    assert "did you mean `zero-trust`?" in call("new", "zero_trust", "project").err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_must_be_given(call: Caller, tmp_path: Path) -> None:
    ended = call("new", "tap")
    assert ended.code == 3
    assert "DIR" in ended.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", project_files("tap"))
@pytest.mark.parametrize("kind", ["file", "link", "folder"])
def test_nothing_is_overwritten(name: str, kind: str, call: Caller, tmp_path: Path) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if kind == "file":
        path.write_text("mine")
    elif kind == "link":
        path.symlink_to(tmp_path / "elsewhere")
    else:
        path.mkdir()
    before = sorted(tmp_path.rglob("*"))
    ended = call("new", "tap", str(tmp_path))
    assert ended.code == 3
    for part in ("nothing is overwritten", f"got       `{name}`", str(tmp_path), "move it away"):
        assert part in ended.err
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("taken", ["project", "project/.github", "project/.github/workflows"])
def test_what_is_no_folder_is_refused_before_anything_is_written(
    taken: str, call: Caller, tmp_path: Path
) -> None:
    (tmp_path / taken).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / taken).write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    ended = call("new", "tap", "project")
    assert ended.code == 3
    assert f"`{WORKFLOW}`" in ended.err
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("error", [OutputError("the disk is full"), UsageError("no")])
def test_a_project_is_there_whole_or_not_at_all(
    error: Exception, call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: Path, text: str, *, do: str) -> None:
        if path.name == "README.md":
            raise error
        save(path, text, do=do)

    monkeypatch.setattr(scaffold, "save", fail)
    ended = call("new", "tap", "project")
    assert ended.code != 0
    assert ended.out == ""
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_the_hint_is_about_the_folder(call: Caller, tmp_path: Path) -> None:
    ended = call("new", "tap", "x" * 300)
    assert ended.code == 3
    assert "--output" not in ended.err
    assert "name a folder that can be written to" in ended.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("blueprint", BLUEPRINTS)
def test_the_workflow_needs_no_secret_and_little_trust(blueprint: str) -> None:
    text = project_files(blueprint)[WORKFLOW]
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {"contents": "read"}
    assert set(workflow[True]) == {"pull_request", "push"}, "YAML reads `on` as true"
    [job] = workflow["jobs"].values()
    assert "permissions" not in job
    used = [step["uses"].partition("@")[0] for step in job["steps"] if "uses" in step]
    assert used == ["actions/checkout", "actions/setup-python"]
    assert job["steps"][0]["with"] == {"persist-credentials": False}
    assert set(re.findall(r"\$\{\{ (.*?) \}\}", text)) == {"runner.temp", "!cancelled()"}


def test_the_workflow_takes_the_terraform_of_the_set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.system", lambda: "Linux")
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    [fetch] = [step["run"] for step in steps("tap") if "terraform_" in step.get("run", "")]
    name = archive_name(VERSION)
    assert f"file={name}\n" in fetch
    assert f'echo "{PINNED[name]}  $file" | sha256sum --check' in fetch
    assert f"/{VERSION}/$file" in fetch


@pytest.mark.parametrize("blueprint", BLUEPRINTS)
def test_the_commands_of_the_workflow_exist(blueprint: str) -> None:
    found = commands(blueprint)
    assert [words[0] for words in found] == ["doctor", "check", "rehearse", "report"]
    for words in found:
        group: Any = get_command(app)
        command = group.get_command(Context(group), words[0])
        parsed = command.make_context(words[0], words[1:])
        assert parsed.params.get("every", True) is True


@pytest.mark.parametrize("blueprint", BLUEPRINTS)
def test_the_commands_of_its_texts_exist(blueprint: str) -> None:
    files = project_files(blueprint)
    root = get_command(app)
    texts = (files["README.md"], files[PROGRAM], files["requirements.toml"], files["revet.toml"])
    found = [words.split() for text in texts for words in COMMAND.findall(text)]
    assert ["rehearse", blueprint] in found
    for words in found:
        assert isinstance(root, TyperGroup)
        assert root.get_command(Context(root), words[0]) is not None, words


@pytest.mark.parametrize("blueprint", BLUEPRINTS)
def test_the_hooks_are_those_of_init_and_judge_its_stacks(blueprint: str) -> None:
    hooks = yaml.safe_load(project_files(blueprint)[".pre-commit-config.yaml"])
    plain = yaml.safe_load(project_files()[".pre-commit-config.yaml"])
    gate = hooks["repos"][0]["hooks"][-1]
    assert gate["entry"] == "revet check --all"
    gate["entry"] = plain["repos"][0]["hooks"][-1]["entry"]
    assert hooks == plain


def test_the_version_of_revet_is_pinned() -> None:
    lines = project_files("tap")["requirements.txt"].splitlines()
    assert f"revet[all]=={revet.__version__}" in lines


def test_git_keeps_what_must_be_kept(tmp_path: Path) -> None:
    folder = begun(tmp_path, "tap")
    run(folder, "git", "init", "--quiet")
    for name in (*project_files("tap"), ".terraform.lock.hcl", "infra/.terraform.lock.hcl"):
        run(folder, "git", "check-ignore", "--quiet", name, code=1)
    for name in (
        *(".terraform/x", "a/.terraform/x", "cdktf.out/x", ".revet/tap/check/report.html"),
        *("terraform.tfstate", "a/terraform.tfstate.backup", "plan.json", "report.html"),
    ):
        run(folder, "git", "check-ignore", "--quiet", name)


def test_lint_passes_as_the_project_asks_for_it(tmp_path: Path) -> None:
    folders = [begun(tmp_path, blueprint) for blueprint in BLUEPRINTS]
    for folder in folders:
        run(folder, "ruff", "check", "--no-cache")
        run(folder, "ruff", "format", "--check", "--no-cache")
    (folders[0] / PROGRAM).write_text("import os, sys\n")
    run(folders[0], "ruff", "check", "--no-cache", code=1)


@pytest.mark.parametrize("blueprint", BLUEPRINTS)
def test_a_changed_project_is_synthesized(blueprint: str, tmp_path: Path) -> None:
    folder = begun(tmp_path, blueprint)
    program = folder / PROGRAM
    text = program.read_text("utf-8")
    [example] = re.findall(r"`(s3\.Bucket\(.*?\))`", text.replace("\n    # ", " "))
    program.write_text(re.sub('(owner|cost_center)="unassigned"', r'\1="payments"', text), "utf-8")
    add_to(folder, f"    {example}")
    settings = folder / "revet.toml"
    moved = re.sub(r'(?m)^region = ".*?"', 'region = "eu-central-1"', settings.read_text("utf-8"))
    settings.write_text(moved, "utf-8")
    path = run(folder, "revet", "synth", blueprint).partition(":")[0]
    made = json.loads(Path(path).read_text("utf-8"))
    tags = json.dumps(made["provider"]["aws"]) + json.dumps(made.get("variable", {}))
    assert '"payments"' in tags
    assert made["provider"]["aws"][0]["region"] == "eu-central-1"
    assert any(address.startswith("exports") for address in made["resource"]["aws_s3_bucket"])
    assert "prevent_destroy" in json.dumps(made)
    backend = made["terraform"]["backend"].get("s3")
    buckets = [one["bucket"] for one in made["resource"]["aws_s3_bucket"].values()]
    names = [backend["bucket"]] if backend else [_without_references(name) for name in buckets]
    assert "terraform-states-dev-123456789012-eu-central-1" in names, "as `state-backend` names it"


def _without_references(name: str) -> str:
    """A name with an account for the reference to the caller's."""
    return re.sub(r"\$\{data\.aws_caller_identity\.\w+\.account_id\}", "123456789012", name)


@pytest.mark.slow
def test_types_pass_as_the_project_asks_for_it(tmp_path: Path) -> None:
    folders = [begun(tmp_path, blueprint) for blueprint in BLUEPRINTS]
    for folder in folders:
        run(folder, "mypy", f"--cache-dir={tmp_path / 'cache'}")
    program = folders[0] / PROGRAM
    program.write_text(program.read_text("utf-8").replace("os.environ.get", "os.environ.got"))
    assert "attr-defined" in run(folders[0], "mypy", f"--cache-dir={tmp_path / 'cache'}", code=1)


def test_no_template_is_left_out() -> None:
    named = {*scaffold._ANY.values(), *scaffold._OF_A_BLUEPRINT.values(), "waivers.toml.jinja"}
    assert {path.name for path in scaffold._TEMPLATES.iterdir()} == named
