"""The set-up, with a Python in `.venv` that only says what it was asked."""

import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]

_PYTHON = """#!{python}
import json, pathlib, sys
root = pathlib.Path(__file__).resolve().parents[2]
program = " ".join(sys.argv[1:])
answers = json.loads((root / "answers.json").read_text())
asked = next(key for key in answers if key in program)
with (root / "asked").open("a") as log:
    log.write(asked + "\\n")
with (root / "programs").open("a") as log:
    log.write(program + "\\n")
says, codes = answers[asked]
print(says)
code = codes.pop(0) if len(codes) > 1 else codes[0]
(root / "answers.json").write_text(json.dumps(answers))
sys.exit(code)
"""


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


setup = load(ROOT / "scripts" / "setup.py")


class Clone:
    """A clone with a `.venv` whose Python plays its part."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "scripts").mkdir(parents=True)
        (root / "requirements").mkdir()
        for name in setup.RESTS_ON:
            shutil.copy(ROOT / name, root / name)
        python = root / ".venv" / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.write_text(_PYTHON.format(python=sys.executable))
        python.chmod(0o755)
        version = ".".join(map(str, sys.version_info[:3]))
        (root / ".venv" / "pyvenv.cfg").write_text(f"version = {version}\n")
        self.program = root / "bin" / "terraform"
        self.program.parent.mkdir()
        self.program.touch()
        self.answers: dict[str, Any] = {
            "--require-hashes": ["installed", [0]],
            "--editable": ["installed", [0]],
            "find_provider": ["a folder, 5.100.0", [0]],
            "find_terraform": [f"Terraform 1.11.4, {self.program}", [0]],
            "warm_up": ["", [0]],
        }

    def run(self, **variables: str) -> subprocess.CompletedProcess[str]:
        (self.root / "answers.json").write_text(json.dumps(self.answers))
        (self.root / "asked").unlink(missing_ok=True)
        return subprocess.run(
            [sys.executable, str(self.root / "scripts" / "setup.py")],
            env={"PATH": os.environ["PATH"], "HOME": str(self.root), **variables},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def asked(self) -> list[str]:
        file = self.root / "asked"
        return file.read_text().splitlines() if file.exists() else []


ALL = ["--require-hashes", "--editable", "find_terraform", "find_provider", "warm_up"]


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path / "clone")


def test_every_step_once_then_none(clone: Clone) -> None:
    first = clone.run()
    assert first.returncode == 0, first.stderr
    assert clone.asked() == ALL
    assert "Terraform 1.11.4" in first.stdout
    assert "\r" not in first.stdout, "no running count without a terminal"
    second = clone.run()
    assert (second.returncode, second.stdout, clone.asked()) == (0, "", [])


def test_the_stamp_is_enough_the_second_time(clone: Clone) -> None:
    assert clone.run().returncode == 0
    setup_of_clone = setup.Setup(clone.root, setup.Console(live=False))
    assert setup_of_clone.is_done()


@pytest.mark.parametrize("changed", setup.RESTS_ON)
def test_a_change_of_what_it_rests_on_runs_it_again(clone: Clone, changed: str) -> None:
    assert clone.run().returncode == 0
    with (clone.root / changed).open("a") as file:
        file.write("\n# changed\n")
    assert clone.run().returncode == 0
    assert clone.asked() == ALL


def test_a_program_that_has_gone_runs_it_again(clone: Clone) -> None:
    assert clone.run().returncode == 0
    clone.program.unlink()
    assert clone.run().returncode == 0
    assert clone.asked() == ALL


def test_a_moved_clone_is_set_up_again(clone: Clone) -> None:
    assert clone.run().returncode == 0
    moved = clone.root.rename(clone.root.with_name("moved"))
    assert not setup.Setup(moved, setup.Console(live=False)).is_done()


def test_a_second_clone_is_left_alone(clone: Clone, tmp_path: Path) -> None:
    assert clone.run().returncode == 0
    other = Clone(tmp_path / "other")
    other.answers["--require-hashes"] = ["ERROR: no space left on device", [1]]
    assert other.run().returncode == 2
    assert clone.run().returncode == 0
    assert clone.asked() == []


def test_two_at_once_wait_for_each_other(clone: Clone) -> None:
    (clone.root / "answers.json").write_text(json.dumps(clone.answers))
    (clone.root / ".tools").mkdir()
    with (clone.root / ".tools" / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        process = subprocess.Popen(
            [sys.executable, str(clone.root / "scripts" / "setup.py")],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "waiting …\n"
        assert clone.asked() == []
    assert "for another set-up of this clone" in process.communicate(timeout=60)[0]
    assert process.returncode == 0
    assert clone.asked() == ALL


def test_a_terminal_shows_running_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    console = setup.Console(live=True)
    with console.step("packages") as notes:
        notes.append("revet")
    with pytest.raises(ValueError, match="no"), console.step("Terraform"):
        raise ValueError("no")
    shown = capsys.readouterr().out
    assert "\r\033[Kpackages         0 s" in shown
    assert "\r\033[Kpackages         revet (0 s)\n" in shown
    assert "Terraform        failed after (0 s)\n" in shown


@pytest.mark.parametrize(
    ("says", "advice"),
    [
        ("ERROR: No matching distribution found for cdktn", "pip config list"),
        ("WARNING: Retrying after connection broken", "PIP_INDEX_URL"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM", "install nothing from there"),
        ("SSLError: certificate verify failed", "PIP_CERT"),
        ("OSError: [Errno 28] No space left on device", "free some disk space"),
        ("PermissionError: [Errno 13] Permission denied", "make this folder writable"),
        ("something nobody has seen before", "read the log"),
    ],
)
def test_a_failed_pip_shows_its_tail_and_what_to_do(clone: Clone, says: str, advice: str) -> None:
    clone.answers["--require-hashes"] = [says, [1]]
    done = clone.run()
    assert done.returncode == 2
    assert "pip failed" in done.stderr
    assert says in done.stderr
    assert advice in done.stderr
    assert says in (clone.root / ".tools" / "setup.log").read_text()
    assert not (clone.root / ".venv" / "setup-stamp.json").exists()
    clone.answers["--require-hashes"] = ["installed", [0]]
    assert clone.run().returncode == 0, "the next run goes on"


def test_the_tail_is_that_of_the_step_that_failed(clone: Clone) -> None:
    clone.answers["warm_up"] = ["Node says no", [1]]
    done = clone.run()
    assert done.returncode == 2
    assert "CDK Terrain does not start\n  Node says no" in done.stderr
    assert "installed" not in done.stderr


def test_a_named_terraform_that_is_no_good_is_not_replaced(clone: Clone) -> None:
    clone.answers["find_terraform"] = ["Terraform 1.9.8 is too old", [3]]
    done = clone.run(TERRAFORM_BINARY_NAME="terraform-old")
    assert done.returncode == 3
    assert "Terraform 1.9.8 is too old" in done.stderr


def test_a_missing_terraform_is_fetched(clone: Clone) -> None:
    clone.answers["find_terraform"] = [f"Terraform 1.11.4, {clone.program}", [3, 0]]
    done = clone.run(REVET_TERRAFORM_MIRROR="https://127.0.0.1:9")
    assert done.returncode == 2
    assert "Terraform cannot be fetched" in done.stderr
    (clone.root / "scripts" / "fetch_terraform.py").write_text("print('fetched')\n")
    done = clone.run()
    assert done.returncode == 0, done.stderr
    assert clone.asked().count("find_terraform") == 2
    assert "not pinned" not in done.stdout


def test_an_archive_that_is_not_pinned_is_said(clone: Clone) -> None:
    clone.answers["find_terraform"] = [f"Terraform 1.11.4, {clone.program}", [3, 0]]
    (clone.root / "scripts" / "fetch_terraform.py").write_text("print('not pinned: …')\n")
    done = clone.run()
    assert done.returncode == 0, done.stderr
    assert "its checksum is not pinned" in done.stdout


def test_node_comes_from_its_package_where_the_path_has_none(
    clone: Clone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = tmp_path / "node" / "node"
    node.parent.mkdir()
    monkeypatch.setenv("PATH", str(node.parent))
    assert setup.find_node() == (None, "")
    for version, found in (("v20.19.0", None), ("v22.11.0", node), ("v24.1.0", node), ("?", None)):
        node.write_text(f"#!{sys.executable}\nprint({version!r})\n")
        node.chmod(0o755)
        assert setup.find_node()[0] == found, version


def test_a_python_that_is_too_old_is_told_so() -> None:
    with pytest.raises(setup.MissingError, match=r"Python 3\.10\.4 is too old") as caught:
        setup.require_python((3, 10, 4))
    assert caught.value.exit_code == 3
    setup.require_python((3, 11, 0))
    setup.require_python((4, 0, 0))


def test_the_stamp_rests_on_every_file_of_requirements() -> None:
    there = {str(path.relative_to(ROOT)) for path in (ROOT / "requirements").iterdir()}
    assert there <= set(setup.RESTS_ON)


def test_only_hashed_wheels_are_fetched_and_revet_is_built_from_what_is_there(clone: Clone) -> None:
    assert clone.run(PATH="/nonexistent").returncode == 0
    fetched, built = [
        line.split() for line in (clone.root / "programs").read_text().splitlines() if "pip" in line
    ]
    assert fetched[2] == "install"
    assert "--require-hashes --only-binary :all:" in " ".join(fetched)
    named = [fetched[at + 1] for at, word in enumerate(fetched) if word == "-r"]
    assert named == [*setup.PACKAGES, setup.NODE_PACKAGE], "there is no Node on this `PATH`"
    assert {"--no-index", "--no-deps", "--no-build-isolation"} <= set(built)


def wheel(folder: Path) -> Path:
    path = folder / "planted-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("planted.py", "")
        archive.writestr("planted-1.0.dist-info/METADATA", "Name: planted\nVersion: 1.0\n")
        archive.writestr("planted-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr("planted-1.0.dist-info/RECORD", "")
    return path


@pytest.mark.parametrize(
    ("pinned", "installed"),
    [("planted==1.0 --hash=sha256:{sum}", 1), ("planted==1.0 --hash=sha256:{other}", 0),
     ("planted==1.0", 0)],
)  # fmt: skip
def test_pip_refuses_what_the_hashes_do_not_hold(
    clone: Clone, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, pinned: str, installed: int
) -> None:
    digest = hashlib.sha256(wheel(tmp_path).read_bytes()).hexdigest()
    (clone.root / setup.PACKAGES[0]).write_text(pinned.format(sum=digest, other="0" * 64))
    for name in (*setup.PACKAGES[1:], setup.NODE_PACKAGE):
        (clone.root / name).write_text("")
    target = tmp_path / "target"
    python = clone.root / ".venv/bin/python"
    python.write_text(
        f'#!/bin/sh\ncase "$*" in *--editable*) exit 0 ;; esac\n'
        f'exec {sys.executable} "$@" --target {target}\n'
    )
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    one = setup.Setup(clone.root, setup.Console(live=False))
    one.tools.mkdir()
    if installed:
        one._packages()
        assert (target / "planted.py").exists()
        return
    with pytest.raises(setup.SetupError, match="install nothing from there"):
        one._packages()
    assert not target.exists()


def test_a_folder_that_cannot_be_written_to(clone: Clone) -> None:
    (clone.root / ".tools").write_text("a file")
    done = clone.run()
    assert done.returncode == 3
    assert "cannot be written to" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_environment_of_another_python_is_made_anew(clone: Clone) -> None:
    (clone.root / ".venv" / "pyvenv.cfg").write_text("version = 3.11.0rc1\n")
    done = clone.run(PIP_NO_INDEX="1")
    assert "environment" in done.stdout
    assert (clone.root / ".venv" / "pyvenv.cfg").read_text() != "version = 3.11.0rc1\n"
    assert done.returncode == 2, "pip has no index here"


def test_the_makefile_finds_a_python_and_names_its_absence() -> None:
    done = subprocess.run(
        ["make", "-n", "setup"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "scripts/setup.py" in done.stdout
    done = subprocess.run(
        ["make", "setup", "PYTHON="], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "no Python 3.11 or newer" in done.stderr
