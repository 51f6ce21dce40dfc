"""The outputs of a stack."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import cdktn
from constructs import Construct

from revet.constructs.arguments import refuse
from revet.constructs.context import Context
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
        ArgumentError: no value, or a name that is not lower case with underscores.
    """

    def __init__(self, scope: Construct, construct_id: str, *, values: Mapping[str, Any]) -> None:
        context = Context.of(scope)
        if not values:
            refuse("values", values, "at least one", "say what others need")
        for name in values:
            if not _NAME.fullmatch(name):
                refuse("values", name, "names of `a-z`, `0-9` and `_`, a letter first", "rename it")
        super().__init__(scope, construct_id)
        for name, value in values.items():
            output = cdktn.TerraformOutput(self, name, value=value)
            output.override_logical_id(name)
        context.records.append(make_record(self, "revet.Outputs", ()))
