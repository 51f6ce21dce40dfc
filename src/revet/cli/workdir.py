"""Where a stack's files lie: `.revet/<stack>/<target>/`, of a rehearsal `…/rehearsal/`."""

from __future__ import annotations

from pathlib import Path

from revet.cli.project import find_project

FOLDER = ".revet"
VERDICT = "verdict.json"
REPORT = "report.html"
OUTPUTS = "outputs.json"
STATE = "terraform.tfstate"
KEPT = ".kept"
"""Says that what is deployed is a rehearsal's, left with `--keep`."""
REHEARSAL = "rehearsal"
CHECK = "check"


def home(root: Path | None = None) -> Path:
    """The folder of all our files, beside `revet.toml` or in the current folder.

    Args:
        root: folder of the project; found by its `revet.toml` when it is not given.

    Raises:
        ConfigError: the `revet.toml` that holds here is wrong.
    """
    return (root or find_project().root) / FOLDER


def workdir(stack: str, target: str, root: Path | None = None) -> Path:
    """The folder of one stack on one target.

    Args:
        stack: its name.
        target: `embedded`, `aws`, or `rehearsal` and `check` for runs that leave nothing there.
        root: folder of the project; found by its `revet.toml` when it is not given.
    """
    return home(root) / stack / target


def embedded_state(root: Path | None = None) -> Path:
    """The state of the embedded AWS that `revet aws` controls and `deploy` uses.

    Args:
        root: folder of the project; found by its `revet.toml` when it is not given.
    """
    return home(root) / "aws"
