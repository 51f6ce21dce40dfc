"""The working folder of one stack on one target, and the files in it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from revet.files import (
    OUTPUTS,
    REPORT,
    STATE,
    VERDICT,
    make_working_folder,
    private_folder,
    replace_file,
)
from revet.model.verdict import Verdict
from revet.report import render_html, render_json


@dataclass(frozen=True, slots=True)
class Folder:
    """The working folder of one stack on one target: `.revet/<stack>/<target>/`.

    Args:
        path: of the folder.
    """

    path: Path

    @property
    def plan(self) -> Path:
        """The saved plan."""
        return self.path / "plan.bin"

    @property
    def plan_json(self) -> Path:
        """The same plan as JSON."""
        return self.path / "plan.json"

    @property
    def second_plan(self) -> Path:
        """The plan that must find nothing to do."""
        return self.path / "second-plan.bin"

    @property
    def check(self) -> Path:
        """The gate's verdict on the plan."""
        return self.path / "check.json"

    @property
    def state(self) -> Path:
        """Terraform's state, for targets that keep it in a file."""
        return self.path / STATE

    @property
    def outputs(self) -> Path:
        """The outputs, one flat JSON object."""
        return self.path / OUTPUTS

    @property
    def calls(self) -> Path:
        """The API calls that an embedded target recorded."""
        return self.path / "calls.jsonl"

    @property
    def private(self) -> Path:
        """The folder outside the project for what is executed or believed; made if need be.

        Raises:
            PrerequisiteError: it cannot be made, or is not private.
        """
        return private_folder(self.path)

    def make(self) -> None:
        """Make the folder, readable by its owner only: plans and states may hold secrets.

        Raises:
            PrerequisiteError: it cannot be made, or a link in it leads elsewhere.
        """
        make_working_folder(self.path)

    def keep_verdict(self, verdict: Verdict) -> None:
        """Write `verdict.json` and `report.html`.

        Args:
            verdict: the whole verdict.
        """
        replace_file(self.path / VERDICT, render_json(verdict))
        replace_file(self.path / REPORT, render_html(verdict))

    def keep_outputs(self, outputs: dict[str, Any]) -> None:
        """Write the outputs as one flat JSON object, readable by their owner only.

        Args:
            outputs: name to value, without sensitive ones.
        """
        replace_file(self.outputs, json.dumps(outputs, indent=2, sort_keys=True) + "\n")
