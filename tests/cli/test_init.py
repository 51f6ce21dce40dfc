from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from revet.cli.project import load_project
from revet.cli.scaffold import project_files

if TYPE_CHECKING:
    from tests.cli.conftest import Caller

FILES = project_files()
ROOT = Path(__file__).parents[2]
MANIFEST = ROOT / ".pre-commit-hooks.yaml"
BIN = Path(sys.executable).parent
LOCAL = "repos:\n  - repo: local\n    hooks:\n"
RIGHT = '"""A stack."""\n\nfrom cdktn import App\n\napp = App()\n'
WRONG = RIGHT.replace("cdktn", "cdktf")


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "PRE_COMMIT_HOME": str(folder.parent / "pre-commit"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "PIP_NO_INDEX": "1",
    }
    for name in [name for name in environment if name.startswith("GIT_") and "CONFIG" not in name]:
        del environment[name]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=120, env=environment,
        check=False,
    )  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Path:
    if shutil.which("git") is None or not (BIN / "pre-commit").exists():
        pytest.fail("git and pre-commit belong to the tools of development")
    folder = tmp_path / "project"
    folder.mkdir()
    assert run(folder, "git", "init", "--quiet").returncode == 0
    return folder


def hook(folder: Path, name: str, *more: str) -> subprocess.CompletedProcess[str]:
    assert run(folder, "git", "add", "--all").returncode == 0
    return run(folder, "pre-commit", "run", name, "--all-files", *more)


def write_plan(path: Path) -> None:
    """A plan of a key that nobody rotates."""
    values = {"enable_key_rotation": False}
    named = {
        "address": "aws_kms_key.a",
        "mode": "managed",
        "type": "aws_kms_key",
        "name": "a",
        "provider_name": "registry.terraform.io/hashicorp/aws",
    }
    change = {"actions": ["create"], "before": None, "after": values, "after_unknown": {}}
    expressions = {"enable_key_rotation": {"constant_value": False}}
    resource = {**named, "provider_config_key": "aws", "expressions": expressions}
    plan = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "complete": True,
        "planned_values": {"root_module": {"resources": [{**named, "values": values}]}},
        "resource_changes": [{**named, "change": change}],
        "configuration": {"root_module": {"resources": [resource]}},
    }
    path.write_text(json.dumps(plan))


def test_init_writes_what_loads_and_says_what_is_next(call: Caller, tmp_path: Path) -> None:
    ended = call("init", "new/project")
    assert (ended.code, ended.err) == (0, "")
    assert load_project(tmp_path / "new" / "project" / "revet.toml").stacks == {}
    for name, text in FILES.items():
        assert f"written: new/project/{name}" in ended.out
        assert (tmp_path / "new" / "project" / name).read_text() == text
    assert "pre-commit install" in ended.out


def test_the_commented_settings_are_right_too(tmp_path: Path) -> None:
    lines = FILES["revet.toml"].splitlines()
    open_ = [line.removeprefix("# ") for line in lines if line.startswith("#")]
    file = tmp_path / "revet.toml"
    settings = [line for line in open_ if "=" in line or line.startswith("[")]
    file.write_text("\n".join(settings) + "\n")
    assert set(load_project(file).stacks) == {"payments", "network"}


@pytest.mark.parametrize("name", FILES)
def test_init_overwrites_nothing(call: Caller, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    ended = call("init")
    assert ended.code == 3
    assert f"`{name}`" in ended.err
    assert "nothing is overwritten" in ended.err
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "mine"


def test_the_hooks_of_a_new_project_pass_and_fail_with_pre_commit(
    call: Caller, project: Path
) -> None:
    assert call("init", str(project)).code == 0
    (project / "notes.py").write_text('"""Notes."""\n')
    assert hook(project, "ruff-format").returncode == 0
    assert hook(project, "ruff").returncode == 0
    (project / "notes.py").write_text("import os\nx   = 1\n")
    assert hook(project, "ruff-format").returncode == 1
    assert hook(project, "ruff").returncode == 1
    (project / "notes.py").write_text('x: int = "text"\n')
    typed = hook(project, "mypy")
    assert typed.returncode == 1
    assert "Incompatible types" in typed.stdout
    (project / "notes.py").write_text(RIGHT)
    assert hook(project, "revet-imports").returncode == 0
    (project / "notes.py").write_text(WRONG)
    wrong = hook(project, "revet-imports")
    assert wrong.returncode == 1
    assert "`cdktf.App` → `cdktn.App`" in wrong.stdout


def test_the_gate_of_a_new_project_blocks_before_a_push(call: Caller, project: Path) -> None:
    assert call("init", str(project)).code == 0
    nothing = hook(project, "revet-check", "--hook-stage", "pre-push")
    assert nothing.returncode == 1
    assert "no such file" in nothing.stdout
    write_plan(project / "plan.json")
    blocked = hook(project, "revet-check", "--hook-stage", "pre-push")
    assert blocked.returncode == 1
    assert "kms-key-rotation" in blocked.stdout


def test_the_hooks_for_others_are_valid_and_run(project: Path) -> None:
    assert run(ROOT, "pre-commit", "validate-manifest", str(MANIFEST)).returncode == 0
    local = MANIFEST.read_text().replace("language: python", "language: system")
    kept = [
        f"      {line}\n"
        for line in local.splitlines()
        if not line.startswith(("#", "  additional_dependencies"))
    ]
    (project / ".pre-commit-config.yaml").write_text(LOCAL + "".join(kept))
    file = project / "stack.py"
    file.write_text(WRONG)
    assert "`cdktf.App` → `cdktn.App`" in hook(project, "revet-imports").stdout
    assert file.read_text() == WRONG
    assert hook(project, "revet-imports-fix").returncode == 1, "files were modified by this hook"
    assert file.read_text() == RIGHT
    assert hook(project, "revet-imports-fix").returncode == 0
    write_plan(project / "plan.json")
    blocked = hook(project, "revet-check", "--hook-stage", "pre-push")
    assert "kms-key-rotation" in blocked.stdout


def test_the_hooks_for_others_install_what_the_extra_names() -> None:
    extra = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    lines = [
        line for line in MANIFEST.read_text().splitlines() if "additional_dependencies" in line
    ]
    assert [json.loads(line.split(":", 1)[1]) for line in lines] == [extra["stack"]] * 2
