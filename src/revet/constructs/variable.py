"""Variables of Terraform, for what whoever deploys a stack decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import cdktn
from constructs import Construct

from revet.constructs.arguments import check_choice, check_text, refuse
from revet.constructs.context import keep_record, set_target_versions
from revet.constructs.placement import check_id
from revet.constructs.record import make_record

_TYPES = ("bool", "list(string)", "number", "string")


class Variable(Construct):
    """A variable with a description, a type, a default and checks.

    Makes a Terraform variable. It may be made before the stack has a context, so that
    names and tags can be made of it.

    Args:
        scope: the stack.
        construct_id: name of the variable, with hyphens for its underscores.
        description: what it says, for whoever sets it.
        type: Terraform's: `string`, `number`, `bool` or `list(string)`.
        default: what holds where nobody sets it.
        checks: condition to message; a condition is an expression of Terraform that may name this
            variable and nothing else.

    Raises:
        ArgumentError: a type or check that Terraform does not take.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        description: str,
        type: str,  # noqa: A002 - Terraform's name
        default: object,
        checks: Mapping[str, str],
    ) -> None:
        check_id(scope, construct_id)
        check_text("description", description, 1, 1000, "say what it decides")
        check_choice("type", type, _TYPES)
        if default is None:
            refuse("default", default, "a value", "say what holds where nobody sets it")
        if not isinstance(checks, Mapping) or not checks:
            refuse("checks", checks, "at least one condition with its message", "say what it takes")
        stack = cdktn.TerraformStack.of(scope)
        set_target_versions(stack)
        super().__init__(scope, construct_id)
        self.resource = cdktn.TerraformVariable(
            self,
            "variable",
            description=description,
            type=type,
            default=default,
            nullable=False,
            validation=[
                cdktn.TerraformVariableValidationConfig(
                    condition=f"${{{condition}}}", error_message=message
                )
                for condition, message in checks.items()
            ],
        )
        name = construct_id.replace("-", "_")
        self.resource.override_logical_id(name)
        self.expression = f"var.{name}"
        keep_record(stack, make_record(self, "revet.Variable", ()))

    @property
    def text(self) -> str:
        """The variable as part of a text."""
        value: Any = self.resource.string_value
        return str(value)
