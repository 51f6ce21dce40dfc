"""One stack, and what it is judged against."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from revet.gate.baseline import Baseline
from revet.gate.properties import Property
from revet.model.attack import Attack
from revet.model.finding import Severity
from revet.model.framework import Framework
from revet.model.requirement import RequirementSet
from revet.model.verdict import Waiver
from revet.rehearsal.flow.definition import Flow
from revet.target.permits import NOTHING, Permits


@dataclass(frozen=True, slots=True)
class StackInput:
    """One stack and what it is judged against.

    Args:
        name: of the stack, as reports show it.
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
        properties: what must hold for all requests.
        attacks: requests and what they must meet with.
        flow: what is sent while everything is deployed; None for nothing.
    """

    name: str
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
    properties: tuple[Property, ...] = ()
    attacks: tuple[Attack, ...] = ()
    flow: Flow | None = None
