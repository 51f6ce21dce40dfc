"""Naming."""

from __future__ import annotations

import re

from revet.gate.catalog import control
from revet.gate.readings.resource_names import (
    is_prescribed,
    name_of,
    named_types,
    possible_names,
    spellings,
)
from revet.model.errors import InputError
from revet.model.finding import Outcome, Severity, compliant, noncompliant, unknown
from revet.plan import Inventory, Resource


@control(
    title="names follow the convention",
    severity=Severity.LOW,
    resource=named_types(),
    required=(
        "the whole name matches the regular expression `pattern`, not counting what AWS itself "
        "asks for, such as `alias/`, `/aws/<service>/` and `.fifo`"
    ),
    impact="nobody can tell what a resource belongs to, and policies by name miss it",
    fix="""# settings: pattern = "tap-[a-z0-9-]+-dev"
resource "aws_sns_topic" "alarms" {
  name = "tap-alarms-dev"
}""",
    deviations=("inconsistent-names",),
    labels_only=True,
)
def rule(resource: Resource, inventory: Inventory, *, pattern: str) -> Outcome:
    """Account and region may be left open in a name; any twelve digits, any region must then do."""
    del inventory
    try:
        convention = re.compile(pattern)
    except re.error as error:
        raise InputError(
            "the setting `pattern` is not a valid regular expression",
            got=f"`{pattern}`: {error}",
            do="correct it under `[settings.terraform-names]`",
        ) from error
    if is_prescribed(resource):
        return compliant("AWS prescribes the name")
    names = possible_names(resource)
    if not names:
        return noncompliant("the provider makes the name up", paths=(name_of(resource),))
    wrong = [name for name in names if not any(map(convention.fullmatch, spellings(name)))]
    if not wrong:
        return compliant(f"`{names[0]}` matches")
    if len(wrong) < len(names):
        return unknown(
            f"`{wrong[0]}` would not match, another account, region or time would",
            resolve="let the pattern take any account and region, or write them into the name",
            paths=(name_of(resource),),
        )
    return noncompliant(f"`{wrong[0]}` does not match", paths=(name_of(resource),))
