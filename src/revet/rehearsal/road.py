"""What the road takes, and where its files lie."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from revet.files import make_working_folder, private_folder, replace_file
from revet.gate.baseline import Baseline
from revet.model.finding import Severity
from revet.model.framework import Framework
from revet.model.requirement import RequirementSet
from revet.model.verdict import Verdict, Waiver
from revet.report import render_html, render_json
from revet.target.permits import NOTHING, Permits


@dataclass(frozen=True, slots=True)
class RoadInput:
    """One stack and what it is judged against.

    Args:
        stack: its name, as reports show it.
        directory: folder with its configuration. Terraform writes into it, and so does a backend
            override: pass a synthesis or a copy, not the folder that a user keeps in git.
        synth_json: the `cdk.tf.json` in it; None for configuration written by hand.
        requirements: rows that need evidence.
        baseline: which controls run and with which settings; all with their defaults without one.
        waivers: findings that somebody answers for.
        fail_on: severities that block.
        region: primary region; asked where neither state nor plan says one.
        time_limit: seconds that judging a plan may take; None for a limit that grows with it.
        synth_seconds: how long the synthesis took; 0 where there was none.
        permits: what may run besides Terraform and the AWS provider.
        root: folder of ours that holds `directory` with the modules beside it; `directory` itself
            where there are none beside it.
        frameworks: whose rows the verdict speaks of.
    """

    stack: str
    directory: Path
    synth_json: Path | None = None
    requirements: RequirementSet | None = None
    baseline: Baseline | None = None
    waivers: tuple[Waiver, ...] = ()
    fail_on: tuple[Severity, ...] = tuple(Severity)
    region: str = "us-east-1"
    time_limit: float | None = None
    synth_seconds: float = 0.0
    permits: Permits = NOTHING
    root: Path | None = None
    frameworks: tuple[Framework, ...] = ()


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
        return self.path / "terraform.tfstate"

    @property
    def outputs(self) -> Path:
        """The outputs, one flat JSON object."""
        return self.path / "outputs.json"

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
        replace_file(self.path / "verdict.json", render_json(verdict))
        replace_file(self.path / "report.html", render_html(verdict))

    def keep_outputs(self, outputs: dict[str, Any]) -> None:
        """Write the outputs as one flat JSON object, readable by their owner only.

        Args:
            outputs: name to value, without sensitive ones.
        """
        replace_file(self.outputs, json.dumps(outputs, indent=2, sort_keys=True) + "\n")
