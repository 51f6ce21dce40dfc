"""What a control is, apart from the code that judges it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from revet.model.finding import Severity


@dataclass(frozen=True, slots=True)
class ControlMeta:
    """The description of one control; the id is folder + file, the same everywhere.

    Args:
        id: for example `s3-bucket-versioning`.
        title: the good state, one line ("buckets keep every version of an object").
        severity: how bad a failure is.
        required: the good state in the terms of the resource, one sentence.
        impact: what a deviation makes possible, one sentence.
        fix: Terraform configuration that repairs it.
        fix_construct: the same with revet's constructs; empty where there is none.
        resources: Terraform types that it judges; empty: the plan as a whole.
        deviations: names of the deviations in `docs/deviations.toml` that it catches.
        settings: parameters of the rule with their defaults.
        deprecated: id of the control that replaces it, or the reason; empty while in use.
        labels_only: whether it judges tags or names alone: a resource that only such controls
            judged counts as not looked at.
        readings: what it judges: a `plan`, a `state`, an `account`; empty: all of them.
    """

    id: str
    title: str
    severity: Severity
    required: str
    impact: str
    fix: str
    fix_construct: str = ""
    resources: tuple[str, ...] = ()
    deviations: tuple[str, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)
    deprecated: str = ""
    labels_only: bool = False
    readings: tuple[str, ...] = ()

    @property
    def judged_by(self) -> tuple[str, ...]:
        """The commands that judge by it: `check` a plan or a state, `verify` and `audit` accounts.

        The account of a deployed stack shows what the stack's state shows.
        """
        shown = {"check": {"plan", "state"}, "verify": {"state", "account"}, "audit": {"account"}}
        own = set(self.readings) or {"plan", "state", "account"}
        return tuple(command for command, readings in shown.items() if own & readings)
