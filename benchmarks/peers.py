"""Other people's tools, each in an environment of its own, so that both run in one session."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

CHECKOV = "checkov==3.3.30"
PARLIAMENT = "parliament==1.6.4"
IAM_SIMULATE = "@cloud-copilot/iam-simulate@0.1.173"


def checkov(tools: Path) -> Path:
    """Checkov's program, installed from the package index when it is not there yet.

    Args:
        tools: folder for tools of this project.
    """
    return python_of(tools, CHECKOV).parent / "checkov"


def python_of(tools: Path, requirement: str) -> Path:
    """The Python of an environment that holds one package, made when it is not there yet.

    Args:
        tools: folder for tools of this project.
        requirement: package and version.
    """
    home = tools / "peers" / requirement
    python = home / "bin" / "python"
    done = home / "installed"
    if not done.exists():
        print(f"installing {requirement} beside the project, once …", flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        install = [str(python), "-m", "pip", "install", "-qq", requirement, "setuptools<81"]
        subprocess.run(install, check=True)
        done.touch()
    return python


def iam_simulate(tools: Path) -> tuple[str, Path] | None:
    """Node and the folder that holds iam-simulate, installed from npm when it is not there yet.

    It is under the AGPL: run as a program of its own, never part of this project.

    Args:
        tools: folder for tools of this project.

    Returns:
        `None` when there is no Node with npm.
    """
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    home = tools / "peers" / IAM_SIMULATE.replace("/", "-").lstrip("@")
    done = home / "installed"
    if not done.exists():
        print(f"installing {IAM_SIMULATE} beside the project, once …", flush=True)
        home.mkdir(parents=True, exist_ok=True)
        install = [npm, "install", "--silent", "--no-save", "--prefix", str(home), IAM_SIMULATE]
        subprocess.run(install, check=True)
        done.touch()
    return node, home
