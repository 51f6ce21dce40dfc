"""Other people's tools, each in an environment of its own, so that both run in one session."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CHECKOV = "checkov==3.3.30"
PARLIAMENT = "parliament==1.6.4"


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
