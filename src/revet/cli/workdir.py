"""Where a stack's files lie: `.revet/<stack>/<target>/`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from revet.cli.project import find_project

if TYPE_CHECKING:
    from revet.model.verdict import Verdict

FOLDER = ".revet"
VERDICT = "verdict.json"
REPORT = "report.html"
OUTPUTS = "outputs.json"


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
        target: `embedded` or `aws`.
        root: folder of the project; found by its `revet.toml` when it is not given.
    """
    return home(root) / stack / target


def embedded_state(root: Path | None = None) -> Path:
    """The state of the embedded AWS that `revet aws` controls and `deploy` uses.

    Args:
        root: folder of the project; found by its `revet.toml` when it is not given.
    """
    return home(root) / "aws"


def keep(directory: Path, verdict: Verdict) -> None:
    """Write a verdict and its page into a working folder.

    Args:
        directory: of the stack on its target.
        verdict: what was found out.
    """
    from revet.report import render_html, render_json  # noqa: PLC0415 - not to parse a call

    (directory / VERDICT).write_text(render_json(verdict), encoding="utf-8")
    (directory / REPORT).write_text(render_html(verdict), encoding="utf-8")
