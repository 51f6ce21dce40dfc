"""Other people's tools, each in an environment of its own, so that both run in one session."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CHECKOV = "checkov==3.3.30"


def checkov(tools: Path) -> Path:
    """Checkov's program, installed from the package index when it is not there yet.

    Args:
        tools: folder for tools of this project.
    """
    home = tools / "peers" / CHECKOV
    program = home / "bin" / "checkov"
    if not program.exists():
        print(f"installing {CHECKOV} beside the project, once …", flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        install = [str(home / "bin" / "python"), "-m", "pip", "install", "-qq", CHECKOV]
        subprocess.run(install, check=True)
    return program
