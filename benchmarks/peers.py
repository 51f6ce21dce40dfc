"""Other people's tools, each in an environment of its own, so that both run in one session."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

CHECKOV = "checkov==3.3.30"
PARLIAMENT = "parliament==1.6.4"
IAM_SIMULATE = "@cloud-copilot/iam-simulate@0.1.173"


class MissingPeerError(Exception):
    """A peer is not there and cannot be installed, so that there is nothing to compare with."""


def checkov(tools: Path) -> Path:
    """Checkov's program, installed from the package index when it is not there yet.

    Args:
        tools: folder for tools of this project.

    Raises:
        MissingPeerError: it cannot be installed.
    """
    return python_of(tools, CHECKOV).parent / "checkov"


def python_of(tools: Path, requirement: str) -> Path:
    """The Python of an environment that holds one package, made when it is not there yet.

    Args:
        tools: folder for tools of this project.
        requirement: package and version.

    Raises:
        MissingPeerError: it cannot be installed.
    """
    home = tools / "peers" / requirement
    python = home / "bin" / "python"
    done = home / "installed"
    if not done.exists():
        print(f"installing {requirement} beside the project, once …", flush=True)
        _install([sys.executable, "-m", "venv", str(home)], requirement)
        pip = [str(python), "-m", "pip", "install", "-qq"]
        _install([*pip, requirement, "setuptools<81"], requirement)
        done.touch()
    return python


def _install(command: list[str], peer: str) -> None:
    try:
        subprocess.run(command, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        message = f"{peer} cannot be installed: {error}"
        raise MissingPeerError(message) from error


def iam_simulate(tools: Path) -> tuple[str, Path]:
    """Node and the folder that holds iam-simulate, installed from npm when it is not there yet.

    It is under the AGPL: run as a program of its own, never part of this project.

    Args:
        tools: folder for tools of this project.

    Raises:
        MissingPeerError: there is no Node with npm, or it cannot be installed.
    """
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        message = f"{IAM_SIMULATE} needs Node with npm"
        raise MissingPeerError(message)
    home = tools / "peers" / IAM_SIMULATE.replace("/", "-").lstrip("@")
    done = home / "installed"
    if not done.exists():
        print(f"installing {IAM_SIMULATE} beside the project, once …", flush=True)
        home.mkdir(parents=True, exist_ok=True)
        install = [npm, "install", "--silent", "--no-save", "--prefix", str(home), IAM_SIMULATE]
        _install(install, IAM_SIMULATE)
        done.touch()
    return node, home
