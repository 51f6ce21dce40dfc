"""The outputs of a stack."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import cdktn
from constructs import Construct

from revet.constructs.arguments import check_match, refuse
from revet.constructs.placement import place
from revet.constructs.record import make_record

_NAME = re.compile(r"[a-z][a-z0-9_]*")


class Outputs(Construct):
    """What other stacks and tests read from a stack, under plain names (`terraform-outputs`).

    Makes one Terraform output for each value.

    Args:
        scope: the stack.
        construct_id: id in the scope.
        values: name to value; texts, numbers, lists of texts, or references.

    Raises:
        ArgumentError: no value, an empty one, or a name that is not lower case with underscores.
    """

    def __init__(self, scope: Construct, construct_id: str, *, values: Mapping[str, Any]) -> None:
        context = place(scope, construct_id)
        _check(values)
        super().__init__(scope, construct_id)
        for name, value in values.items():
            cdktn.TerraformOutput(self, name, value=value, static_id=True)
        context.records.append(make_record(self, "revet.Outputs", ()))


def _check(values: object) -> None:
    if not isinstance(values, Mapping) or not values:
        refuse("values", values, "names and values, at least one", "say what others need")
    for name, value in values.items():
        form = "names of `a-z`, `0-9` and `_`, a letter first"
        check_match("values", name, _NAME, form, "rename it")
        if value is None or value == "":
            refuse(f"values[{name!r}]", value, "a value or a reference", "give it a value")
