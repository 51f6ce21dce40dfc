"""Variables of Terraform, for programs whose stack is handed on as HCL."""

from __future__ import annotations

import re
from typing import Any

import cdktn
from constructs import Construct

from revet.constructs.arguments import check_choice, check_flag, check_match, check_text
from revet.constructs.blocks import blocks
from revet.constructs.placement import check_scope

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_TYPES = (
    "string",
    "number",
    "bool",
    "list(string)",
    "set(string)",
    "map(string)",
    "list(number)",
)
_MESSAGE = re.compile(r"[A-Z].*[.?]", re.DOTALL)


def variable(
    scope: Construct,
    name: str,
    *,
    type: str,  # noqa: A002 - Terraform's own word
    description: str,
    condition: str,
    error_message: str,
    default: Any = None,  # noqa: ANN401 - a value of the variable's type
    sensitive: bool = False,
) -> cdktn.TerraformVariable:
    """Ask whoever runs Terraform for a value: described, typed and validated.

    What constructs check at construction they cannot check of a variable, which has no value yet;
    the condition takes that place.

    Args:
        scope: the stack, or a construct in it.
        name: of the variable, in Terraform too: `a-z`, `0-9` and `_`, a letter first.
        type: `string`, `number`, `bool`, `list(string)`, …
        description: what is asked for.
        condition: an expression of Terraform over `var.NAME`, which is true of a value that is
            allowed, without `${…}` around it.
        error_message: what is allowed, a sentence.
        default: the value where none is given; without one, a value must be given.
        sensitive: whether Terraform keeps the value out of what it prints.

    Returns:
        The variable: `string_value`, `list_value`, `number_value` and so on are references to it.

    Raises:
        ArgumentError: an argument that is not allowed.
    """
    check_scope(scope, name)
    check_match("name", name, _NAME, "`a-z`, `0-9` and `_`, a letter first", "rename it")
    check_choice("type", type, _TYPES)
    check_text("description", description, 1, 1024, "say what is asked for")
    check_text("condition", condition, 1, 4096, f"write one over `var.{name}`")
    check_match(
        "condition",
        condition,
        _about(name),
        f"an expression over `var.{name}`",
        "name the variable",
    )
    check_match(
        "error_message",
        error_message,
        _MESSAGE,
        "a sentence with its full stop",
        "say what is allowed",
    )
    check_flag("sensitive", sensitive)
    made = cdktn.TerraformVariable(
        scope,
        name,
        type=type,
        description=description,
        default=default,
        sensitive=sensitive or None,
        nullable=False,
        validation=blocks(
            cdktn.TerraformVariableValidationConfig(
                condition=f"${{{condition}}}", error_message=error_message
            )
        ),
    )
    made.override_logical_id(name)
    return made


def _about(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?!\$\{{).*\bvar\.{re.escape(name)}\b.*", re.DOTALL)
