"""What a plan is judged against: the options of a call, then those of `revet.toml`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from revet.cli.options import FailOn
from revet.gate.attack_file import read_attacks
from revet.gate.baseline import Baseline, load_baseline
from revet.gate.frameworks import named_frameworks
from revet.gate.properties import Property, read_properties
from revet.gate.requirements import load_requirements
from revet.gate.waivers import load_waivers
from revet.model.attack import Attack
from revet.model.finding import Severity
from revet.model.framework import Framework
from revet.model.requirement import RequirementSet
from revet.model.verdict import Waiver


@dataclass(frozen=True, slots=True)
class Judging:
    """What a plan is judged against, as the user names it.

    Args:
        requirements: requirements file.
        baseline: name of one of ours, or path of a TOML file.
        waivers: waiver file.
        fail_on: least severity that blocks.
        time_limit: seconds that judging may take; None for a limit that grows with the plan.
        frameworks: ids of those whose rows the verdict speaks of.
        properties: properties file, whose properties prove the requirements.
        attacks: attacks file, whose attacks try the requirements.
        flow: flow file, which a rehearsal sends through what is deployed.
    """

    requirements: Path | None = None
    baseline: str | None = None
    waivers: Path | None = None
    fail_on: FailOn | None = None
    time_limit: float | None = None
    frameworks: tuple[str, ...] = ()
    properties: Path | None = None
    attacks: Path | None = None
    flow: Path | None = None

    def over(self, other: Judging) -> Judging:
        """These, and where one is not given the other's.

        Properties, attacks and a flow go with their requirements.
        """
        same = self.requirements in (None, other.requirements)
        return Judging(
            self.requirements or other.requirements,
            self.baseline or other.baseline,
            self.waivers or other.waivers,
            self.fail_on or other.fail_on,
            other.time_limit if self.time_limit is None else self.time_limit,
            self.frameworks or other.frameworks,
            self.properties or (other.properties if same else None),
            self.attacks or (other.attacks if same else None),
            self.flow or (other.flow if same else None),
        )

    @property
    def severities(self) -> tuple[Severity, ...]:
        """The severities that block."""
        return (self.fail_on or FailOn.LOW).severities

    def load(self) -> Loaded:
        """Read the files.

        Raises:
            ConfigError: one cannot be read, or is wrong.
            UsageError: there is no such framework.
        """
        return Loaded(
            load_requirements(self.requirements) if self.requirements else None,
            load_baseline(self.baseline) if self.baseline else None,
            load_waivers(self.waivers) if self.waivers else (),
            self.severities,
            self.time_limit,
            named_frameworks(self.frameworks),
            tuple(read_properties(self.properties)) if self.properties else (),
            tuple(read_attacks(self.attacks)) if self.attacks else (),
        )


@dataclass(frozen=True, slots=True)
class Loaded:
    """The same, read.

    Args:
        requirements: rows to gather evidence for.
        baseline: which controls run.
        waivers: findings that somebody answers for.
        fail_on: severities that block.
        time_limit: seconds that judging may take; None for a limit that grows with the plan.
        frameworks: whose rows the verdict speaks of.
        properties: what must hold for all requests.
        attacks: requests and what they must meet with.
    """

    requirements: RequirementSet | None
    baseline: Baseline | None
    waivers: tuple[Waiver, ...]
    fail_on: tuple[Severity, ...]
    time_limit: float | None = None
    frameworks: tuple[Framework, ...] = ()
    properties: tuple[Property, ...] = ()
    attacks: tuple[Attack, ...] = ()


def timestamp(moment: dt.datetime) -> str:
    """A moment in UTC as ISO 8601, to the second."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
