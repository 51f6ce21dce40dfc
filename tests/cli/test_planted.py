"""Nothing of a cloned repository is executed but the program that `revet.toml` names.

A clone is planted with everything that somebody's tools are known to load from the folder they are
called in. Whatever is executed leaves a file.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from revet.cli.workdir import embedded_state
from revet.files import WORKING, project_state

REVET = Path(sys.executable).with_name("revet")
MODULES = (
    "json", "moto", "revet", "cdktn", "constructs", "cloudpickle", "boto3", "typer", "rich",
    "sitecustomize", "usercustomize", "conftest", "runpy", "traceback", "tempfile", "shlex",
    "fcntl_", "yaml", "jsii", "cdktn_provider_aws", "filelock", "platformdirs",
)  # fmt: skip
PROGRAMS = ("terraform", "tofu", "node", "python", "python3", "git", "npm", "npx", "sh", "chromium")
PROGRAM = """
import os, pathlib, sys
out = pathlib.Path(os.environ["CDKTF_OUTDIR"])
(out / "stacks" / "app").mkdir(parents=True)
text = '{"stacks": {"app": {"synthesizedStackPath": "stacks/app/cdk.tf.json"}}}'
(out / "manifest.json").write_text(text)
(out / "stacks" / "app" / "cdk.tf.json").write_text('{"resource": {}}')
pathlib.Path(%r).write_text("ran")
"""
PLAN = {"format_version": "1.2", "terraform_version": "1.11.4", "resource_changes": []}


class Clone:
    """A repository that somebody has cloned."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "clone"
        self.executed = folder / "executed"
        self.ran = folder / "ran"
        self.home = folder / "home"
        for made in (self.folder, self.executed, self.home):
            made.mkdir()
        self.plant()

    def plant(self) -> None:
        for name in MODULES:
            self.python(f"{name}.py", f"module {name}")
        for name in PROGRAMS:
            for place in (".", "bin", ".tools", ".venv/bin", "node_modules/.bin"):
                self.script(f"{place}/{name}", f"program {name} in {place}".replace("/", "_"))
        for name in ("cdktn", "constructs", "@cdktn/provider-aws", "jsii"):
            mark = self.executed / f"node {name}".replace("/", "_")
            text = f"require('fs').writeFileSync({json.dumps(str(mark))}, '')"
            self.write(f"node_modules/{name}/index.js", text)
        touch = f"touch {self.executed}"
        self.write("cdktf.json", json.dumps({"app": f"{touch}/cdktf", "language": "python"}))
        self.write("cdk.json", json.dumps({"app": f"{touch}/cdk"}))
        self.write(".npmrc", f"node-options=--require {self.folder}/node_modules/jsii/index.js\n")
        config = f"[core]\n\tfsmonitor = {touch}/fsmonitor\n\tpager = {touch}/pager\n"
        self.write(".git/config", config)
        self.script(".git/hooks/post-checkout", "hook")
        mirror = f'provider_installation {{ filesystem_mirror {{ path = "{self.folder}" }} }}'
        for name in ("terraform.rc", ".terraformrc", ".tofurc"):
            self.write(name, mirror)
        plugins = "registry.terraform.io/hashicorp/aws/5.100.0/linux_amd64"
        for place in (".terraform/providers", "terraform.d/plugins", "."):
            provider = f"{place}/{plugins}/terraform-provider-aws_v5.100.0"
            self.script(provider, f"provider in {place}".replace("/", "_"))
        memory = {"folder": str(self.folder), "searched": 0}
        self.write(".tools/provider.json", json.dumps({"registry.terraform.io": memory}))
        self.write("plan.json", json.dumps(PLAN))
        self.write("app/program.py", PROGRAM % str(self.ran))
        self.write("revet.toml", '[stacks.app]\nprogram = ["app/program.py"]\n')

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def script(self, name: str, mark: str) -> None:
        text = f'#!/bin/sh\n: > "{self.executed}/{mark}"\necho "Terraform v1.11.4"\nexit 1\n'
        self.write(name, text).chmod(0o755)

    def python(self, name: str, mark: str) -> None:
        self.write(name, f"open({str(self.executed / mark)!r}, 'w').close()\n")

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        path = os.pathsep.join(("", ".", "bin", "node_modules/.bin", os.environ["PATH"], "", "."))
        kept = {name: text for name, text in os.environ.items() if not name.startswith("TF_")}
        return subprocess.run(
            [str(REVET), *arguments],
            cwd=self.folder,
            env={**kept, "PATH": path, "HOME": str(self.home), "NO_COLOR": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def marks(self) -> list[str]:
        return sorted(path.name for path in self.executed.iterdir())


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path)


CALLS: dict[str, tuple[str, ...]] = {
    "check": ("check", "plan.json"),
    "doctor": ("doctor",),
    "verify": ("verify", "app"),
    "destroy": ("destroy", "app"),
    "report": ("report", "app"),
    "status": ("aws", "status"),
    "imports": ("imports", "check", "app"),
}


@pytest.mark.parametrize("name", CALLS)
def test_what_does_not_synthesize_executes_nothing(clone: Clone, name: str) -> None:
    ended = clone.run(*CALLS[name])
    assert "revet itself failed" not in ended.stderr
    assert "Traceback" not in ended.stderr
    assert clone.marks() == []
    assert not clone.ran.exists()


def test_the_embedded_aws_is_started_used_and_stopped_without_executing_anything(
    clone: Clone,
) -> None:
    try:
        for words in (("start",), ("status",), ("env",)):
            ended = clone.run("aws", *words)
            assert ended.returncode == 0, ended.stderr
    finally:
        clone.run("aws", "stop")
    assert clone.marks() == []
    assert not (clone.folder / WORKING).exists(), "nothing of it lies in the project"


def test_synth_says_which_program_it_runs_and_runs_no_other(clone: Clone) -> None:
    ended = clone.run("synth", "app")
    assert ended.returncode == 0, ended.stderr
    program = clone.folder / "app" / "program.py"
    assert f"runs `{program}`, which `revet.toml` names for `app`" in ended.stderr
    assert clone.ran.exists()
    assert clone.marks() == []


def test_a_program_is_named_before_it_runs_and_cannot_steer_the_terminal(clone: Clone) -> None:
    clone.write("app/program.py", "import sys\nprint('now it runs')\nsys.exit(4)\n")
    clone.write("revet.toml", '[stacks.app]\nprogram = ["app/program.py", "\\u001b[2J\\u202e"]\n')
    ended = clone.run("synth", "app")
    assert ended.returncode == 3
    assert ended.stderr.splitlines()[0].startswith("runs `")
    assert "\x1b" not in ended.stderr
    assert "\u202e" not in ended.stderr


def test_a_planted_embedded_aws_is_not_read_and_said_to_be_unused(clone: Clone) -> None:
    clone.write(f"{WORKING}/aws/snapshot.bin", "cos\nsystem\n(S'false'\ntR.")
    clone.write(f"{WORKING}/aws/daemon.json", "{}")
    try:
        ended = clone.run("aws", "start")
        assert ended.returncode == 0, ended.stderr
        assert "is not read and can be removed" in ended.stderr
        assert str(embedded_state(clone.folder)) in ended.stdout
        assert clone.run("aws", "status").stdout.count("\n") == 1, "it is empty"
    finally:
        clone.run("aws", "stop")
    assert (clone.folder / WORKING / "aws" / "daemon.json").read_text() == "{}"
    assert embedded_state(clone.folder) == project_state(clone.folder) / "aws"


@pytest.mark.parametrize("part", ["", "app", "app/synth", "app/verdict.json"])
def test_a_working_folder_that_leads_elsewhere_is_refused(
    clone: Clone, tmp_path: Path, part: str
) -> None:
    outside, place = tmp_path / "outside", clone.folder / WORKING / part
    outside.mkdir()
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(outside)
    ended = clone.run("synth", "app")
    assert ended.returncode == 3, ended.stderr
    assert "leads elsewhere" in ended.stderr
    assert list(outside.iterdir()) == []
    assert not clone.ran.exists(), "the program is not even run"


@pytest.mark.parametrize("stack", ["..", "../x", "a/b"])
def test_no_stack_is_called_like_a_path(clone: Clone, stack: str) -> None:
    (clone.folder.parent / "rehearsal").mkdir()
    (clone.folder.parent / "rehearsal" / "verdict.json").write_text("{}")
    for command in ("synth", "report"):
        ended = clone.run(command, "--", stack)
        assert ended.returncode in (2, 3), ended.stderr
        assert "Traceback" not in ended.stderr
    assert {path.name for path in clone.folder.parent.iterdir()} == {
        "clone", "executed", "home", "rehearsal",
    }  # fmt: skip


def test_two_stacks_do_not_share_a_folder_where_case_does_not_count(clone: Clone) -> None:
    clone.write(
        "revet.toml",
        '[stacks.app]\nprogram = "app/program.py"\n[stacks.App]\nprogram = "app/program.py"\n',
    )
    ended = clone.run("synth", "app")
    assert ended.returncode == 3
    assert "by more than its case" in ended.stderr


def test_in_a_folder_whose_name_is_not_utf_8_nothing_is_made_or_deployed(clone: Clone) -> None:
    """Terraform would put the state into a folder of another name, beside it."""
    clone.folder = clone.folder.rename(clone.folder.parent / os.fsdecode(b"caf\xe9"))
    before = sorted(map(os.fsencode, clone.folder.parent.iterdir()))
    for words in (("synth", "app"), ("destroy", "app"), ("rehearse", "app"), ("aws", "start")):
        ended = clone.run(*words)
        assert ended.returncode == 3, ended.stderr
        assert "not UTF-8" in ended.stderr
        assert "caf\\udce9" in ended.stderr
    assert sorted(map(os.fsencode, clone.folder.parent.iterdir())) == before
    assert not (clone.folder / WORKING).exists()
    assert not clone.ran.exists()
    ended = clone.run("check", "plan.json")
    assert "not UTF-8" not in ended.stderr, "a plan is judged wherever it lies"
